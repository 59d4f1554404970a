// The polls of a collection: their numbers, whether one is under way, when the next is due, and how
// fresh an answer is. It decides and counts; a feed makes the polls.

#ifndef RELAIS_SERVER_CORE_WATCH_POLLER_H_
#define RELAIS_SERVER_CORE_WATCH_POLLER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/watch/deferred_actions.h"
#include "server/core/watch/ending.h"
#include "server/core/watch/hub_counts.h"
#include "server/core/watch/poll_policy.h"
#include "server/core/watch/poll_schedule.h"

namespace relais::watch {

// Not thread-safe. Polls have numbers, from 1; 0 stands for none.
class Poller {
 public:
  // `policy` outlives the poller. `epoch` goes into the request ids of its polls.
  Poller(const PollPolicy& policy, std::uint64_t epoch)
      : epoch_(epoch), schedule_(policy), policy_(policy) {}

  std::uint64_t next() const { return begun_ + 1; }
  std::uint64_t completed() const { return completed_; }  // the last that succeeded
  std::uint64_t wanted() const { return wanted_; }        // the last that somebody waits for

  // The first poll whose answer is fresh to somebody who comes now: one that has succeeded, the one
  // that runs, or the next.
  std::uint64_t FirstFresh(absl::Time now) const;
  // Somebody waits for that poll.
  void Want(std::uint64_t poll) { wanted_ = std::max(wanted_, poll); }
  // Something has happened that makes changes likely.
  void Quicken() { schedule_.Quicken(); }
  // The answers of all polls so far are not fresh, however young, and the next comes soon.
  void Invalidate();

  // When the next poll is to be submitted; never while one is under way.
  absl::Time Due() const;

  // The life of a poll: Submitted, then Refused by the executor, Dropped by its worker, or Begun;
  // what is begun ends by Succeeded or Failed, and is over with Ended.
  void Submitted() { under_way_ = true; }
  void Refused(absl::Time now);
  void Dropped() { under_way_ = false; }
  CallContext Begun(absl::Time now, std::size_t watchers);
  void Succeeded(absl::Time now, bool changed, DeferredActions& actions);
  // True: the watchers are to be given up.
  bool Failed(absl::Time now, const absl::Status& status, DeferredActions& actions);
  void Ended() { running_ = under_way_ = false; }

  bool running() const { return running_; }
  // Gives up the poll that runs, if one does.
  void Stop(DeferredActions& actions) const;

  // Why watchers were given up since the last poll that succeeded; null: they were not.
  SharedEnding Outage(absl::Time now) const;
  // The same to somebody new who needs a poll that may not begin yet; else null. What is told is
  // young, or the upstream has asked not to be polled yet.
  SharedEnding OutageBefore(std::uint64_t poll, absl::Time now);

  const HubCounts& counts() const { return counts_; }  // without watchers
  // Since the begin of the last poll that succeeded.
  std::optional<absl::Duration> AgeAt(absl::Time now) const {
    if (completed_ == 0) return std::nullopt;
    return now - completed_begun_at_;
  }
  // The last poll has failed.
  bool failing() const { return outage_.has_value() || schedule_.failing(); }

 private:
  const std::uint64_t epoch_;
  PollSchedule schedule_;
  const PollPolicy& policy_;

  std::uint64_t begun_ = 0;  // the last that began
  std::uint64_t completed_ = 0;
  std::uint64_t wanted_ = 0;
  std::uint64_t valid_from_ = 0;  // those before are not fresh
  absl::Time begun_at_;
  absl::Time completed_begun_at_;
  bool under_way_ = false;        // a poll waits for its worker or runs
  bool running_ = false;          // it runs
  std::stop_source stop_;         // of the poll that runs
  std::optional<Ending> outage_;  // until a poll succeeds
  HubCounts counts_;
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_POLLER_H_
