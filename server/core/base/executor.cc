#include "server/core/base/executor.h"

#include <exception>
#include <utility>

namespace relais {

Executor::Executor(int workers, int queue)
    : workers_(static_cast<std::size_t>(workers)), queue_(static_cast<std::size_t>(queue)) {}

Executor::~Executor() { Shutdown(); }

bool Executor::Submit(std::function<void()> task) {
  const std::lock_guard lock(mu_);
  if (stopping_) return false;
  // A task that a free worker (idle, or not even started) is about to take does not count as
  // waiting.
  const std::size_t busy = busy_.load(std::memory_order_relaxed);
  if (tasks_.size() >= queue_ + (workers_ - busy)) return false;
  tasks_.push_back(std::move(task));
  waiting_.store(tasks_.size(), std::memory_order_relaxed);
  if (threads_.size() == workers_ || tasks_.size() <= threads_.size() - busy) {
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

void Executor::Work() {
  std::unique_lock lock(mu_);
  while (true) {
    arrived_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    waiting_.store(tasks_.size(), std::memory_order_relaxed);
    busy_.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    task();
    task = nullptr;  // what it holds is freed before the worker counts as idle
    lock.lock();
    busy_.fetch_sub(1, std::memory_order_relaxed);
  }
}

}  // namespace relais
