#include "server/core/upstream/attempt.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace relais {
namespace {

bool CallerEnded(Reason reason) {
  return reason == Reason::kCallerCancelled || reason == Reason::kCallerDeadline;
}

// Removes the transport's remark; whether it was there.
bool TakeRequestSent(ErrorDetails& details) {
  return std::erase_if(details.metadata,
                       [](const auto& entry) { return entry.first == "requestSent"; }) > 0;
}

// A secret as it is, and as JSON and a URL would write it; those that are longer first.
std::vector<std::string> Spellings(const std::string& secret) {
  std::string json;
  std::string url;
  for (const char c : secret) {
    if (c == '"' || c == '\\' || c == '/') json += '\\';
    json += c;
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-_.~", c)) {
      url += c;
    } else {
      absl::StrAppendFormat(&url, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  std::vector<std::string> spellings = {url};
  if (json != secret) spellings.push_back(json);
  if (url != secret) spellings.push_back(secret);
  return spellings;
}

bool OutcomeUnknown(const ErrorDetails& details, bool request_sent) {
  return request_sent || details.reason == Reason::kUpstreamTimeout || CallerEnded(details.reason);
}

}  // namespace

bool MayPass(Reason reason) {
  return reason == Reason::kUpstreamUnreachable || reason == Reason::kUpstreamUnavailable ||
         reason == Reason::kUpstreamTimeout || reason == Reason::kUpstreamRateLimited;
}

void CapRetryAfter(absl::Status& failure) {
  ErrorDetails details = DetailsOf(failure);
  if (!details.retry_after || *details.retry_after <= kLongestRetryAfter) return;
  details.retry_after = kLongestRetryAfter;
  SetDetails(failure, details);
}

bool Conceal(const Secret& secret, std::string& text) {
  constexpr std::size_t kLeast = 3;  // shorter ones are in every text
  if (secret.Reveal().size() < kLeast || text.size() < kLeast) return false;
  int found = 0;
  for (const std::string& spelling : Spellings(secret.Reveal()))
    found += absl::StrReplaceAll({{spelling, "***"}}, &text);
  return found > 0;
}

void Conceal(const Secret& secret, absl::Status& failure) {
  ErrorDetails details = DetailsOf(failure);
  std::string message(failure.message());
  bool found = Conceal(secret, message);
  found = Conceal(secret, details.localized_message) || found;
  for (auto& [key, value] : details.metadata) found = Conceal(secret, value) || found;
  if (!found) return;
  failure = absl::Status(failure.code(), message);
  SetDetails(failure, details);
}

bool MayBeDone(const AttemptResult& result) {
  ErrorDetails details = DetailsOf(result.status);
  const bool request_sent = TakeRequestSent(details);
  return OutcomeUnknown(details, request_sent) ||
         (result.http_status >= 500 && result.http_status != 501);
}

void PutMetadata(ErrorDetails& details, std::string_view key, std::string_view value) {
  for (const auto& entry : details.metadata) {
    if (entry.first == key) return;
  }
  details.metadata.emplace_back(key, value);
}

absl::Status NotSentAgain(const absl::Status& failure, const absl::Status& refusal) {
  if (!HasReason(refusal, Reason::kUpstreamUnavailable) &&
      !HasReason(refusal, Reason::kUpstreamRateLimited)) {
    return refusal;
  }
  absl::Status status = failure;
  ErrorDetails details = DetailsOf(failure);
  details.retry_after = DetailsOf(refusal).retry_after;
  SetDetails(status, details);
  return status;
}

absl::Status DescribeFailure(const absl::Status& failure, bool idempotent, int http_status) {
  ErrorDetails details = DetailsOf(failure);
  const bool request_sent = TakeRequestSent(details);
  if (http_status != 0) PutMetadata(details, "httpStatus", absl::StrCat(http_status));
  absl::StatusCode code = failure.code();
  if (!idempotent && OutcomeUnknown(details, request_sent)) {
    PutMetadata(details, "outcome", "unknown");
    if (details.reason == Reason::kUpstreamTimeout) code = absl::StatusCode::kDeadlineExceeded;
  }
  absl::Status described(code, failure.message());
  SetDetails(described, details);
  return described;
}

UpstreamMetrics::Outcome OutcomeOf(const AttemptResult& result) {
  if (result.status.ok()) return UpstreamMetrics::kSucceeded;
  if (result.http_status == 429 || (result.http_status >= 502 && result.http_status <= 504)) {
    return UpstreamMetrics::kUnavailable;
  }
  if (result.answered) return UpstreamMetrics::kRejected;
  switch (DetailsOf(result.status).reason) {
    case Reason::kUpstreamUnreachable:
      return UpstreamMetrics::kUnreachable;
    case Reason::kUpstreamTimeout:
      return UpstreamMetrics::kTimeout;
    case Reason::kCallerCancelled:
    case Reason::kCallerDeadline:
      return UpstreamMetrics::kAbandoned;
    default:
      return UpstreamMetrics::kRejected;
  }
}

}  // namespace relais
