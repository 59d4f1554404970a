// Many threads at once; meant for ThreadSanitizer.

#include <gtest/gtest.h>

#include <condition_variable>
#include <random>

#include "tests/support/test_hub.h"

namespace relais::watch {
namespace {

// Real time and real threads; every item holds a number that only grows.
class Crowd {
 public:
  Crowd() {
    HubOptions options;
    options.poll = [this](const CallContext& context) { return Poll(context); };
    options.rendering.item = [](const Item* item, const std::optional<Resume>&) {
      return item == nullptr ? "" : item->bytes();
    };
    options.rendering.changes = [](const Changes& changes) {
      std::string numbers;
      for (const auto& item : changes.items) absl::StrAppend(&numbers, item->bytes(), " ");
      return numbers;
    };
    options.policy.fastest = options.policy.slowest = absl::Milliseconds(1);
    options.policy.closest = absl::ZeroDuration();
    options.policy.fresh_for = absl::Milliseconds(1);
    options.policy.heartbeat = absl::Milliseconds(5);
    options.policy.heartbeat_slack = absl::Milliseconds(1);
    options.policy.backoff.first = absl::Milliseconds(1);
    options.policy.tombstones = 3;
    options.policy.message_bytes = 20;
    hub_.emplace(scheduler_, executor_, std::move(options));
  }

  PollHub& hub() { return *hub_; }
  bool overlapped() const { return overlapped_; }

 private:
  absl::StatusOr<PolledTable> Poll(const CallContext& context) {
    if (polling_.exchange(true)) overlapped_ = true;
    const int now = ++number_;
    PolledTable polled;
    for (int key = 0; key < 10; ++key) {
      if ((now / 8 + key) % 5 != 0) {
        polled.push_back({std::to_string(key), std::to_string(1'000'000 + now), false});
      }
    }
    polling_ = false;
    if (context.cancelled()) return absl::CancelledError();
    if (now % 16 == 0) return absl::UnavailableError("Now and then.");
    return polled;
  }

  ThreadScheduler scheduler_;
  Executor executor_{2, 8};
  std::atomic<bool> polling_{false};
  std::atomic<bool> overlapped_{false};
  std::atomic<int> number_{0};
  std::optional<PollHub> hub_;
};

// Wakes a thread that waits for news.
class Bell {
 public:
  void Ring() {
    const std::lock_guard lock(mu_);
    rung_ = true;
    ringing_.notify_one();
  }
  void Await() {
    std::unique_lock lock(mu_);
    ringing_.wait(lock, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mu_;
  std::condition_variable ringing_;
  bool rung_ = false;
};

// Reads some messages of one watcher; false: it has gone backwards. Blocks until it is woken, so a
// wake-up that is lost makes the test hang.
bool WatchForAWhile(PollHub& hub, unsigned seed) {
  std::minstd_rand random(seed);
  const auto bell = std::make_shared<Bell>();
  const auto wake = [bell] { bell->Ring(); };
  const auto subscription = random() % 2 == 0 ? hub.Watch(std::to_string(random() % 10), {}, wake)
                                              : hub.WatchAll({}, wake);
  std::string newest;
  for (unsigned left = random() % 20; left > 0;) {
    const News news = subscription->Next();
    if (std::holds_alternative<absl::Status>(news)) return true;
    if (const auto* message = std::get_if<Message>(&news)) {
      --left;
      if (message->kind != Message::Kind::kItem) continue;
      if (*message->bytes < newest) return false;
      newest = *message->bytes;
    } else {
      bell->Await();
    }
  }
  return true;
}

TEST(PollHub, ServesACrowdOfThreadsOnePollAtATimeAndNeverBackwards) {
  Crowd crowd;
  std::atomic<int> backwards{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 40; ++i) {
        if (!WatchForAWhile(crowd.hub(), t * 1000 + i)) ++backwards;
        if (i % 7 == 0) crowd.hub().Invalidate();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(backwards, 0);
  EXPECT_FALSE(crowd.overlapped());
  // One may still be in the hands of the thread that wakes it.
  while (crowd.hub().counts().watchers > 0) std::this_thread::yield();
}

TEST(PollHub, ShutsDownUnderACrowd) {
  for (int round = 0; round < 20; ++round) {
    Crowd crowd;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (unsigned i = 0; i < 10; ++i) WatchForAWhile(crowd.hub(), t * 1000 + i);
      });
    }
    if (round % 2 == 0) std::this_thread::yield();
    crowd.hub().Shutdown();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(crowd.hub().counts().watchers, 0);
  }
}

}  // namespace
}  // namespace relais::watch
