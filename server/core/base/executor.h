// The bounded executor of one connection: a fixed number of workers and a bounded queue before
// them, so that a slow upstream costs a known number of threads and cannot hold up another
// connection.

#ifndef RELAIS_SERVER_CORE_BASE_EXECUTOR_H_
#define RELAIS_SERVER_CORE_BASE_EXECUTOR_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace relais {

class Executor {
 public:
  // `workers` threads (1 or more) are started as work arrives; `queue` tasks may wait (0 or more).
  Executor(int workers, int queue);
  ~Executor();  // as Shutdown
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Runs `task` on a worker, in the order of arrival. Returns false, and drops the task, when all
  // workers are busy and the queue is full, after Shutdown, or when the system cannot start the
  // first worker. Never blocks.
  [[nodiscard]] bool Submit(std::function<void()> task);

  // While it exists, the task that made it has lent its place to others: it waits for something
  // that is not the upstream's. Blocks at its end until there is a place again, before those that
  // have not begun. Null: nothing.
  class Rest {
   public:
    explicit Rest(Executor* executor)
        : executor_(executor != nullptr && executor->Leave() ? executor : nullptr) {}
    ~Rest() {
      if (executor_ != nullptr) executor_->Return();
    }
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;

   private:
    Executor* const executor_;
  };
  // Whether one more task may rest; each needs a thread. Those beyond keep their places.
  bool MayRest();

  // Refuses new tasks, runs those that wait and joins the workers. Must not be called on a worker.
  void Shutdown();

  std::size_t workers() const { return workers_; }
  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
  std::size_t busy() const { return busy_.load(std::memory_order_relaxed); }

 private:
  bool Leave();
  void Return();
  bool HasPlace() const;  // under mu_: for a task that has not begun
  bool StartWorker();     // under mu_
  void Work();

  const std::size_t workers_;
  const std::size_t queue_;
  std::atomic<std::size_t> waiting_{0};  // written under mu_; for metrics
  std::atomic<std::size_t> busy_{0};     // as waiting_; without those that rest

  std::mutex mu_;
  std::condition_variable arrived_;
  std::condition_variable returning_place_;
  // Under mu_:
  bool stopping_ = false;
  std::size_t resting_ = 0;    // tasks that have lent their places
  std::size_t returning_ = 0;  // of them, those that want them back
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
};

// UNAVAILABLE / UPSTREAM_SATURATED.
absl::Status SaturatedError();

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_EXECUTOR_H_
