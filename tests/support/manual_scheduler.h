// Time that moves only when a test says so.

#ifndef RELAIS_TESTS_SUPPORT_MANUAL_SCHEDULER_H_
#define RELAIS_TESTS_SUPPORT_MANUAL_SCHEDULER_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include "absl/time/time.h"
#include "server/core/base/scheduler.h"

namespace relais {

// Thread-safe; AdvanceTo and AdvanceBy from one thread at a time.
class ManualScheduler final : public Scheduler {
 public:
  explicit ManualScheduler(absl::Time start = absl::FromUnixSeconds(1'700'000'000)) : now_(start) {}

  absl::Time Now() const override;
  absl::Time Wall() const override;

  // Somebody sets the wall clock; Now knows nothing of it.
  void StepWall(absl::Duration step);

  // A task that is due already runs at once, on the caller's thread.
  void RunAt(absl::Time time, std::function<void()> task) override;

  // From now on a wait takes no time: RunAt moves the time on to that of its task and runs it at
  // once, on the caller's thread. For tests with one thread, whose waits nobody else could end.
  void SkipWaits();

  // Moves the time on and runs what becomes due, in order, on the caller's thread. A task sees the
  // time that it was scheduled for, and may schedule more.
  void AdvanceTo(absl::Time time);
  void AdvanceBy(absl::Duration duration) { AdvanceTo(Now() + duration); }

  // Blocks until at least `count` tasks wait for their time.
  void AwaitTasks(std::size_t count) const;
  std::size_t waiting() const;
  // When the first waiting task is due; InfiniteFuture: there is none.
  absl::Time next() const;

 private:
  mutable std::mutex mu_;
  mutable std::condition_variable added_;
  // Under mu_:
  absl::Time now_;
  absl::Duration wall_ahead_;
  bool skip_waits_ = false;
  std::multimap<absl::Time, std::function<void()>> tasks_;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_MANUAL_SCHEDULER_H_
