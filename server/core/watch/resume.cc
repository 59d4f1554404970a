#include "server/core/watch/resume.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"
#include "server/core/base/text/number.h"

namespace relais::watch {
namespace {

constexpr std::size_t kDigits = 16;

}  // namespace

std::string EncodeResume(const Resume& resume, std::string_view arguments) {
  Continuation continuation;
  continuation.key = absl::StrCat(absl::Hex(resume.epoch, absl::kZeroPad16),
                                  absl::Hex(resume.version, absl::kZeroPad16));
  return EncodeContinuation(continuation, Fingerprint(arguments));
}

absl::StatusOr<std::optional<Resume>> DecodeResume(std::string_view token,
                                                   std::string_view arguments) {
  if (token.empty()) return std::nullopt;
  const auto continuation =
      DecodeContinuation(token, Fingerprint(arguments), Reason::kInvalidResumeToken);
  if (!continuation.ok()) return continuation.status();
  const std::string_view digits = continuation->key;
  const auto epoch = ParseNumber<std::uint64_t>(digits.substr(0, kDigits), 16);
  const auto version =
      ParseNumber<std::uint64_t>(digits.substr(std::min(kDigits, digits.size())), 16);
  if (digits.size() != 2 * kDigits || !epoch || !version) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidResumeToken)
           << "The token is not one that this method returned; start again without it.";
  }
  return Resume{*epoch, *version};
}

}  // namespace relais::watch
