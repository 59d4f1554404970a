#include "server/core/base/scheduler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "tests/support/manual_scheduler.h"

namespace relais {
namespace {

TEST(ThreadScheduler, RunsTasksInTheOrderOfTheirTimes) {
  ThreadScheduler scheduler;
  std::vector<int> order;
  std::latch done(4);
  const absl::Time start = scheduler.Now() + absl::Milliseconds(20);
  const auto add = [&](int number, absl::Duration after) {
    scheduler.RunAt(start + after, [&, number] {
      order.push_back(number);
      done.count_down();
    });
  };
  add(3, absl::Milliseconds(20));
  add(1, absl::ZeroDuration());
  add(2, absl::ZeroDuration());  // the same time: in the order of the calls
  add(4, absl::Milliseconds(30));
  done.wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_GE(scheduler.Now(), start + absl::Milliseconds(30));
}

TEST(ThreadScheduler, RunsWhatIsOverdueAtOnceAndLetsATaskScheduleMore) {
  ThreadScheduler scheduler;
  std::latch done(1);
  scheduler.RunAt(absl::InfinitePast(),
                  [&] { scheduler.RunAt(absl::InfinitePast(), [&] { done.count_down(); }); });
  done.wait();
}

TEST(ThreadScheduler, DropsWhatStillWaitsWhenItEnds) {
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> seen = held;
  {
    ThreadScheduler scheduler;
    scheduler.RunAt(absl::InfiniteFuture(), [held] { ADD_FAILURE(); });
    scheduler.RunAt(scheduler.Now() + absl::Hours(1), [held] { ADD_FAILURE(); });
    held.reset();
  }
  EXPECT_TRUE(seen.expired());
}

TEST(ManualScheduler, RunsWhatBecomesDueAndShowsItsTime) {
  ManualScheduler scheduler;
  const absl::Time start = scheduler.Now();
  std::vector<absl::Duration> ran;
  const auto note = [&] { ran.push_back(scheduler.Now() - start); };
  scheduler.RunAt(start + absl::Seconds(2), note);
  scheduler.RunAt(start + absl::Seconds(1), [&] {
    note();
    scheduler.RunAt(start + absl::Seconds(3), note);
  });
  scheduler.RunAt(start + absl::Seconds(9), note);
  EXPECT_EQ(scheduler.next(), start + absl::Seconds(1));
  scheduler.AdvanceBy(absl::Seconds(5));
  EXPECT_EQ(ran,
            (std::vector<absl::Duration>{absl::Seconds(1), absl::Seconds(2), absl::Seconds(3)}));
  EXPECT_EQ(scheduler.Now(), start + absl::Seconds(5));
  EXPECT_EQ(scheduler.waiting(), 1u);
}

TEST(WaitUntil, EndsAtItsTime) {
  ManualScheduler scheduler;
  const absl::Time time = scheduler.Now() + absl::Seconds(5);
  absl::Status status = absl::UnknownError("");
  std::thread waiter([&] { status = WaitUntil(CallContext(), scheduler, time); });
  scheduler.AwaitTasks(1);
  scheduler.AdvanceTo(time);
  waiter.join();
  EXPECT_TRUE(status.ok()) << status;
}

TEST(WaitUntil, DoesNotWaitForATimeThatHasPassed) {
  ManualScheduler scheduler;
  EXPECT_TRUE(WaitUntil(CallContext(), scheduler, scheduler.Now()).ok());
  EXPECT_EQ(scheduler.waiting(), 0u);
}

TEST(WaitUntil, EndsAtTheDeadlineOfTheCall) {
  ManualScheduler scheduler;
  const CallContext context(scheduler.Now() + absl::Seconds(1), std::stop_token(), {});
  absl::Status status;
  std::thread waiter(
      [&] { status = WaitUntil(context, scheduler, scheduler.Now() + absl::Seconds(5)); });
  scheduler.AwaitTasks(1);
  scheduler.AdvanceBy(absl::Seconds(1));
  waiter.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(HasReason(status, Reason::kCallerDeadline));
}

TEST(WaitUntil, EndsWhenTheCallIsCancelled) {
  ManualScheduler scheduler;
  std::stop_source stop;
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  absl::Status status;
  std::thread waiter(
      [&] { status = WaitUntil(context, scheduler, scheduler.Now() + absl::Seconds(5)); });
  scheduler.AwaitTasks(1);
  stop.request_stop();
  waiter.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(HasReason(status, Reason::kCallerCancelled));
  scheduler.AdvanceBy(absl::Seconds(10));  // the task that is left does no harm
}

TEST(WaitUntil, EndsEarlyWhenItIsWokenAlsoBefore) {
  ManualScheduler scheduler;
  const auto wake_up = std::make_shared<WakeUp>();
  wake_up->Wake();
  EXPECT_TRUE(WaitUntil(CallContext(), scheduler, absl::InfiniteFuture(), wake_up).ok());
  EXPECT_EQ(scheduler.waiting(), 0u);
}

}  // namespace
}  // namespace relais
