#include "server/core/upstream/attempt.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

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

bool OutcomeUnknown(const ErrorDetails& details, bool request_sent) {
  return request_sent || details.reason == Reason::kUpstreamTimeout || CallerEnded(details.reason);
}

}  // namespace

bool MayPass(Reason reason) {
  return reason == Reason::kUpstreamUnreachable || reason == Reason::kUpstreamUnavailable ||
         reason == Reason::kUpstreamTimeout || reason == Reason::kUpstreamRateLimited;
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
