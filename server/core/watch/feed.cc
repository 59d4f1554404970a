#include "server/core/watch/feed.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/core/base/randomness.h"
#include "server/core/watch/ending.h"

namespace relais::watch {
namespace {

std::uint64_t NewEpoch() {
  return RandomBits() | 1;  // 0 stands for items
}

absl::Status ShutDownError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kGatewayDraining)
             .RetryAfter(absl::ZeroDuration())
         << "The gateway is shutting down; call again, another instance will answer.";
}

void LogTrouble(const std::string& collection, const absl::Status& trouble) {
  if (trouble.ok()) {
    Log(LogLevel::kInfo, "polls succeed again", {{"collection", collection}});
  } else {
    Log(LogLevel::kWarning, "poll failed",
        {{"collection", collection},
         {"reason", std::string(ReasonName(DetailsOf(trouble).reason))},
         {"message", std::string(trouble.message())}});
  }
}

}  // namespace

Subscription::~Subscription() { feed_->Leave(*this); }

News Subscription::Next() { return feed_->Next(*this); }

Feed::Feed(Scheduler& scheduler, Executor& executor, HubOptions options)
    : scheduler_(scheduler),
      executor_(executor),
      options_(std::move(options)),
      table_(NewEpoch(), options_.policy.tombstones, options_.policy.message_bytes),
      poller_(options_.policy, table_.epoch()),
      watchers_(options_, table_, poller_) {}

std::shared_ptr<Subscription> Feed::Subscribe(std::optional<std::string_view> key,
                                              std::optional<Resume> resume,
                                              std::function<void()> wake) {
  std::shared_ptr<Subscription> made(new Subscription(shared_from_this(), std::move(wake)));
  made->resume_ = resume;
  DeferredActions actions;
  std::unique_lock lock(mu_);
  if (shut_down_) {
    made->end_ = MakeEnding(ShutDownError());
  } else {
    watchers_.Admit(*made, key, scheduler_.Now());
  }
  Finish(lock, actions);
  return made;
}

News Feed::Next(Subscription& subscription) {
  DeferredActions actions;
  std::unique_lock lock(mu_);
  const bool was_live = subscription.live_;
  const std::uint64_t wanted_before = poller_.wanted();
  Watchers::Found found = subscription.end_;
  // After the end the scheduler may be gone.
  if (subscription.end_ == nullptr) found = watchers_.Take(subscription, scheduler_.Now(), actions);
  if (was_live != subscription.live_ || poller_.wanted() != wanted_before) {
    Finish(lock, actions);
  } else {
    lock.unlock();
  }
  if (const auto* told = std::get_if<Watchers::Told>(&found)) return watchers_.Render(*told);
  if (const auto* end = std::get_if<SharedEnding>(&found)) return (*end)->status();
  return std::monostate();
}

void Feed::Leave(Subscription& subscription) {
  DeferredActions actions;
  std::unique_lock lock(mu_);
  if (!subscription.live_) return;
  watchers_.Unlink(subscription, actions);
  Finish(lock, actions);
}

void Feed::Invalidate() {
  DeferredActions actions;
  std::unique_lock lock(mu_);
  poller_.Invalidate();
  Finish(lock, actions);
}

HubCounts Feed::counts() const {
  const std::lock_guard lock(mu_);
  HubCounts counts = poller_.counts();
  counts.watchers = static_cast<std::int64_t>(watchers_.size());
  return counts;
}

HubView Feed::View() const {
  HubView view{.name = options_.name, .noun = options_.noun};
  const std::lock_guard lock(mu_);
  view.watchers = static_cast<std::int64_t>(watchers_.size());
  view.states = table_.states();
  view.age = poller_.AgeAt(scheduler_.Now());
  view.failing = poller_.failing();
  return view;
}

void Feed::Shutdown() {
  DeferredActions actions;
  std::unique_lock lock(mu_);
  shut_down_ = true;
  watchers_.EndAll(MakeEnding(ShutDownError()), actions);
  poller_.Stop(actions);
  Finish(lock, actions);
  lock.lock();
  quiet_.wait(lock, [this] { return !poller_.running() && doing_ == 0; });
}

void Feed::RunPoll() {
  std::optional<CallContext> context;
  {
    const std::lock_guard lock(mu_);
    if (shut_down_ || watchers_.empty()) return poller_.Dropped();  // nobody wants it any more
    context.emplace(poller_.Begun(scheduler_.Now(), watchers_.size()));
  }
  absl::StatusOr<PolledTable> answer = options_.poll(*context);
  DeferredActions actions;
  std::unique_lock lock(mu_);
  Settle(std::move(answer), actions);
  poller_.Ended();
  // Shutdown may wait for the poll alone.
  if (shut_down_) quiet_.notify_all();
  Finish(lock, actions);
}

void Feed::Settle(absl::StatusOr<PolledTable> answer, DeferredActions& actions) {
  const absl::Time now = scheduler_.Now();
  if (answer.ok()) {
    const Table::Applied applied = table_.Apply(*std::move(answer));
    poller_.Succeeded(now, applied.changed, actions);
    watchers_.Tell(applied, actions);
  } else if (poller_.Failed(now, answer.status(), actions)) {
    watchers_.EndAll(poller_.Outage(now), actions);
  }
}

void Feed::Tick(std::uint64_t number) {
  DeferredActions actions;
  std::unique_lock lock(mu_);
  if (number != timer_number_) return;
  timer_at_ = absl::InfiniteFuture();
  watchers_.BeatAndAge(scheduler_.Now(), actions);
  Finish(lock, actions);
}

void Feed::Plan(DeferredActions& actions) {
  if (shut_down_ || watchers_.empty()) return;
  absl::Time next = watchers_.NextBeat();
  const absl::Time due = poller_.Due();
  if (due <= scheduler_.Now()) {
    poller_.Submitted();
    actions.submit = true;
  } else {
    next = std::min(next, due);
  }
  if (next >= timer_at_) return;
  timer_at_ = next;
  actions.timer = next;
  actions.timer_number = ++timer_number_;
}

void Feed::Finish(std::unique_lock<std::mutex>& lock, DeferredActions& actions) {
  Plan(actions);
  if (actions.empty()) {
    lock.unlock();
    return;
  }
  ++doing_;
  lock.unlock();
  Do(actions);
  lock.lock();
  --doing_;
  if (shut_down_) quiet_.notify_all();
  lock.unlock();
}

void Feed::Do(DeferredActions& actions) {
  if (actions.stop) actions.stop->request_stop();
  if (actions.timer) {
    scheduler_.RunAt(*actions.timer, [weak = weak_from_this(), number = actions.timer_number] {
      if (const auto feed = weak.lock()) feed->Tick(number);
    });
  }
  if (actions.submit && !executor_.Submit([feed = shared_from_this()] { feed->RunPoll(); })) {
    DeferredActions again;
    std::unique_lock lock(mu_);
    poller_.Refused(scheduler_.Now());
    Finish(lock, again);
  }
  for (const auto& subscription : actions.wake) subscription->wake_();
  actions.wake.clear();
  if (actions.trouble) LogTrouble(options_.name, *actions.trouble);
}

}  // namespace relais::watch
