// A continuation says where a list or a stream goes on: it is what page tokens and resume tokens
// contain. A token is opaque to callers, bound to the arguments it was made for, valid on every
// instance of the gateway and after restarts. Not secret: whatever it contains is treated like any
// other input.

#ifndef RELAIS_SERVER_CORE_AIP_CONTINUATION_H_
#define RELAIS_SERVER_CORE_AIP_CONTINUATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/core/base/reason.h"

namespace relais {

struct Continuation {
  std::int64_t offset = 0;  // rows or items already given
  std::string key;          // last value of the keyset column; empty: by position
};

// The longest key that a token can hold. Whoever makes keys of what comes from elsewhere sees to
// it: what has been encoded is never refused for its length.
inline constexpr std::size_t kMostKeyBytes = 384 << 10;

// A hash of arguments that stays the same across processes.
std::uint64_t Fingerprint(std::string_view arguments);

// The error for a token that no method has returned.
absl::Status ForeignToken(Reason reason);

std::string EncodeContinuation(const Continuation& continuation, std::uint64_t fingerprint);

// Decodes a token that EncodeContinuation made with the same fingerprint. Any other text is
// INVALID_ARGUMENT with `reason` (INVALID_PAGE_TOKEN or INVALID_RESUME_TOKEN). The offset is 0 to
// kMostOffset, so that adding to it does not overflow.
inline constexpr std::int64_t kMostOffset = std::int64_t{1} << 62;
absl::StatusOr<Continuation> DecodeContinuation(std::string_view token, std::uint64_t fingerprint,
                                                Reason reason);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_CONTINUATION_H_
