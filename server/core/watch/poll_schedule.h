// When the next poll is due.

#ifndef RELAIS_SERVER_CORE_WATCH_POLL_SCHEDULE_H_
#define RELAIS_SERVER_CORE_WATCH_POLL_SCHEDULE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/watch/poll_policy.h"

namespace relais::watch {

// Whether a failure may pass by itself, so that a later poll may succeed.
bool IsPassing(const absl::Status& status);

// Not thread-safe.
class PollSchedule {
 public:
  // `policy` outlives the schedule.
  explicit PollSchedule(const PollPolicy& policy) : policy_(policy), interval_(policy.fastest) {}

  // `urgent`: somebody waits for it.
  absl::Time Due(bool urgent) const;
  // No poll before this, whoever waits.
  absl::Time not_before() const { return not_before_; }
  bool failing() const { return failures_ > 0; }

  void Begun(absl::Time now) { earliest_ = now + policy_.closest; }
  // The executor was full.
  void Refused(absl::Time now) { earliest_ = now + policy_.full_wait; }
  // The last watcher left before the poll was over.
  void Cancelled(absl::Time now) { ended_ = now; }
  void Succeeded(absl::Time now, bool changed);
  // Returns whether the watchers are to be given up.
  bool Failed(absl::Time now, const absl::Status& status);
  // Somebody has come since the watchers were given up: the failure of the last poll is news for
  // `fresh_for`; then only the wait that the upstream asked for keeps the next one back.
  void Hasten();
  // Something has happened that makes changes likely.
  void Quicken() { interval_ = policy_.fastest; }

 private:
  const PollPolicy& policy_;
  absl::Duration interval_;
  absl::Time ended_ = absl::InfinitePast();  // the last poll
  absl::Time earliest_ = absl::InfinitePast();
  absl::Time not_before_ = absl::InfinitePast();
  absl::Time asked_for_ = absl::InfinitePast();  // the part of it that the upstream asks for
  int failures_ = 0;                             // in a row
  absl::Time failing_since_;
  std::optional<Backoff> backoff_;  // while failing
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_POLL_SCHEDULE_H_
