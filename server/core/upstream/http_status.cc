#include "server/core/upstream/http_status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

// The wait of a 429 that names none.
constexpr absl::Duration kRateLimitPause = absl::Seconds(1);

struct Meaning {
  absl::StatusCode code;
  Reason reason;
  std::string_view message;
};

Meaning MeaningOfClientError(int status, bool creating) {
  using Code = absl::StatusCode;
  switch (status) {
    case 401:
      return {Code::kInternal, Reason::kGatewayCredentialRejected,
              "The upstream refused the gateway's credential; an operator must correct it."};
    case 403:
      return {Code::kPermissionDenied, Reason::kAccessDenied,
              "The upstream forbids this operation to the gateway's account."};
    case 404:
    case 410:
      return {Code::kNotFound, Reason::kResourceNotFound,
              "The upstream does not know the resource."};
    case 405:
    case 406:
    case 415:
      return {Code::kInternal, Reason::kUpstreamContractBroken,
              "The upstream does not speak the expected protocol."};
    case 408:
      return {Code::kUnavailable, Reason::kUpstreamTimeout, "The upstream did not answer in time."};
    case 409:
      if (creating) {
        return {Code::kAlreadyExists, Reason::kResourceExists, "The resource exists already."};
      }
      return {Code::kAborted, Reason::kResourceConflict,
              "The resource has changed in the meantime; read it again and repeat the call."};
    case 412:
    case 423:
    case 428:
      return {Code::kFailedPrecondition, Reason::kPreconditionFailed,
              "The resource is not in a state that allows the operation."};
    case 413:
    case 416:
      return {Code::kOutOfRange, Reason::kRequestOutOfRange,
              "The request or its range is too large for the upstream."};
    case 429:
      return {Code::kResourceExhausted, Reason::kUpstreamRateLimited,
              "The upstream limits the rate of calls; call again later."};
    default:
      return {Code::kInvalidArgument, Reason::kUpstreamRejectedRequest,
              "The upstream did not accept the request."};
  }
}

Meaning MeaningOf(int status, bool creating) {
  using Code = absl::StatusCode;
  if (status >= 400 && status <= 499) return MeaningOfClientError(status, creating);
  switch (status) {
    case 501:
      return {Code::kUnimplemented, Reason::kUpstreamUnsupported,
              "The upstream lacks the operation."};
    case 502:
    case 503:
      return {Code::kUnavailable, Reason::kUpstreamUnavailable,
              "The upstream is out of service for now; call again later."};
    case 504:
      return {Code::kUnavailable, Reason::kUpstreamTimeout, "The upstream did not answer in time."};
    default:
      break;
  }
  if (status >= 500 && status <= 599) {
    return {Code::kInternal, Reason::kUpstreamFailed,
            "The upstream failed to process the request."};
  }
  return {Code::kInternal, Reason::kUpstreamMalformedResponse,
          "The upstream answered with a status that the operation does not have."};
}

std::optional<absl::Duration> ParseSeconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end != text.data() + text.size() || seconds < 0) return std::nullopt;
  if (error == std::errc::result_out_of_range) seconds = std::numeric_limits<std::int32_t>::max();
  if (error == std::errc::invalid_argument) return std::nullopt;
  return absl::Seconds(seconds);
}

// The three forms of a date that HTTP knows (RFC 9110 §5.6.7).
std::optional<absl::Time> ParseHttpDate(const std::string& text) {
  static constexpr std::array kForms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                        "%a %b %e %H:%M:%S %Y"};
  for (const char* form : kForms) {
    absl::Time time;
    if (absl::ParseTime(form, text, absl::UTCTimeZone(), &time, nullptr)) return time;
  }
  return std::nullopt;
}

std::optional<absl::Duration> RetryAfterOf(const HttpReply& reply, absl::Time now) {
  const std::optional<std::string_view> header = reply.Header("retry-after");
  if (!header || header->empty()) return std::nullopt;
  if (const auto seconds = ParseSeconds(*header)) return seconds;
  const std::optional<absl::Time> date = ParseHttpDate(std::string(*header));
  if (!date) return std::nullopt;
  return std::max(*date - now, absl::ZeroDuration());
}

}  // namespace

absl::Status StatusOfReply(const HttpReply& reply, absl::Time now, bool creating) {
  if (reply.status >= 200 && reply.status <= 299) return absl::OkStatus();
  const Meaning meaning = MeaningOf(reply.status, creating);
  absl::Status status =
      Error(meaning.code, meaning.reason).With("httpStatus", absl::StrCat(reply.status))
      << meaning.message;
  std::optional<absl::Duration> wait = RetryAfterOf(reply, now);
  if (!wait && reply.status == 429) wait = kRateLimitPause;
  if (wait) {
    ErrorDetails details = DetailsOf(status);
    details.retry_after = wait;
    SetDetails(status, details);
  }
  return status;
}

void NameTheMissing(std::string_view what, absl::Status& refusal) {
  if (!HasReason(refusal, Reason::kResourceNotFound)) return;
  const ErrorDetails details = DetailsOf(refusal);
  refusal = absl::Status(refusal.code(),
                         absl::StrCat("The upstream does not know the ", View(what), "."));
  SetDetails(refusal, details);
}

}  // namespace relais
