#include "server/core/watch/poller.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"

namespace relais::watch {

std::uint64_t Poller::FirstFresh(absl::Time now) const {
  const absl::Duration fresh_for = policy_.fresh_for;
  if (completed_ != 0 && completed_ >= valid_from_ && now - completed_begun_at_ < fresh_for) {
    return completed_;
  }
  const bool running_counts =
      running_ && !stop_.stop_requested() && begun_ >= valid_from_ && now - begun_at_ < fresh_for;
  return running_counts ? begun_ : next();
}

void Poller::Invalidate() {
  valid_from_ = next();
  Want(valid_from_);
  Quicken();
}

absl::Time Poller::Due() const {
  return under_way_ ? absl::InfiniteFuture() : schedule_.Due(/*urgent=*/wanted_ > begun_);
}

void Poller::Refused(absl::Time now) {
  under_way_ = false;
  schedule_.Refused(now);
}

CallContext Poller::Begun(absl::Time now, std::size_t watchers) {
  running_ = true;
  ++begun_;
  ++counts_.begun;
  counts_.unshared += static_cast<std::int64_t>(watchers);
  begun_at_ = now;
  schedule_.Begun(now);
  stop_ = std::stop_source();
  CallIdentity identity;
  identity.request_id = absl::StrCat("poll-", absl::Hex(epoch_), "-", begun_);
  return CallContext(now + policy_.longest_poll, stop_.get_token(), std::move(identity));
}

void Poller::Succeeded(absl::Time now, bool changed, DeferredActions& actions) {
  ++counts_.succeeded;
  if (schedule_.failing()) actions.trouble = absl::OkStatus();
  schedule_.Succeeded(now, changed);
  outage_.reset();
  completed_ = begun_;
  completed_begun_at_ = begun_at_;
}

bool Poller::Failed(absl::Time now, const absl::Status& status, DeferredActions& actions) {
  if (stop_.stop_requested()) {
    schedule_.Cancelled(now);
    return false;
  }
  ++counts_.failed;
  absl::Status failure = status;
  if (HasReason(status, Reason::kCallerDeadline)) {  // which was ours, not a caller's
    failure = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
              << "The upstream has not answered in time; call again later.";
  }
  if (!schedule_.failing()) actions.trouble = failure;
  if (!schedule_.Failed(now, failure)) return false;
  outage_.emplace(failure);
  return true;
}

void Poller::Stop(DeferredActions& actions) const {
  if (running_) actions.stop = stop_;
}

SharedEnding Poller::Outage(absl::Time now) const {
  if (!outage_) return nullptr;
  absl::Status status = outage_->status();
  if (IsPassing(status)) {
    ErrorDetails details = DetailsOf(status);
    details.retry_after = std::max(schedule_.not_before() - now, absl::ZeroDuration());
    SetDetails(status, details);
  }
  return MakeEnding(status);
}

SharedEnding Poller::OutageBefore(std::uint64_t poll, absl::Time now) {
  if (!outage_ || poll <= completed_) return nullptr;
  schedule_.Hasten();
  return schedule_.not_before() > now ? Outage(now) : nullptr;
}

}  // namespace relais::watch
