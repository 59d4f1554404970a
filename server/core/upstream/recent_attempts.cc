#include "server/core/upstream/recent_attempts.h"

namespace relais {

bool ConcernsUpstream(Reason reason) {
  switch (reason) {
    case Reason::kGatewayCredentialRejected:
    case Reason::kUpstreamUnreachable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamUnavailable:
    case Reason::kUpstreamRateLimited:
    case Reason::kUpstreamFailed:
    case Reason::kUpstreamUnsupported:
    case Reason::kUpstreamContractBroken:
    case Reason::kUpstreamMalformedResponse:
      return true;
    default:
      return false;
  }
}

void RecentAttempts::Succeeded(absl::Duration latency, absl::Time now) {
  const std::lock_guard lock(mu_);
  Keep({latency, /*failed=*/false}, now);
  view_.failing = false;
}

void RecentAttempts::Failed(absl::Duration latency, const Failure& failure) {
  const std::lock_guard lock(mu_);
  Keep({latency, /*failed=*/true}, failure.time);
  view_.last_failure = failure;
  view_.failing = true;
}

void RecentAttempts::Failed(const Failure& failure) {
  const std::lock_guard lock(mu_);
  view_.last_failure = failure;
  view_.failing = true;
}

void RecentAttempts::Keep(const Attempt& attempt, absl::Time now) {
  if (view_.attempts.size() == kKept) view_.attempts.pop_front();
  view_.attempts.push_back(attempt);
  view_.last_time = now;
}

RecentAttempts::View RecentAttempts::Look() const {
  const std::lock_guard lock(mu_);
  return view_;
}

}  // namespace relais
