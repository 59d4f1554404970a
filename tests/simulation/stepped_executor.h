// An executor with one worker that works only while the test waits for it: what is submitted runs
// in turn with the test, never beside it, so that the same test runs the same way again.

#ifndef RELAIS_TESTS_SIMULATION_STEPPED_EXECUTOR_H_
#define RELAIS_TESTS_SIMULATION_STEPPED_EXECUTOR_H_

#include <memory>
#include <utility>

#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"

namespace relais {

// Between the calls the worker stands at a gate, with the next gate and room for one task before
// it.
class SteppedExecutor {
 public:
  SteppedExecutor() {
    next_ = Put();
    GoOn();
  }
  ~SteppedExecutor() {
    at_->release.Wake();
    next_->release.Wake();
    executor_.Shutdown();
  }

  Executor& executor() { return executor_; }

  // Until RunAll the executor is full.
  void Fill() {
    static_cast<void>(executor_.Submit([] {}));
  }

  // Runs what waits, and what that submits.
  void RunAll() {
    while (executor_.waiting() > 1) GoOn();
  }

 private:
  struct Gate {
    WakeUp reached;
    WakeUp release;
  };

  std::shared_ptr<Gate> Put() {
    auto gate = std::make_shared<Gate>();
    const bool taken = executor_.Submit([gate] {
      gate->reached.Wake();
      gate->release.Await();
    });
    return taken ? gate : nullptr;
  }
  void GoOn() {
    if (at_) at_->release.Wake();
    at_ = std::move(next_);
    at_->reached.Await();
    next_ = Put();
  }

  Executor executor_{1, 2};
  std::shared_ptr<Gate> at_;    // where the worker stands
  std::shared_ptr<Gate> next_;  // in the queue
};

}  // namespace relais

#endif  // RELAIS_TESTS_SIMULATION_STEPPED_EXECUTOR_H_
