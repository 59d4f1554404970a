#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/log.h"
#include "server/core/watch/feed.h"

namespace relais::watch {

void Feed::RunPoll() {
  std::optional<CallContext> context;
  {
    const std::lock_guard lock(mu_);
    if (shut_down_ || order_.empty()) {  // nobody wants it any more
      polling_ = false;
      return;
    }
    running_ = true;
    ++begun_;
    ++counts_.begun;
    begun_at_ = scheduler_.Now();
    pace_.Begun(begun_at_);
    stop_ = std::stop_source();
    CallIdentity identity;
    identity.request_id = absl::StrCat("poll-", absl::Hex(table_.epoch()), "-", begun_);
    context.emplace(begun_at_ + options_.policy.longest_poll, stop_.get_token(),
                    std::move(identity));
  }
  absl::StatusOr<PolledTable> answer = options_.poll(*context);
  Errands errands;
  std::unique_lock lock(mu_);
  Settle(std::move(answer), errands);
  running_ = false;
  polling_ = false;
  // Shutdown may wait for the poll alone.
  if (shut_down_) quiet_.notify_all();
  Finish(lock, errands);
}

void Feed::Settle(absl::StatusOr<PolledTable> answer, Errands& errands) {
  const absl::Time now = scheduler_.Now();
  if (!answer.ok() && stop_.stop_requested()) return pace_.Cancelled(now);
  if (!answer.ok()) return Fail(answer.status(), now, errands);
  ++counts_.succeeded;
  if (pace_.failing()) errands.trouble = absl::OkStatus();
  const Table::Applied applied = table_.Apply(*std::move(answer));
  pace_.Succeeded(now, applied.changed);
  outage_.reset();
  completed_ = begun_;
  completed_begun_at_ = begun_at_;
  WakeServed(errands);
  if (!applied.changed) return;
  for (const Table::Place place : applied.touched) {
    for (Subscription* reader : place->second.readers) Wake(*reader, errands);
  }
  for (Subscription* reader : collection_readers_) Wake(*reader, errands);
}

// Those who have waited for this poll: to them its answer is new, changed or not.
void Feed::WakeServed(Errands& errands) {
  if (!std::exchange(anyone_waits_, false)) return;
  for (Subscription* watcher : order_) {
    if (watcher->need_ > completed_) anyone_waits_ = true;
    if (watcher->need_ <= completed_ && !watcher->served_) Wake(*watcher, errands);
  }
}

void Feed::Fail(const absl::Status& status, absl::Time now, Errands& errands) {
  ++counts_.failed;
  absl::Status failure = status;
  if (HasReason(status, Reason::kCallerDeadline)) {  // which was ours, not a caller's
    failure = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
              << "The upstream has not answered in time; call again later.";
  }
  if (!pace_.failing()) errands.trouble = failure;
  if (!pace_.Failed(now, failure)) return;
  outage_.emplace(failure);
  EndAll(AsOutage(now), errands);
}

SharedEnding Feed::AsOutage(absl::Time now) const {
  absl::Status status = outage_->status();
  if (IsPassing(status)) {
    ErrorDetails details = DetailsOf(status);
    details.retry_after = std::max(pace_.not_before() - now, absl::ZeroDuration());
    SetDetails(status, details);
  }
  return MakeEnding(status);
}

void Feed::Plan(Errands& errands) {
  if (shut_down_ || order_.empty()) return;
  absl::Time next = std::max(order_.front()->told_at_ + options_.policy.heartbeat, no_beat_before_);
  if (!polling_) {
    const absl::Time due = pace_.Due(/*urgent=*/wanted_ > begun_);
    if (due <= scheduler_.Now()) {
      polling_ = errands.submit = true;
    } else {
      next = std::min(next, due);
    }
  }
  if (next >= timer_at_) return;
  timer_at_ = next;
  errands.timer = next;
  errands.timer_number = ++timer_number_;
}

void Feed::Finish(std::unique_lock<std::mutex>& lock, Errands& errands) {
  Plan(errands);
  if (errands.empty()) {
    lock.unlock();
    return;
  }
  ++doing_;
  lock.unlock();
  Do(errands);
  lock.lock();
  --doing_;
  if (shut_down_) quiet_.notify_all();
  lock.unlock();
}

void Feed::Do(Errands& errands) {
  if (errands.stop) errands.stop->request_stop();
  if (errands.timer) {
    scheduler_.RunAt(*errands.timer, [weak = weak_from_this(), number = errands.timer_number] {
      if (const auto feed = weak.lock()) feed->Tick(number);
    });
  }
  if (errands.submit && !executor_.Submit([feed = shared_from_this()] { feed->RunPoll(); })) {
    Errands again;
    std::unique_lock lock(mu_);
    polling_ = false;
    pace_.Refused(scheduler_.Now());
    Finish(lock, again);
  }
  for (const auto& subscription : errands.wake) subscription->wake_();
  errands.wake.clear();
  if (!errands.trouble) return;
  if (errands.trouble->ok()) {
    Log(LogLevel::kInfo, "polls succeed again", {{"collection", options_.name}});
  } else {
    Log(LogLevel::kWarning, "poll failed",
        {{"collection", options_.name},
         {"reason", std::string(ReasonName(DetailsOf(*errands.trouble).reason))},
         {"message", std::string(errands.trouble->message())}});
  }
}

void Feed::Tick(std::uint64_t number) {
  Errands errands;
  std::unique_lock lock(mu_);
  if (number != timer_number_) return;
  timer_at_ = absl::InfiniteFuture();
  BeatAndAge(scheduler_.Now(), errands);
  Finish(lock, errands);
}

void Feed::BeatAndAge(absl::Time now, Errands& errands) {
  const PollPolicy& policy = options_.policy;
  const absl::Time due = now - policy.heartbeat + policy.heartbeat_slack;
  if (now < no_beat_before_) return;
  std::size_t beats = 0;
  while (!order_.empty() && order_.front()->told_at_ <= due) {
    if (++beats > policy.heartbeats_at_once) {
      no_beat_before_ = now + policy.heartbeat_pause;
      return;
    }
    Subscription& subscription = *order_.front();
    if (now >= subscription.ends_at_) {
      End(subscription, ended_well_, errands);
      continue;
    }
    subscription.beat_ = true;
    subscription.told_at_ = now;
    order_.splice(order_.end(), order_, subscription.in_order_);
    Wake(subscription, errands);
  }
}

void Feed::Invalidate() {
  Errands errands;
  std::unique_lock lock(mu_);
  valid_from_ = begun_ + 1;
  wanted_ = std::max(wanted_, valid_from_);
  pace_.Quicken();
  Finish(lock, errands);
}

HubCounts Feed::counts() const {
  const std::lock_guard lock(mu_);
  HubCounts counts = counts_;
  counts.watchers = static_cast<std::int64_t>(order_.size());
  return counts;
}

}  // namespace relais::watch
