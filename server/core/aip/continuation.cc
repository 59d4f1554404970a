#include "server/core/aip/continuation.h"

#include <cassert>
#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

constexpr std::string_view kVersion = "1";
// Version, two hashes and the position, each with its ":", before the key.
constexpr std::size_t kMostHeadBytes = 2 + 2 * (16 + 1) + 20 + 1;
constexpr std::size_t kMaxToken = (kMostHeadBytes + kMostKeyBytes + 2) / 3 * 4;  // in base64

// The text before the next ":", which is removed with it; none when there is no ":".
std::optional<std::string_view> TakeField(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view field = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return field;
}

absl::Status Refused(Reason reason, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, reason)
         << "The token " << View(what) << "; start again without it.";
}

}  // namespace

absl::Status ForeignToken(Reason reason) {
  return Refused(reason, "is not one that this method returned");
}

std::uint64_t Fingerprint(std::string_view arguments) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : arguments) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

std::string EncodeContinuation(const Continuation& continuation, std::uint64_t fingerprint) {
  assert(continuation.key.size() <= kMostKeyBytes);
  const std::string position = absl::StrCat(continuation.offset, ":", continuation.key);
  return absl::WebSafeBase64Escape(absl::StrCat(View(kVersion), ":", absl::Hex(fingerprint), ":",
                                                absl::Hex(Fingerprint(position)), ":", position));
}

absl::StatusOr<Continuation> DecodeContinuation(std::string_view token, std::uint64_t fingerprint,
                                                Reason reason) {
  std::string plain;
  if (token.size() > kMaxToken || !absl::WebSafeBase64Unescape(View(token), &plain)) {
    return ForeignToken(reason);
  }
  std::string_view rest = plain;
  const auto version = TakeField(rest);
  const auto mark = TakeField(rest);
  const auto check = TakeField(rest);
  // A token cut short would go on at another key.
  const std::uint64_t fingerprint_of_position = Fingerprint(rest);
  const auto offset = TakeField(rest);
  if (!version || *version != kVersion || !mark || !check || !offset) return ForeignToken(reason);
  const auto made_for = ParseNumber<std::uint64_t>(*mark, 16);
  const auto made_of = ParseNumber<std::uint64_t>(*check, 16);
  const auto number = ParseNumber(*offset);
  if (!made_for || made_of != fingerprint_of_position || !number || *number < 0 ||
      *number > kMostOffset)
    return ForeignToken(reason);
  if (*made_for != fingerprint) return Refused(reason, "belongs to other arguments");
  return Continuation{.offset = *number, .key = std::string(rest)};
}

}  // namespace relais
