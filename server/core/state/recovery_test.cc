#include "server/core/state/recovery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submission_errors.h"
#include "server/core/state/submissions.h"
#include "server/core/state/test_upstream.h"
#include "tests/support/manual_scheduler.h"

namespace relais::state {
namespace {

constexpr char kScope[] = "jobqueue/CreateJob/queues/main";

class ARecovery : public testing::Test {
 protected:
  ARecovery() {
    policy_.recovery.first_wait = absl::Seconds(1);
    submissions_ = std::make_unique<Submissions>(*store_, scheduler_, policy_);
    submissions_->Register("jobqueue/", upstream_.finder());
  }
  ~ARecovery() override { submissions_->Stop(); }

  // What an earlier life of the gateway has left.
  Entry LeftBehind(const std::string& request_id, Phase phase, const std::string& subject = "main",
                   const std::string& scope = kScope) {
    Entry entry{.key = MakeKey(scope, request_id),
                .fingerprint = "fingerprint",
                .phase = phase,
                .marker = "marker-of-" + request_id,
                .subject = subject,
                .created = scheduler_.Now() - absl::Minutes(1),
                .updated = scheduler_.Now() - absl::Minutes(1)};
    EXPECT_EQ(store_->Claim(entry).value(), std::nullopt);
    return entry;
  }
  std::optional<Entry> Stored(const Entry& entry) { return store_->Read(entry.key).value(); }

  // The background thread waits for its next round.
  void AwaitPause() { scheduler_.AwaitTasks(1); }
  // The time of that round comes.
  void NextRound() {
    AwaitPause();
    scheduler_.AdvanceTo(scheduler_.next());
  }

