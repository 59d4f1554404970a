#include "tests/support/manual_scheduler.h"

#include <algorithm>
#include <utility>

namespace relais {

absl::Time ManualScheduler::Now() const {
  const std::lock_guard lock(mu_);
  return now_;
}

absl::Time ManualScheduler::Wall() const {
  const std::lock_guard lock(mu_);
  return now_ + wall_ahead_;
}

void ManualScheduler::StepWall(absl::Duration step) {
  const std::lock_guard lock(mu_);
  wall_ahead_ += step;
}

void ManualScheduler::RunAt(absl::Time time, std::function<void()> task) {
  {
    const std::lock_guard lock(mu_);
    if (skip_waits_) now_ = std::max(now_, time);
    if (time > now_) {
      tasks_.emplace(time, std::move(task));
      added_.notify_all();
      return;
    }
  }
  task();
}

void ManualScheduler::SkipWaits() {
  const std::lock_guard lock(mu_);
  skip_waits_ = true;
}

void ManualScheduler::AdvanceTo(absl::Time time) {
  while (true) {
    std::function<void()> task;
    {
      const std::lock_guard lock(mu_);
      if (tasks_.empty() || tasks_.begin()->first > time) {
        now_ = std::max(now_, time);
        return;
      }
      now_ = std::max(now_, tasks_.begin()->first);
      task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
    }
    task();
  }
}

void ManualScheduler::AwaitTasks(std::size_t count) const {
  std::unique_lock lock(mu_);
  added_.wait(lock, [&] { return tasks_.size() >= count; });
}

std::size_t ManualScheduler::waiting() const {
  const std::lock_guard lock(mu_);
  return tasks_.size();
}

absl::Time ManualScheduler::next() const {
  const std::lock_guard lock(mu_);
  return tasks_.empty() ? absl::InfiniteFuture() : tasks_.begin()->first;
}

}  // namespace relais
