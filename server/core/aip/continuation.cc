#include "server/core/aip/continuation.h"

#include <charconv>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"

namespace relais {
namespace {

constexpr std::size_t kMaxToken = 4096;
constexpr std::string_view kVersion = "1";

// The text before the next ":", which is removed with it; none when there is no ":".
std::optional<std::string_view> TakeField(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view field = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return field;
}

template <typename T>
bool ToNumber(std::string_view text, T& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

absl::Status Refused(Reason reason, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, reason)
         << "The token " << View(what) << "; start again without it.";
}

}  // namespace

std::uint64_t Fingerprint(std::string_view arguments) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : arguments) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

std::string EncodeContinuation(const Continuation& continuation, std::uint64_t fingerprint) {
  const std::string place = absl::StrCat(continuation.offset, ":", continuation.key);
  return absl::WebSafeBase64Escape(absl::StrCat(View(kVersion), ":", absl::Hex(fingerprint), ":",
                                                absl::Hex(Fingerprint(place)), ":", place));
}

absl::StatusOr<Continuation> DecodeContinuation(std::string_view token, std::uint64_t fingerprint,
                                                Reason reason) {
  std::string plain;
  if (token.size() > kMaxToken || !absl::WebSafeBase64Unescape(View(token), &plain)) {
    return Refused(reason, "is not one that this method returned");
  }
  std::string_view rest = plain;
  const auto version = TakeField(rest);
  const auto mark = TakeField(rest);
  const auto check = TakeField(rest);
  const std::uint64_t place = Fingerprint(rest);  // a token cut short would go on at another key
  const auto offset = TakeField(rest);
  std::uint64_t made_for = 0;
  std::uint64_t made_of = 0;
  Continuation continuation;
  if (!version || *version != kVersion || !mark || !check || !offset ||
      !ToNumber(*mark, made_for, 16) || !ToNumber(*check, made_of, 16) || made_of != place ||
      !ToNumber(*offset, continuation.offset) || continuation.offset < 0) {
    return Refused(reason, "is not one that this method returned");
  }
  if (made_for != fingerprint) return Refused(reason, "belongs to other arguments");
  continuation.key = rest;
  return continuation;
}

}  // namespace relais
