#include "server/core/watch/resume.h"

#include <charconv>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"

namespace relais::watch {
namespace {

constexpr std::size_t kDigits = 16;

bool ToNumber(std::string_view digits, std::uint64_t& number) {
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace

std::string EncodeResume(const Resume& resume, std::string_view arguments) {
  Continuation place;
  place.key = absl::StrCat(absl::Hex(resume.epoch, absl::kZeroPad16),
                           absl::Hex(resume.version, absl::kZeroPad16));
  return EncodeContinuation(place, Fingerprint(arguments));
}

absl::StatusOr<std::optional<Resume>> DecodeResume(std::string_view token,
                                                   std::string_view arguments) {
  if (token.empty()) return std::nullopt;
  const auto place = DecodeContinuation(token, Fingerprint(arguments), Reason::kInvalidResumeToken);
  if (!place.ok()) return place.status();
  const std::string_view digits = place->key;
  Resume resume;
  if (digits.size() != 2 * kDigits || !ToNumber(digits.substr(0, kDigits), resume.epoch) ||
      !ToNumber(digits.substr(kDigits), resume.version)) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidResumeToken)
           << "The token is not one that this method returned; start again without it.";
  }
  return resume;
}

}  // namespace relais::watch
