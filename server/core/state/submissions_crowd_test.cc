// Many calls with one request id at the same time.

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submissions.h"
#include "server/core/state/test_upstream.h"
#include "tests/support/manual_scheduler.h"

namespace relais::state {
namespace {

Mutation CreateOnce(const std::string& payload = "payload") {
  return {.scope = "jobqueue/CreateJob/queues/main",
          .subject = "main",
          .request_id = "id",
          .payload = payload};
}

class ACrowd : public testing::Test {
 protected:
  ~ACrowd() override {
    for (std::thread& thread : threads_) thread.join();
  }

  Answer Once(const CallContext& context = CallContext()) {
    return submissions_.Once(context, CreateOnce(), upstream_.steps());
  }
  // A call on a thread of its own.
  void Start(Answer& answer, const CallContext& context = CallContext()) {
    threads_.emplace_back([this, &answer, context] { answer = Once(context); });
  }
  void Join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  // The first call is at the upstream from now on, until go_on_ is counted down.
  void StartFirst(const CallContext& context = CallContext()) {
    upstream_.when_sent = [this] {
      sending_.count_down();
      go_on_.wait();
    };
    Start(first_, context);
    sending_.wait();
  }

  ManualScheduler scheduler_;
  std::unique_ptr<StateStore> store_ = *SqliteStore::Open(":memory:");
  TestUpstream upstream_;
  Submissions submissions_{*store_, scheduler_, SubmissionPolicy()};
  std::latch sending_{1};
  std::latch go_on_{1};
  Answer first_;
  std::vector<std::thread> threads_;
};

TEST_F(ACrowd, GetsOneAnswerToOneSubmission) {
  constexpr int kCalls = 64;
  std::vector<Answer> answers(kCalls);
  for (Answer& answer : answers) Start(answer);
  Join();
  for (const Answer& answer : answers) EXPECT_EQ(answer.value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ACrowd, WaitsForTheCallThatIsUnderWay) {
  StartFirst();
  std::vector<Answer> answers(20);
  for (Answer& answer : answers) Start(answer);
  scheduler_.AwaitTasks(answers.size());
  go_on_.count_down();
  Join();
  for (const Answer& answer : answers) EXPECT_EQ(answer.value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ACrowd, SharesAFailure) {
  StartFirst();
  upstream_.takes = false;
  upstream_.reply = NotReached();
  Answer second;
  Start(second);
  scheduler_.AwaitTasks(1);
  go_on_.count_down();
  Join();
  EXPECT_EQ(second.status(), NotReached());
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ACrowd, WaitsNoLongerThanItMay) {
  StartFirst();
  Answer second;
  Start(second);
  scheduler_.AwaitTasks(1);
  scheduler_.AdvanceBy(SubmissionPolicy().join_wait);
  threads_.back().join();
  threads_.pop_back();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(HasReason(second.status(), Reason::kRequestInProgress));
  EXPECT_TRUE(DetailsOf(second.status()).retry_after.has_value());
  go_on_.count_down();
  Join();
  EXPECT_EQ(first_.value(), "job 1");
}

TEST_F(ACrowd, WaitsNoLongerThanItsOwnDeadline) {
  StartFirst();
  Answer second;
  Start(second, CallContext(scheduler_.Now() + absl::Seconds(1), {}, {}));
  scheduler_.AwaitTasks(1);
  scheduler_.AdvanceBy(absl::Seconds(1));
  threads_.back().join();
  threads_.pop_back();
  EXPECT_TRUE(HasReason(second.status(), Reason::kCallerDeadline));
  go_on_.count_down();
}

TEST_F(ACrowd, RefusesOtherArgumentsAtOnce) {
  StartFirst();
  const Answer other = submissions_.Once(CallContext(), CreateOnce("other"), upstream_.steps());
  EXPECT_TRUE(HasReason(other.status(), Reason::kRequestIdReused));
  go_on_.count_down();
}

TEST_F(ACrowd, TakesOverFromACallThatWasCancelled) {
  std::stop_source stop;
  StartFirst(CallContext(absl::InfiniteFuture(), stop.get_token(), {}));
  upstream_.takes = false;
  upstream_.reply = NotReached();
  Answer second;
  Start(second);
  scheduler_.AwaitTasks(1);
  upstream_.when_asked = [](const CallContext&) { ADD_FAILURE() << "nothing was sent"; };
  stop.request_stop();
  go_on_.count_down();
  Join();
  EXPECT_FALSE(first_.ok());
  EXPECT_EQ(upstream_.sent().size(), 2u);  // the second has sent for itself
}

TEST_F(ACrowd, RunsARepeatableMutationOnce) {
  std::vector<Answer> answers(16);
  std::vector<std::thread> threads;
  std::atomic<int> runs = 0;
  for (Answer& answer : answers) {
    threads.emplace_back([&] {
      answer = submissions_.Remember(
          CallContext(), CreateOnce(),
          [&](const CallContext&) -> Answer { return "answer " + std::to_string(++runs); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Answer& answer : answers) EXPECT_EQ(answer.value(), "answer 1");
}

// Different request ids do not wait for each other, whatever the threads.
TEST_F(ACrowd, OfDifferentSubmissionsLosesNone) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Mutation create = CreateOnce();
        create.request_id = std::to_string(t) + "/" + std::to_string(i);
        const Answer answer = submissions_.Once(CallContext(), create, upstream_.steps());
        EXPECT_EQ(submissions_.Once(CallContext(), create, upstream_.steps()), answer);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(upstream_.sent().size(), std::size_t{kThreads * kEach});
  EXPECT_TRUE(store_->Unfinished().value().empty());
}

}  // namespace
}  // namespace relais::state
