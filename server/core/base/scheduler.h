// Time as a parameter: everything that waits or looks at the clock does so through a Scheduler, so
// that tests can advance time by hand.

#ifndef RELAIS_SERVER_CORE_BASE_SCHEDULER_H_
#define RELAIS_SERVER_CORE_BASE_SCHEDULER_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"

namespace relais {

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  // Runs evenly: for waits, deadlines, back-off and ages. See clock.h.
  virtual absl::Time Now() const = 0;
  // The wall clock: for what is shown, stored, or compared with the times of others.
  virtual absl::Time Wall() const = 0;
  // What the wall clock says at a time of Now, as it is set now.
  absl::Time ToWall(absl::Time time) const { return Wall() + (time - Now()); }
  // Runs `task` once, at `time` or soon after, on the scheduler's thread: it must not block. Tasks
  // that are still waiting when the scheduler is destroyed never run.
  virtual void RunAt(absl::Time time, std::function<void()> task) = 0;
};

// Ends one wait early. Wake may be called by any thread, before or after the wait begins.
class WakeUp {
 public:
  void Wake();
  void Await();  // blocks until Wake has been called

 private:
  std::mutex mu_;
  std::condition_variable woken_;
  bool awake_ = false;  // under mu_
};

// Blocks until `time` or the end of the call. Returns OK, or why the call has ended. On a worker of
// the call (CallContext::worker) others have its place meanwhile.
absl::Status WaitUntil(const CallContext& context, Scheduler& scheduler, absl::Time time);

// As above, but returns OK early when `wake_up` is woken. A WakeUp serves one wait.
absl::Status WaitUntil(const CallContext& context, Scheduler& scheduler, absl::Time time,
                       const std::shared_ptr<WakeUp>& wake_up);

// Real time, one thread.
class ThreadScheduler final : public Scheduler {
 public:
  ThreadScheduler();
  ~ThreadScheduler() override;  // waits for a running task
  ThreadScheduler(const ThreadScheduler&) = delete;
  ThreadScheduler& operator=(const ThreadScheduler&) = delete;

  absl::Time Now() const override;
  absl::Time Wall() const override;
  void RunAt(absl::Time time, std::function<void()> task) override;

 private:
  void Loop();

  std::mutex mu_;
  std::condition_variable changed_;
  // Under mu_:
  bool stopping_ = false;
  std::multimap<absl::Time, std::function<void()>> tasks_;

  std::thread thread_;  // last: starts when everything above exists
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_SCHEDULER_H_
