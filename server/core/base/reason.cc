#include "server/core/base/reason.h"

#include <array>
#include <cstddef>

namespace relais {
namespace {

struct Traits {
  std::string_view name;
  Repeating repeating;
};

// In the order of the enum, whose first value is 1.
constexpr std::array kTraits = {
    Traits{"INVALID_REQUEST", Repeating::kNeverHelps},
    Traits{"INVALID_PAGE_TOKEN", Repeating::kNeverHelps},
    Traits{"INVALID_RESUME_TOKEN", Repeating::kNeverHelps},
    Traits{"CONNECTION_NOT_FOUND", Repeating::kNeverHelps},
    Traits{"NOT_PERMITTED_BY_CONFIGURATION", Repeating::kNeverHelps},
    Traits{"CALLER_DEADLINE", Repeating::kNeverHelps},
    Traits{"CALLER_CANCELLED", Repeating::kNeverHelps},
    Traits{"GATEWAY_DRAINING", Repeating::kHelps},
    Traits{"GATEWAY_INTERNAL", Repeating::kNeverHelps},
    Traits{"UPSTREAM_REJECTED_REQUEST", Repeating::kNeverHelps},
    Traits{"GATEWAY_CREDENTIAL_REJECTED", Repeating::kNeverHelps},
    Traits{"ACCESS_DENIED", Repeating::kNeverHelps},
    Traits{"RESOURCE_NOT_FOUND", Repeating::kNeverHelps},
    Traits{"UPSTREAM_CONTRACT_BROKEN", Repeating::kNeverHelps},
    Traits{"RESOURCE_CONFLICT", Repeating::kNeverHelps},
    Traits{"RESOURCE_EXISTS", Repeating::kNeverHelps},
    Traits{"PRECONDITION_FAILED", Repeating::kNeverHelps},
    Traits{"REQUEST_OUT_OF_RANGE", Repeating::kNeverHelps},
    Traits{"UPSTREAM_RATE_LIMITED", Repeating::kHelps},
    Traits{"UPSTREAM_FAILED", Repeating::kHelpsWhenTold},
    Traits{"UPSTREAM_UNSUPPORTED", Repeating::kNeverHelps},
    Traits{"UPSTREAM_UNAVAILABLE", Repeating::kHelps},
    Traits{"UPSTREAM_TIMEOUT", Repeating::kHelps},
    Traits{"UPSTREAM_UNREACHABLE", Repeating::kHelps},
    Traits{"UPSTREAM_MALFORMED_RESPONSE", Repeating::kNeverHelps},
    Traits{"UPSTREAM_SATURATED", Repeating::kHelps},
    Traits{"DICTIONARY_NOT_AUTHORIZED", Repeating::kNeverHelps},
    Traits{"UPSTREAM_ERROR_CODE", Repeating::kNeverHelps},
    Traits{"KEYSET_NOT_ORDERED", Repeating::kNeverHelps},
    Traits{"REQUEST_ID_REUSED", Repeating::kNeverHelps},
    Traits{"REQUEST_IN_PROGRESS", Repeating::kHelps},
    Traits{"SUBMISSION_OUTCOME_UNKNOWN", Repeating::kHelpsWhenTold},
    Traits{"CHECKSUM_MISMATCH", Repeating::kNeverHelps},
    Traits{"GATEWAY_STORAGE_FULL", Repeating::kHelps},
    Traits{"ACTION_FAILED", Repeating::kNeverHelps},
    Traits{"COLUMNS_CHANGED", Repeating::kNeverHelps},
    Traits{"GATEWAY_LIMIT_REACHED", Repeating::kHelps},
    Traits{"TRANSFER_STALLED", Repeating::kNeverHelps},
};

static_assert(kTraits.size() == static_cast<std::size_t>(Reason::kTransferStalled));

const Traits& TraitsOf(Reason reason) { return kTraits[static_cast<std::size_t>(reason) - 1]; }

}  // namespace

std::string_view ReasonName(Reason reason) { return TraitsOf(reason).name; }

Repeating RepeatingAfter(Reason reason) { return TraitsOf(reason).repeating; }

absl::Span<const Reason> AllReasons() {
  static constexpr auto kAll = [] {
    std::array<Reason, kTraits.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Reason>(i + 1);
    return all;
  }();
  return kAll;
}

}  // namespace relais
