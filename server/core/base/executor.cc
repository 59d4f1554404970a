#include "server/core/base/executor.h"

#include <exception>
#include <utility>

#include "server/core/base/error.h"

namespace relais {
namespace {

constexpr std::size_t kMostResting = 64;

}  // namespace

Executor::Executor(int workers, int queue)
    : workers_(static_cast<std::size_t>(workers)), queue_(static_cast<std::size_t>(queue)) {}

Executor::~Executor() { Shutdown(); }

bool Executor::Submit(std::function<void()> task) {
  std::unique_lock lock(mu_);
  if (stopping_) return false;
  // A task that a free worker (idle, or not even started) is about to take does not count as
  // waiting.
  const std::size_t busy = busy_.load(std::memory_order_relaxed);
  if (tasks_.size() >= queue_ + (workers_ - busy)) return false;
  tasks_.push_back(std::move(task));
  waiting_.store(tasks_.size(), std::memory_order_relaxed);
  const std::size_t idle = threads_.size() - busy - resting_;
  if (idle + busy >= workers_ || tasks_.size() <= idle) {
    lock.unlock();  // which a worker that is woken would wait for
    arrived_.notify_one();
    return true;
  }
  if (StartWorker()) return true;
  if (!threads_.empty()) return true;  // those that exist will come to it
  tasks_.clear();
  waiting_.store(0, std::memory_order_relaxed);
  return false;
}

bool Executor::StartWorker() {
  try {
    threads_.emplace_back([this] { Work(); });
    return true;
  } catch (const std::exception&) {  // the system has no thread to give
    return false;
  }
}

void Executor::Shutdown() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mu_);
    stopping_ = true;
    threads.swap(threads_);
  }
  arrived_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

bool Executor::HasPlace() const {
  return busy_.load(std::memory_order_relaxed) + returning_ < workers_;
}

void Executor::Work() {
  std::unique_lock lock(mu_);
  while (true) {
    arrived_.wait(lock, [this] { return tasks_.empty() ? stopping_ : HasPlace(); });
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    waiting_.store(tasks_.size(), std::memory_order_relaxed);
    // Those that have no place for what was left may end.
    if (stopping_ && tasks_.empty()) arrived_.notify_all();
    busy_.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    task();
    task = nullptr;  // what it holds is freed before the worker counts as idle
    lock.lock();
    busy_.fetch_sub(1, std::memory_order_relaxed);
    if (returning_ > 0) returning_place_.notify_one();
  }
}

bool Executor::MayRest() {
  const std::lock_guard lock(mu_);
  return resting_ < kMostResting;
}

bool Executor::Leave() {
  const std::lock_guard lock(mu_);
  if (stopping_ || resting_ >= kMostResting) return false;
  const std::size_t busy = busy_.fetch_sub(1, std::memory_order_relaxed) - 1;
  ++resting_;
  if (returning_ > 0) {
    returning_place_.notify_one();
  } else if (!tasks_.empty() && threads_.size() == busy + resting_) {
    StartWorker();  // without one, those that exist come to it later
  } else {
    arrived_.notify_one();
  }
  return true;
}

void Executor::Return() {
  std::unique_lock lock(mu_);
  ++returning_;
  returning_place_.wait(lock, [this] { return busy_.load(std::memory_order_relaxed) < workers_; });
  --returning_;
  --resting_;
  busy_.fetch_add(1, std::memory_order_relaxed);
}

absl::Status SaturatedError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamSaturated)
             .RetryAfter(absl::Seconds(1))
         << "Too many calls wait for this connection; nothing was sent. Call again later.";
}

}  // namespace relais
