#include "server/core/base/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace relais {
namespace {

// Occupies `workers` workers until it goes.
class Blockade {
 public:
  Blockade(Executor& executor, int workers) : busy_(workers) {
    for (int i = 0; i < workers; ++i) {
      EXPECT_TRUE(executor.Submit([this] {
        busy_.count_down();
        gate_.wait();
      }));
    }
    busy_.wait();
  }
  void Lift() { gate_.count_down(); }

 private:
  std::latch busy_;
  std::latch gate_{1};
};

TEST(Executor, RunsTasksInTheOrderOfTheirArrival) {
  Executor executor(1, 100);
  std::vector<int> order;
  Blockade blockade(executor, 1);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(executor.Submit([&order, i] { order.push_back(i); }));
  }
  EXPECT_EQ(executor.waiting(), 100u);
  blockade.Lift();
  executor.Shutdown();
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Executor, RefusesAtOnceWhatExceedsWorkersAndQueue) {
  Executor executor(2, 3);
  std::atomic<int> ran = 0;
  Blockade blockade(executor, 2);
  EXPECT_EQ(executor.busy(), 2u);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(executor.Submit([&] { ++ran; }));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(executor.Submit([&] { ++ran; }));
  blockade.Lift();
  executor.Shutdown();
  EXPECT_EQ(ran, 3);
}

TEST(Executor, WithoutAQueueTakesAsManyTasksAsItHasWorkers) {
  // The workers need not have started yet: a task that one is about to take is not refused.
  for (int round = 0; round < 200; ++round) {
    Executor executor(4, 0);
    std::latch gate(1);
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(executor.Submit([&] { gate.wait(); }));
    EXPECT_FALSE(executor.Submit([] {}));
    gate.count_down();
    executor.Shutdown();
  }
}

TEST(Executor, RunsAsManyTasksAtOnceAsItHasWorkers) {
  Executor executor(8, 0);
  std::latch together(8);
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(executor.Submit([&] { together.arrive_and_wait(); }));
  }
  executor.Shutdown();
}

TEST(Executor, FinishesWhatWaitsWhenItShutsDownAndRefusesWhatComesAfter) {
  Executor executor(1, 10);
  std::atomic<int> ran = 0;
  auto blockade = std::make_unique<Blockade>(executor, 1);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(executor.Submit([&] { ++ran; }));
  std::thread lift([&] { blockade->Lift(); });
  executor.Shutdown();
  lift.join();
  EXPECT_EQ(ran, 10);
  EXPECT_FALSE(executor.Submit([&] { ++ran; }));
  EXPECT_EQ(executor.waiting(), 0u);
  EXPECT_EQ(executor.busy(), 0u);
}

TEST(Executor, ATaskThatRestsLendsItsPlace) {
  Executor executor(1, 2);
  std::atomic<int> at_work = 0;
  std::latch resting(1);
  std::latch served(2);
  ASSERT_TRUE(executor.Submit([&] {
    EXPECT_EQ(++at_work, 1);
    --at_work;
    {
      const Executor::Rest rest(&executor);
      resting.count_down();
      served.wait();
    }
    EXPECT_EQ(++at_work, 1) << "it has a place of its own again";
    --at_work;
  }));
  resting.wait();
  EXPECT_EQ(executor.busy(), 0u);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(executor.Submit([&] {
      EXPECT_EQ(++at_work, 1);
      --at_work;
      served.count_down();
    }));
  }
  executor.Shutdown();
}

TEST(Executor, GivesPlacesBackBeforeItBeginsOtherTasks) {
  Executor executor(2, 1000);
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  const auto work = [&] {
    most = std::max<int>(most, ++at_work);
    std::this_thread::yield();
    --at_work;
  };
  for (int i = 0; i < 500; ++i) {
    while (!executor.Submit([&] {
      work();
      {
        const Executor::Rest rest(&executor);
        std::this_thread::yield();
      }
      work();
    })) {
      std::this_thread::yield();
    }
  }
  executor.Shutdown();
  EXPECT_LE(most, 2);
  EXPECT_EQ(executor.busy(), 0u);
}

TEST(Executor, LetsOnlySoManyRest) {
  Executor executor(1, 1000);
  std::latch gate(1);
  std::atomic<int> begun = 0;
  for (int i = 0; i < 70; ++i) {
    ASSERT_TRUE(executor.Submit([&] {
      ++begun;
      const Executor::Rest rest(&executor);
      gate.wait();
    }));
  }
  while (executor.MayRest() || begun < 65) std::this_thread::yield();
  EXPECT_EQ(begun, 65) << "the last one keeps its place";
  EXPECT_EQ(executor.busy(), 1u);
  gate.count_down();
  executor.Shutdown();
  EXPECT_EQ(begun, 70);
}

TEST(Executor, FreesWhatATaskHoldsOnceItHasRun) {
  Executor executor(1, 1);
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = held;
  ASSERT_TRUE(executor.Submit([held] {}));
  held.reset();
  executor.Shutdown();
  EXPECT_TRUE(seen.expired());
}

TEST(Executor, LosesNothingUnderConcurrentSubmission) {
  Executor executor(4, 16);
  std::atomic<int> accepted = 0;
  std::atomic<int> ran = 0;
  std::vector<std::thread> callers;
  callers.reserve(4);
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        if (executor.Submit([&] { ++ran; })) ++accepted;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  executor.Shutdown();
  EXPECT_GT(accepted, 0);
  EXPECT_EQ(ran, accepted);
}

}  // namespace
}  // namespace relais
