// What a PollHub shares with its subscriptions and with its tasks under way: the table, the
// watchers, the poll that runs and the one timer.

#ifndef RELAIS_SERVER_CORE_WATCH_FEED_H_
#define RELAIS_SERVER_CORE_WATCH_FEED_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/ending.h"
#include "server/core/watch/pace.h"
#include "server/core/watch/poll_hub.h"
#include "server/core/watch/subscription.h"
#include "server/core/watch/table.h"

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
  void Shutdown();

 private:
  // What is decided under the lock and done without it.
  struct Errands {
    std::vector<std::shared_ptr<Subscription>> wake;
    std::optional<std::stop_source> stop;
    std::optional<absl::Time> timer;
    std::uint64_t timer_number = 0;
    bool submit = false;
    std::optional<absl::Status> trouble;  // to be logged; OK: it is over

    bool empty() const { return wake.empty() && !stop && !timer && !submit && !trouble; }
  };

  // What a watcher is told, not yet rendered.
  struct Told {
    Message::Kind kind;
    std::shared_ptr<const Item> item = nullptr;
    std::shared_ptr<const Part> part = nullptr;
    // Neither: a heartbeat before the first state, with what the watcher has come with.
    bool of_item = false;
    std::optional<Resume> resume{};
  };
  using Found = std::variant<std::monostate, Told, SharedEnding>;

  // feed.cc: watchers. All but Render under mu_.
  void Admit(Subscription& made, std::optional<std::string_view> key, absl::Time now);
  std::uint64_t FirstFreshPoll(absl::Time now) const;
  Found Take(Subscription& subscription, Errands& errands);
  Found TakeItem(Subscription& subscription, Errands& errands);
  Found TakeChanges(Subscription& subscription, Errands& errands);
  Found TakeAbsence(Subscription& subscription, Errands& errands);
  bool AcceptResume(Subscription& subscription);
  Told Heartbeat(Subscription& subscription);
  Message Render(const Told& told) const;
  void Wake(Subscription& subscription, Errands& errands);
  void End(Subscription& subscription, const SharedEnding& ending, Errands& errands);
  void EndAll(const SharedEnding& ending, Errands& errands);
  void Unlink(Subscription& subscription, Errands& errands);

  // feed_poll.cc: polls and time. The first three without mu_, the others under it.
  void RunPoll();
  void Tick(std::uint64_t number);
  void Do(Errands& errands);
  void Finish(std::unique_lock<std::mutex>& lock, Errands& errands);  // plans, unlocks and does
  void Plan(Errands& errands);
  void BeatAndAge(absl::Time now, Errands& errands);
  void Settle(absl::StatusOr<PolledTable> answer, Errands& errands);
  void Fail(const absl::Status& status, absl::Time now, Errands& errands);
  void WakeServed(Errands& errands);
  SharedEnding AsOutage(absl::Time now) const;

  Scheduler& scheduler_;
  Executor& executor_;
  const HubOptions options_;
  const SharedEnding ended_well_ = MakeEnding(absl::OkStatus());

  mutable std::mutex mu_;
  std::condition_variable quiet_;
  // Under mu_:
  bool shut_down_ = false;
  int doing_ = 0;  // threads that do errands
  Table table_;
  Pace pace_;
  std::minstd_rand random_;

  // Who watches: all, by the time of their last message, and those of the whole collection.
  std::list<Subscription*> order_;
  std::list<Subscription*> collection_readers_;
  bool anyone_waits_ = false;  // some of them may wait for a poll to end

  // Polls have numbers, from 1.
  std::uint64_t begun_ = 0;       // the last that began
  std::uint64_t completed_ = 0;   // the last that succeeded
  std::uint64_t wanted_ = 0;      // somebody waits for this one
  std::uint64_t valid_from_ = 0;  // those before are not fresh, however young
  absl::Time begun_at_;
  absl::Time completed_begun_at_;
  bool polling_ = false;          // a poll waits for its worker or runs
  bool running_ = false;          // it runs
  std::stop_source stop_;         // of the poll that runs
  std::optional<Ending> outage_;  // why all watchers were given up; until a poll succeeds
  HubCounts counts_;

  absl::Time timer_at_ = absl::InfiniteFuture();
  absl::Time no_beat_before_ = absl::InfinitePast();  // more heartbeats
  std::uint64_t timer_number_ = 0;                    // others, set earlier, count no more
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_FEED_H_
