// What a PollHub shares with its subscriptions and with its tasks under way: the table, its
// watchers and its poller under one lock, with the one timer.

#ifndef RELAIS_SERVER_CORE_WATCH_FEED_H_
#define RELAIS_SERVER_CORE_WATCH_FEED_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/deferred_actions.h"
#include "server/core/watch/hub_counts.h"
#include "server/core/watch/item.h"
#include "server/core/watch/poll_hub.h"
#include "server/core/watch/poller.h"
#include "server/core/watch/resume.h"
#include "server/core/watch/subscription.h"
#include "server/core/watch/table.h"
#include "server/core/watch/watchers.h"

namespace relais::watch {

// Thread-safe; see PollHub and Subscription for what the functions promise.
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  Feed(Scheduler& scheduler, Executor& executor, HubOptions options);

  // No key: the collection.
  std::shared_ptr<Subscription> Subscribe(std::optional<std::string_view> key,
                                          std::optional<Resume> resume, std::function<void()> wake);
  News Next(Subscription& subscription);
  void Leave(Subscription& subscription);
  void Invalidate();
  HubCounts counts() const;
  HubView View() const;
  void Shutdown();

 private:
  // Without mu_:
  void RunPoll();
  void Tick(std::uint64_t number);
  void Do(DeferredActions& actions);
  // Under mu_. Every change ends with Finish: it plans what comes next, unlocks and does it all.
  void Finish(std::unique_lock<std::mutex>& lock, DeferredActions& actions);
  void Plan(DeferredActions& actions);
  void Settle(absl::StatusOr<PolledTable> answer, DeferredActions& actions);

  Scheduler& scheduler_;
  Executor& executor_;
  const HubOptions options_;

  mutable std::mutex mu_;
  std::condition_variable quiet_;
  // Under mu_:
  bool shut_down_ = false;
  int doing_ = 0;  // threads that do deferred actions
  Table table_;
  Poller poller_;
  Watchers watchers_;
  absl::Time timer_at_ = absl::InfiniteFuture();
  std::uint64_t timer_number_ = 0;  // others, set earlier, count no more
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_FEED_H_
