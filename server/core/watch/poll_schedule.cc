#include "server/core/watch/poll_schedule.h"

#include <algorithm>

#include "server/core/base/error.h"

namespace relais::watch {

bool IsPassing(const absl::Status& status) {
  switch (DetailsOf(status).reason) {
    case Reason::kUpstreamRateLimited:
    case Reason::kUpstreamFailed:
    case Reason::kUpstreamUnavailable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamUnreachable:
    case Reason::kUpstreamMalformedResponse:  // of a proxy, while the upstream starts again
    case Reason::kUpstreamSaturated:
      return true;
    default:
      return status.code() == absl::StatusCode::kUnavailable;
  }
}

absl::Time PollSchedule::Due(bool urgent) const {
  if (failing()) return std::max(not_before_, earliest_);
  return std::max(earliest_, urgent ? absl::InfinitePast() : ended_ + interval_);
}

void PollSchedule::Succeeded(absl::Time now, bool changed) {
  ended_ = now;
  interval_ = changed ? policy_.fastest : std::min(interval_ * policy_.growth, policy_.slowest);
  failures_ = 0;
  not_before_ = absl::InfinitePast();
  backoff_.reset();
}

void PollSchedule::Hasten() {
  not_before_ = std::min(not_before_, std::max(asked_for_, ended_ + policy_.fresh_for));
}

bool PollSchedule::Failed(absl::Time now, const absl::Status& status) {
  if (failures_++ == 0) {
    failing_since_ = now;
    backoff_.emplace(policy_.backoff);
  }
  ended_ = now;
  interval_ = policy_.fastest;
  const absl::Duration asked = DetailsOf(status).retry_after.value_or(absl::ZeroDuration());
  asked_for_ = now + asked;
  not_before_ = std::max(now + backoff_->Next(), asked_for_);
  return !IsPassing(status) || failures_ >= policy_.errors_before_end ||
         not_before_ > failing_since_ + policy_.failing_before_end;
}

}  // namespace relais::watch
