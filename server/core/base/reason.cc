#include "server/core/base/reason.h"

#include <array>
#include <cstddef>

namespace relais {
namespace {

// In the order of the enum, whose first value is 1.
constexpr std::array kReasonNames = {
    "INVALID_REQUEST",
    "INVALID_PAGE_TOKEN",
    "INVALID_RESUME_TOKEN",
    "CONNECTION_NOT_FOUND",
    "NOT_PERMITTED_BY_CONFIGURATION",
    "CALLER_DEADLINE",
    "CALLER_CANCELLED",
    "GATEWAY_DRAINING",
    "GATEWAY_INTERNAL",
    "UPSTREAM_REJECTED_REQUEST",
    "GATEWAY_CREDENTIAL_REJECTED",
    "ACCESS_DENIED",
    "RESOURCE_NOT_FOUND",
    "UPSTREAM_CONTRACT_BROKEN",
    "RESOURCE_CONFLICT",
    "RESOURCE_EXISTS",
    "PRECONDITION_FAILED",
    "REQUEST_OUT_OF_RANGE",
    "UPSTREAM_RATE_LIMITED",
    "UPSTREAM_FAILED",
    "UPSTREAM_UNSUPPORTED",
    "UPSTREAM_UNAVAILABLE",
    "UPSTREAM_TIMEOUT",
    "UPSTREAM_UNREACHABLE",
    "UPSTREAM_MALFORMED_RESPONSE",
    "UPSTREAM_SATURATED",
    "DICTIONARY_NOT_AUTHORIZED",
    "UPSTREAM_ERROR_CODE",
    "KEYSET_NOT_ORDERED",
    "REQUEST_ID_REUSED",
    "REQUEST_IN_PROGRESS",
    "SUBMISSION_OUTCOME_UNKNOWN",
    "CHECKSUM_MISMATCH",
    "GATEWAY_STORAGE_FULL",
    "ACTION_FAILED",
    "COLUMNS_CHANGED",
    "GATEWAY_LIMIT_REACHED",
    "TRANSFER_STALLED",
};

static_assert(kReasonNames.size() == static_cast<std::size_t>(Reason::kTransferStalled));

}  // namespace

std::string_view ReasonName(Reason reason) {
  return kReasonNames[static_cast<std::size_t>(reason) - 1];
}

absl::Span<const Reason> AllReasons() {
  static constexpr auto kAll = [] {
    std::array<Reason, kReasonNames.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Reason>(i + 1);
    return all;
  }();
  return kAll;
}

}  // namespace relais
