// Who watches a collection, and what each of them is told next.

#ifndef RELAIS_SERVER_CORE_WATCH_WATCHERS_H_
#define RELAIS_SERVER_CORE_WATCH_WATCHERS_H_

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <string_view>
#include <variant>

#include "absl/time/time.h"
#include "server/core/watch/deferred_actions.h"
#include "server/core/watch/ending.h"
#include "server/core/watch/item.h"
#include "server/core/watch/poll_hub.h"
#include "server/core/watch/poller.h"
#include "server/core/watch/resume.h"
#include "server/core/watch/subscription.h"
#include "server/core/watch/table.h"

namespace relais::watch {

// Not thread-safe, but for Render. A subscription is linked from Admit to its end or to Unlink, and
// must not be destroyed while it is.
class Watchers {
 public:
  // A message that is not rendered yet.
  struct Told {
    Message::Kind kind;
    std::shared_ptr<const Item> item = nullptr;
    std::shared_ptr<const Part> part = nullptr;
    // Neither: a heartbeat before the first state, with what the watcher has come with.
    bool of_item = false;
    std::optional<Resume> resume{};
  };
  // Nothing yet, a message, or the end.
  using Found = std::variant<std::monostate, Told, SharedEnding>;

  // All of them outlive the watchers.
  Watchers(const HubOptions& options, Table& table, Poller& poller);

  // No key: the collection. It is not linked when an outage ends it at once.
  void Admit(Subscription& made, std::optional<std::string_view> key, absl::Time now);
  // What a subscription that has not ended is told next; its end unlinks it.
  Found Take(Subscription& subscription, absl::Time now, DeferredActions& actions);
  // Wakes those to whom the answer of a poll that has succeeded is new.
  void Tell(const Table::Applied& applied, DeferredActions& actions);
  // Makes heartbeats due, and ends those who have reached their age.
  void BeatAndAge(absl::Time now, DeferredActions& actions);
  // When BeatAndAge is needed next; never while nobody watches.
  absl::Time NextBeat() const;

  void EndAll(const SharedEnding& ending, DeferredActions& actions);
  void Unlink(Subscription& subscription, DeferredActions& actions);

  bool empty() const { return by_age_.empty(); }
  std::size_t size() const { return by_age_.size(); }

  // May be called by any thread, without a lock.
  Message Render(const Told& told) const;

 private:
  Found TakeItem(Subscription& subscription, DeferredActions& actions);
  Found TakeChanges(Subscription& subscription, DeferredActions& actions);
  Found TakeAbsence(Subscription& subscription, DeferredActions& actions);
  bool AcceptResume(Subscription& subscription);
  Told NextPart(Subscription& subscription);
  Told Heartbeat(Subscription& subscription);
  void WaitFor(Subscription& subscription, std::uint64_t poll);
  void WakeServed(DeferredActions& actions);
  static void Wake(Subscription& subscription, DeferredActions& actions);
  SharedEnding End(Subscription& subscription, const SharedEnding& ending,
                   DeferredActions& actions);

  const HubOptions& options_;
  Table& table_;
  Poller& poller_;
  const SharedEnding ended_well_;
  std::minstd_rand random_;

  std::list<Subscription*> by_age_;  // all, by the time of their last message
  std::list<Subscription*> collection_readers_;
  bool anyone_waits_ = false;                         // some may wait for a poll to succeed
  absl::Time no_beat_before_ = absl::InfinitePast();  // more heartbeats
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_WATCHERS_H_
