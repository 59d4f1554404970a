// How a collection is polled and how its watchers are kept.

#ifndef RELAIS_SERVER_CORE_WATCH_POLL_POLICY_H_
#define RELAIS_SERVER_CORE_WATCH_POLL_POLICY_H_

#include <cstddef>

#include "absl/time/time.h"
#include "server/core/base/backoff.h"

namespace relais::watch {

struct PollPolicy {
  // From the end of one poll to the begin of the next: `fastest` after a change, a new watcher or
  // Invalidate, then `growth` times longer after every poll without a change, up to `slowest`.
  absl::Duration fastest = absl::Seconds(1);
  absl::Duration slowest = absl::Seconds(10);
  double growth = 1.5;
  // Even when a poll is wanted at once, this long passes since the begin of the one before.
  absl::Duration closest = absl::Milliseconds(100);
  // A new watcher gets the answer of a poll that began no longer ago than this, or the failure of
  // one that has given all watchers up no longer ago.
  absl::Duration fresh_for = absl::Seconds(1);
  // A poll that takes longer is given up and counts as failed.
  absl::Duration longest_poll = absl::Seconds(30);
  // How long to wait after the executor was full.
  absl::Duration full_wait = absl::Milliseconds(50);

  // After a failed poll; a longer wait that the upstream asks for goes before.
  BackoffPolicy backoff = {.first = absl::Seconds(1), .longest = absl::Seconds(60)};
  // Passing failures end the watchers when so many have come in a row, or when the next poll would
  // come later than this after the first of them.
  int errors_before_end = 5;
  absl::Duration failing_before_end = absl::Seconds(60);

  // A watcher to whom nothing was sent for about this long gets a heartbeat; up to
  // `heartbeat_slack` sooner, so that many are served in one go.
  absl::Duration heartbeat = absl::Seconds(12);
  absl::Duration heartbeat_slack = absl::Seconds(1);
  // No more heartbeats than these without a pause, so that a change that comes meanwhile does not
  // wait behind those of ten thousand.
  std::size_t heartbeats_at_once = 256;
  absl::Duration heartbeat_pause = absl::Milliseconds(10);
  // A watcher ends OK at this age, give or take a random part of it up to `max_age_jitter`; it is
  // looked at when it is due a heartbeat, at the latest.
  absl::Duration max_age = absl::Minutes(30);
  double max_age_jitter = 0.1;

  // How many removed keys are remembered for watchers that have not heard of them yet; who is
  // further behind starts again.
  std::size_t tombstones = 10'000;
  // A message of a collection is closed when its items have so many bytes.
  std::size_t message_bytes = 64 << 10;
};

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_POLL_POLICY_H_