  ManualScheduler scheduler_;
  std::unique_ptr<StateStore> store_ = *SqliteStore::Open(":memory:");
  TestUpstream upstream_;
  SubmissionPolicy policy_;
  std::unique_ptr<Submissions> submissions_;
};

TEST_F(ARecovery, FindsWhatAnEarlierLifeHasSent) {
  const Entry entry = LeftBehind("a", Phase::kSending);
  upstream_.Take(entry.marker, "job 7");
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(Stored(entry)->phase, Phase::kDone);
  EXPECT_EQ(Stored(entry)->answer, "job 7");
}

TEST_F(ARecovery, ForgetsWhatWasNeverSent) {
  const Entry entry = LeftBehind("a", Phase::kBegun);
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(Stored(entry), std::nullopt);
  EXPECT_TRUE(upstream_.asked().empty());
}

TEST_F(ARecovery, ForgetsWhatIsAbsentOnlyOnceItHasSettled) {
  const Entry entry = LeftBehind("a", Phase::kSending);
  const absl::Time settled = scheduler_.Now() + policy_.settle;  // not before the start
  submissions_->Recover();
  while (scheduler_.Now() < settled) {
    AwaitPause();
    EXPECT_TRUE(Stored(entry).has_value());
    NextRound();
  }
  AwaitPause();
  EXPECT_EQ(Stored(entry), std::nullopt);
  EXPECT_EQ(scheduler_.Now(), settled);
}

TEST_F(ARecovery, AsksAgainAndAgainAndLessAndLessOften) {
  const Entry entry = LeftBehind("a", Phase::kSending);
  upstream_.to_questions = NotReached();
  std::vector<absl::Time> asked;
  upstream_.when_asked = [&](const CallContext&) { asked.push_back(scheduler_.Now()); };
  submissions_->Recover();
  for (int i = 0; i < 9; ++i) NextRound();
  AwaitPause();
  ASSERT_EQ(asked.size(), 10u);
  std::vector<absl::Duration> waits;
  for (std::size_t i = 1; i < asked.size(); ++i) waits.push_back(asked[i] - asked[i - 1]);
  EXPECT_EQ(waits.front(), absl::Seconds(1));
  EXPECT_TRUE(std::is_sorted(waits.begin(), waits.end()));
  EXPECT_EQ(waits.back(), absl::Minutes(1));
  EXPECT_EQ(Stored(entry), entry);

  upstream_.Take(entry.marker, "job 1");
  upstream_.to_questions = absl::OkStatus();
  NextRound();
  AwaitPause();
  EXPECT_EQ(Stored(entry)->answer, "job 1");
}

TEST_F(ARecovery, AsksASilentUpstreamOnceInARound) {
  for (const char* id : {"a", "b", "c"}) LeftBehind(id, Phase::kSending, "silent");
  LeftBehind("d", Phase::kSending, "other");
  upstream_.to_questions = NotReached();
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(upstream_.asked(), (std::vector<std::string>{"marker-of-a", "marker-of-d"}));
}

TEST_F(ARecovery, DoesNotComeBackForWhatTheUpstreamCanNeverTell) {
  const Entry entry = LeftBehind("a", Phase::kSending);
  upstream_.to_questions = KeepsNoMarkers();
  const absl::Time start = scheduler_.Now();
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(Stored(entry), entry);
  EXPECT_EQ(upstream_.asked().size(), 1u);
  EXPECT_GE(scheduler_.next(), start + absl::Hours(1));
}

TEST_F(ARecovery, LeavesAloneWhatNobodyCanAnswerFor) {
  const Entry foreign = LeftBehind("a", Phase::kSending, "main", "robot/StartJobs/folders/1");
  Entry unmarked = LeftBehind("b", Phase::kSending);
  ASSERT_TRUE(store_->Forget(unmarked.key).ok());
  unmarked.marker = "";
  ASSERT_TRUE(store_->Claim(unmarked).ok());
  const absl::Time start = scheduler_.Now();
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(Stored(foreign), foreign);
  EXPECT_EQ(Stored(unmarked), unmarked);
  EXPECT_TRUE(upstream_.asked().empty());
  EXPECT_GE(scheduler_.next(), start + absl::Hours(1));  // nothing to come back for
}

TEST_F(ARecovery, AsksTheOneWithTheLongestPrefix) {
  TestUpstream exact;
  submissions_->Register("jobqueue/CreateJob/", exact.finder());
  submissions_->Register("jobqueue/CreateJob/queues/other", upstream_.finder());
  const Entry entry = LeftBehind("a", Phase::kSending);
  exact.Take(entry.marker, "job of the exact one");
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(Stored(entry)->answer, "job of the exact one");
  EXPECT_TRUE(upstream_.asked().empty());
}

TEST_F(ARecovery, EndsAQuestionWhenItStops) {
  LeftBehind("a", Phase::kSending);
  std::latch asking(1);
  upstream_.when_asked = [&](const CallContext& context) {
    asking.count_down();
    const absl::Status ended = WaitUntil(context, scheduler_, absl::InfiniteFuture());
    EXPECT_TRUE(HasReason(ended, Reason::kCallerCancelled));
  };
  submissions_->Recover();
  asking.wait();
  submissions_->Stop();
}

TEST_F(ARecovery, AsksWithADeadline) {
  LeftBehind("a", Phase::kSending);
  const absl::Time start = scheduler_.Now();
  upstream_.when_asked = [&](const CallContext& context) {
    EXPECT_EQ(context.deadline(), start + policy_.ask_timeout);
    EXPECT_FALSE(context.identity().request_id.empty());
  };
  submissions_->Recover();
  AwaitPause();
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(ARecovery, ResolvesWhatACallHasLeft) {
  submissions_->Recover();
  AwaitPause();
  upstream_.reply = ReplyLost();
  upstream_.to_questions = NotReached();
  const Mutation create{.scope = kScope, .subject = "main", .request_id = "a", .payload = "p"};
  const CallContext ended(scheduler_.Now() + absl::Seconds(1), {}, {});
  Steps steps = upstream_.steps();
  steps.send = [&](const CallContext&, const std::string& marker) {
    const Answer answer = upstream_.Send(marker);
    upstream_.to_questions = absl::OkStatus();
    return answer;
  };
  steps.find = [](const CallContext&, const std::string&) { return NotReached(); };
  std::latch sent(1);
  upstream_.when_sent = [&] { sent.count_down(); };
  std::thread call([&] {
    const Answer answer = submissions_->Once(ended, create, steps);
    EXPECT_TRUE(HasReason(answer.status(), Reason::kSubmissionOutcomeUnknown));
  });
  // The call waits between its questions until its deadline.
  sent.wait();
  scheduler_.AwaitTasks(2);
  scheduler_.AdvanceTo(ended.deadline());
  call.join();
  scheduler_.AwaitTasks(2);  // the pause before the round, and the night's
  scheduler_.AdvanceBy(policy_.recovery.first_wait);
  scheduler_.AwaitTasks(2);
  EXPECT_EQ(store_->Read(MakeKey(kScope, "a")).value()->answer, "job 1");
}

TEST_F(ARecovery, LetsACallThatComesMeanwhileHaveItsAnswer) {
  const Mutation create{.scope = kScope, .subject = "main", .request_id = "a", .payload = "p"};
  Entry entry = LeftBehind("a", Phase::kSending);
  ASSERT_TRUE(store_->Forget(entry.key).ok());
  entry.fingerprint = Sha256Hex("p");
  ASSERT_TRUE(store_->Claim(entry).ok());
  upstream_.Take(entry.marker, "job 9");
  std::latch asking(1);
  std::latch go_on(1);
  upstream_.when_asked = [&](const CallContext&) {
    asking.count_down();
    go_on.wait();
  };
  submissions_->Recover();
  asking.wait();
  std::thread second([&] {
    EXPECT_EQ(submissions_->Once(CallContext(), create, upstream_.steps()).value(), "job 9");
  });
  scheduler_.AwaitTasks(1);
  go_on.count_down();
  second.join();
  EXPECT_EQ(upstream_.asked().size(), 1u);
  EXPECT_TRUE(upstream_.sent().empty());
}

TEST_F(ARecovery, DropsWhatIsOlderThanTheRetention) {
  for (int i = 0; i < 2500; ++i) {
    Entry entry{.key = MakeKey(kScope, std::to_string(i)), .fingerprint = "f"};
    entry.phase = Phase::kDone;
    entry.created = entry.updated = scheduler_.Now() - policy_.recovery.retention -
                                    (i == 0 ? -absl::Minutes(30) : absl::Seconds(1));
    ASSERT_TRUE(store_->Claim(entry).ok());
  }
  submissions_->Recover();
  AwaitPause();
  EXPECT_TRUE(store_->Read(MakeKey(kScope, "0")).value().has_value());
  EXPECT_EQ(store_->Read(MakeKey(kScope, "1")).value(), std::nullopt);
  EXPECT_EQ(store_->Read(MakeKey(kScope, "2499")).value(), std::nullopt);
  scheduler_.AdvanceBy(absl::Hours(1));
  AwaitPause();
  EXPECT_EQ(store_->Read(MakeKey(kScope, "0")).value(), std::nullopt);
}

}  // namespace
}  // namespace relais::state
