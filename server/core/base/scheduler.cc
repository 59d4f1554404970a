#include "server/core/base/scheduler.h"

#include <algorithm>
#include <memory>
#include <stop_token>
#include <utility>

#include "server/core/base/clock.h"
#include "server/core/base/executor.h"

namespace relais {

void WakeUp::Wake() {
  const std::lock_guard lock(mu_);
  awake_ = true;
  woken_.notify_all();
}

void WakeUp::Await() {
  std::unique_lock lock(mu_);
  woken_.wait(lock, [this] { return awake_; });
}

absl::Status WaitUntil(const CallContext& context, Scheduler& scheduler, absl::Time time) {
  return WaitUntil(context, scheduler, time, std::make_shared<WakeUp>());
}

absl::Status WaitUntil(const CallContext& context, Scheduler& scheduler, absl::Time time,
                       const std::shared_ptr<WakeUp>& wake_up) {
  // Shared, because a task of the scheduler cannot be taken back and may outlive this call.
  const std::stop_callback on_stop(context.stop(), [wake_up] { wake_up->Wake(); });
  const absl::Time end = std::min(time, context.deadline());
  if (end <= scheduler.Now()) return context.Check(scheduler.Now());
  if (end != absl::InfiniteFuture()) {
    scheduler.RunAt(end, [wake_up] { wake_up->Wake(); });
  }
  const Executor::Rest rest(context.worker());
  wake_up->Await();
  return context.Check(scheduler.Now());
}

ThreadScheduler::ThreadScheduler() : thread_([this] { Loop(); }) {}

ThreadScheduler::~ThreadScheduler() {
  {
    const std::lock_guard lock(mu_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

absl::Time ThreadScheduler::Now() const { return SteadyNow(); }

absl::Time ThreadScheduler::Wall() const { return WallNow(); }

void ThreadScheduler::RunAt(absl::Time time, std::function<void()> task) {
  const std::lock_guard lock(mu_);
  const auto it = tasks_.emplace(time, std::move(task));
  if (it == tasks_.begin()) changed_.notify_one();
}

void ThreadScheduler::Loop() {
  std::unique_lock lock(mu_);
  while (!stopping_) {
    if (tasks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const absl::Time next = tasks_.begin()->first;
    if (const absl::Duration wait = next - SteadyNow(); wait > absl::ZeroDuration()) {
      changed_.wait_for(lock, absl::ToChronoNanoseconds(std::min(wait, absl::Hours(1))));
      continue;
    }
    std::function<void()> task = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace relais
