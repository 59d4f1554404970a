#include "server/core/state/submissions.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submission_errors.h"
#include "server/core/state/test_upstream.h"
#include "tests/support/manual_scheduler.h"

namespace relais::state {
namespace {

Mutation Create(const std::string& request_id, const std::string& payload = "payload") {
  return {.scope = "jobqueue/CreateJob/queues/main",
          .subject = "main",
          .request_id = request_id,
          .payload = payload};
}

// One thread: waits take no time.
class ASubmission : public testing::Test {
 protected:
  ASubmission() {
    scheduler_.SkipWaits();
    Restart();
  }

  // A new life of the gateway over the same state.
  void Restart() {
    submissions_.reset();
    submissions_ = std::make_unique<Submissions>(*store_, scheduler_, policy_);
  }

  Answer Once(const Mutation& mutation, bool markers = true) {
    return submissions_->Once(CallContext(), mutation, upstream_.steps(markers));
  }
  std::optional<Entry> StoredOf(const Mutation& mutation) {
    return store_->Read(MakeKey(mutation.scope, mutation.request_id)).value();
  }

  ManualScheduler scheduler_;
  SubmissionPolicy policy_;
  std::unique_ptr<StateStore> store_ = *SqliteStore::Open(":memory:");
  TestUpstream upstream_;
  std::unique_ptr<Submissions> submissions_;
};

TEST_F(ASubmission, HappensOnceAndAnswersAlike) {
  EXPECT_EQ(Once(Create("id-1")).value(), "job 1");
  EXPECT_EQ(Once(Create("id-1")).value(), "job 1");
  Restart();
  EXPECT_EQ(Once(Create("id-1")).value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
  EXPECT_EQ(Once(Create("id-2")).value(), "job 2");
}

TEST_F(ASubmission, WithoutARequestIdHappensEveryTime) {
  EXPECT_EQ(Once(Create("")).value(), "job 1");
  EXPECT_EQ(Once(Create("")).value(), "job 2");
}

TEST_F(ASubmission, IsWrittenDownBeforeEachStep) {
  const Mutation create = Create("id");
  Steps steps = upstream_.steps();
  steps.prepare = [&](const CallContext&) {
    EXPECT_EQ(StoredOf(create)->phase, Phase::kBegun);
    return absl::OkStatus();
  };
  upstream_.when_sent = [&] {
    EXPECT_EQ(StoredOf(create)->phase, Phase::kSending);
    EXPECT_EQ(StoredOf(create)->subject, "main");
  };
  ASSERT_TRUE(submissions_->Once(CallContext(), create, steps).ok());
  EXPECT_EQ(StoredOf(create)->phase, Phase::kDone);
  EXPECT_EQ(StoredOf(create)->answer, "job 1");
  EXPECT_EQ(upstream_.sent(), std::vector<std::string>{StoredOf(create)->marker});
}

TEST_F(ASubmission, BearsAShortMarkerThatIsItsOwn) {
  std::set<std::string> markers;
  for (const Mutation& mutation : {Create("id"), Create("other id"), Create("")}) {
    ASSERT_TRUE(Once(mutation).ok());
    markers.insert(upstream_.sent().back());
  }
  Mutation elsewhere = Create("id");
  elsewhere.scope = "jobqueue/CreateJob/queues/other";
  ASSERT_TRUE(Once(elsewhere).ok());
  markers.insert(upstream_.sent().back());
  EXPECT_EQ(markers.size(), 4u);
  for (const std::string& marker : markers) {
    EXPECT_EQ(marker.size(), 16u);
    EXPECT_EQ(marker.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
  }
}

TEST_F(ASubmission, KeepsItsMarkerFromOneTryToTheNext) {
  upstream_.takes = false;
  upstream_.reply = NotReached();
  EXPECT_FALSE(Once(Create("id")).ok());
  Restart();
  EXPECT_FALSE(Once(Create("id")).ok());
  ASSERT_EQ(upstream_.sent().size(), 2u);
  EXPECT_EQ(upstream_.sent()[0], upstream_.sent()[1]);
}

// The state file was lost, or an earlier copy of it put back.
TEST_F(ASubmission, ThatTheUpstreamHasAndTheStoreHasNotIsNotSentAgain) {
  policy_.ask_before_first = true;
  Restart();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  ASSERT_TRUE(store_->Forget(StoredOf(Create("id")).value().key).ok());
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
  // The copy knows that it was begun, and not that it was sent.
  Entry begun = StoredOf(Create("id")).value();
  begun.phase = Phase::kBegun;
  begun.answer.clear();
  ASSERT_TRUE(store_->Forget(begun.key).ok());
  ASSERT_TRUE(store_->Claim(begun).ok());
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
  // What cannot be asked for is not sent; what has a new id need not be asked for.
  upstream_.to_questions = NotReached();
  EXPECT_TRUE(HasReason(Once(Create("other id")).status(), Reason::kUpstreamUnreachable));
  EXPECT_EQ(upstream_.sent().size(), 1u);
  EXPECT_TRUE(Once(Create("")).ok());
  // After the retention a caller has no reason to repeat anything.
  scheduler_.AdvanceBy(policy_.recovery.retention);
  EXPECT_TRUE(Once(Create("other id")).ok());
}

// A name may be somebody else's.
TEST_F(ASubmission, ThatIsFoundByItsNameIsAskedForOnlyOnceItWasSent) {
  policy_.ask_before_first = true;
  Restart();
  Steps steps;
  steps.marked = false;
  steps.prepare = [&](const CallContext& context) {
    return *upstream_.Find(context, "name") ? absl::AlreadyExistsError("") : absl::OkStatus();
  };
  steps.send = [&](const CallContext&, const std::string&) { return upstream_.Send("name"); };
  steps.find = [&](const CallContext& context, const std::string&) {
    return upstream_.Find(context, "name");
  };
  const auto once = [&](const std::string& id) {
    return submissions_->Once(CallContext(), Create(id), steps);
  };
  upstream_.reply = ReplyLost();
  EXPECT_EQ(once("id").value(), "job 1");
  // The store knows that it was sent, then nothing of it, then only that it was begun.
  Entry entry = StoredOf(Create("id")).value();
  const std::vector<std::optional<Phase>> known = {Phase::kSending, std::nullopt, Phase::kBegun};
  for (const std::optional<Phase>& phase : known) {
    Restart();
    ASSERT_TRUE(store_->Forget(entry.key).ok());
    entry.answer.clear();
    entry.phase = phase.value_or(Phase::kBegun);
    if (phase) {
      ASSERT_TRUE(store_->Claim(entry).ok());
    }
    const Answer answer = once("id");
    if (phase == Phase::kSending) {
      EXPECT_EQ(answer.value(), "job 1");
    } else {
      EXPECT_EQ(answer.status().code(), absl::StatusCode::kAlreadyExists);
    }
  }
  EXPECT_EQ(once("").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ASubmission, RefusesItsRequestIdForOtherArguments) {
  ASSERT_TRUE(Once(Create("id")).ok());
  const Answer answer = Once(Create("id", "other payload"));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(HasReason(answer.status(), Reason::kRequestIdReused));
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ASubmission, RefusesRequestIdsThatAreNotPrintableOrTooLong) {
  ASSERT_TRUE(Once(Create(std::string(128, '~'))).ok());
  ASSERT_TRUE(Once(Create(" ")).ok());
  for (const std::string& id : {std::string(129, 'x'), std::string("a\nb"), std::string("a\0b", 3),
                                std::string("é"), std::string("\x7f"), std::string("\t")}) {
    Mutation create = Create(id);
    create.field = "start.request_id";
    const Answer answer = Once(create);
    ASSERT_FALSE(answer.ok());
    const ErrorDetails details = DetailsOf(answer.status());
    EXPECT_EQ(details.reason, Reason::kInvalidRequest);
    ASSERT_EQ(details.violations.size(), 1u);
    EXPECT_EQ(details.violations[0].field, "start.request_id");
  }
  EXPECT_EQ(upstream_.sent().size(), 2u);
}

TEST_F(ASubmission, ThatCertainlyFailedIsForgotten) {
  upstream_.takes = false;
  for (const absl::Status& failure :
       {NotReached(),
        absl::Status(Error(absl::StatusCode::kInvalidArgument, Reason::kUpstreamRejectedRequest)
                         .With("httpStatus", "400")
                     << "No.")}) {
    upstream_.reply = failure;
    EXPECT_EQ(Once(Create("id")).status(), failure);
    EXPECT_EQ(StoredOf(Create("id")), std::nullopt);
  }
  EXPECT_TRUE(upstream_.asked().empty());
  upstream_.takes = true;
  upstream_.reply = absl::OkStatus();
  EXPECT_EQ(Once(Create("id", "other payload")).value(), "job 1");
}

TEST_F(ASubmission, ThatCouldNotBePreparedIsForgotten) {
  Steps steps = upstream_.steps();
  steps.prepare = [](const CallContext&) { return ReplyLost(); };
  EXPECT_EQ(submissions_->Once(CallContext(), Create("id"), steps).status(), ReplyLost());
  EXPECT_TRUE(upstream_.sent().empty());
  EXPECT_EQ(StoredOf(Create("id")), std::nullopt);
}

TEST_F(ASubmission, WhoseReplyWasLostIsFound) {
  upstream_.reply = ReplyLost();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  EXPECT_EQ(upstream_.asked(), upstream_.sent());
  EXPECT_EQ(StoredOf(Create("id"))->answer, "job 1");
}

TEST_F(ASubmission, ThatTheUpstreamTakesLateIsFound) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  upstream_.when_asked = [this](const CallContext&) {
    if (upstream_.asked().size() == 4) upstream_.Take(upstream_.sent()[0], "late job");
  };
  EXPECT_EQ(Once(Create("id")).value(), "late job");
}

// A machine that wakes up, or is set right, between the loss and the moment when it turns up.
TEST_F(ASubmission, IsFoundHoweverTheWallClockIsSet) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  for (const absl::Duration step : {absl::Seconds(30), -absl::Minutes(10), absl::Hours(1)}) {
    int asked = 0;
    upstream_.when_asked = [&](const CallContext&) {
      if (asked++ == 0) scheduler_.StepWall(step);
      if (asked == 3) upstream_.Take(upstream_.sent().back(), "late job");
    };
    EXPECT_EQ(Once(Create(absl::FormatDuration(step))).value(), "late job") << step;
  }
}

TEST_F(ASubmission, LeftByAnEarlierLifeSettlesHoweverTheWallClockIsSet) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  upstream_.to_questions = NotReached();
  EXPECT_FALSE(Once(Create("id")).ok());
  scheduler_.StepWall(absl::Hours(1));
  Restart();
  const absl::Time restarted = scheduler_.Now();
  upstream_.to_questions = absl::OkStatus();
  int asked = 0;
  upstream_.when_asked = [&](const CallContext&) {
    if (++asked == 3) upstream_.Take(upstream_.sent().back(), "late job");
  };
  EXPECT_EQ(Once(Create("id")).value(), "late job");
  EXPECT_EQ(upstream_.sent().size(), 1u);
  EXPECT_LT(scheduler_.Now() - restarted, SubmissionPolicy().settle);
}

TEST_F(ASubmission, ThatWasLostIsKnownAbsentOnceItHasSettled) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  const absl::Time start = scheduler_.Now();
  absl::Time last_asked;
  upstream_.when_asked = [&](const CallContext&) { last_asked = scheduler_.Now(); };
  const absl::Status status = Once(Create("id")).status();
  EXPECT_EQ(last_asked, start + SubmissionPolicy().settle);
  EXPECT_GT(upstream_.asked().size(), 2u);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(),
            "The upstream could not be reached: the connection was lost. Nothing was submitted; "
            "the call may be repeated.");
  EXPECT_TRUE(DetailsOf(status).retry_after.has_value());
  EXPECT_EQ(MetadataOf(status, "outcome"), "none");
  EXPECT_EQ(MetadataOf(status, "attempts"), "1");
  EXPECT_EQ(StoredOf(Create("id")), std::nullopt);

  upstream_.takes = true;
  upstream_.reply = absl::OkStatus();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
}

TEST_F(ASubmission, ThatFailedUpstreamKeepsItsCode) {
  upstream_.takes = false;
  upstream_.reply =
      Error(absl::StatusCode::kInternal, Reason::kUpstreamFailed).With("httpStatus", "500")
      << "The upstream failed to process the request.";
  const absl::Status status = Once(Create("id")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamFailed));
  EXPECT_FALSE(DetailsOf(status).retry_after.has_value());
}

TEST_F(ASubmission, WhoseUpstreamCannotBeAskedIsUnknownAndNotSentAgain) {
  upstream_.reply = ReplyLost();
  upstream_.to_questions = NotReached();
  for (int i = 0; i < 2; ++i) {
    const absl::Status status = Once(Create("id")).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
    EXPECT_TRUE(HasReason(status, Reason::kSubmissionOutcomeUnknown));
    EXPECT_TRUE(DetailsOf(status).retry_after.has_value());
    EXPECT_EQ(MetadataOf(status, "submissionRequestId"), "id");
    EXPECT_EQ(MetadataOf(status, "outcome"), "unknown");
    EXPECT_EQ(StoredOf(Create("id"))->phase, Phase::kSending);
  }
  EXPECT_TRUE(HasReason(Once(Create("id", "other")).status(), Reason::kRequestIdReused));
  upstream_.to_questions = absl::OkStatus();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ASubmission, TellsTheRequestIdThatItMade) {
  upstream_.reply = ReplyLost();
  upstream_.to_questions = NotReached();
  const absl::Status status = Once(Create("")).status();
  const std::string made = MetadataOf(status, "submissionRequestId");
  EXPECT_EQ(made.size(), 32u);
  upstream_.to_questions = absl::OkStatus();
  EXPECT_EQ(Once(Create(made)).value(), "job 1");
}

TEST_F(ASubmission, WithoutMarkersStaysUnknown) {
  upstream_.reply = ReplyLost();
  for (int i = 0; i < 2; ++i) {
    const absl::Status status = Once(Create("id"), /*markers=*/false).status();
    EXPECT_TRUE(HasReason(status, Reason::kSubmissionOutcomeUnknown));
    EXPECT_EQ(DetailsOf(status).retry_after, std::nullopt);
    Restart();
  }
  // Also when they are switched on later: it was sent without one.
  EXPECT_TRUE(HasReason(Once(Create("id")).status(), Reason::kSubmissionOutcomeUnknown));
  EXPECT_EQ(upstream_.sent(), std::vector<std::string>{""});
}

// Of an upstream that, as its answers tell, keeps no markers.
TEST_F(ASubmission, ThatNobodyCanEverBeAskedForIsNotToBeRepeated) {
  upstream_.reply = ReplyLost();
  upstream_.to_questions = KeepsNoMarkers();
  for (const bool markers : {true, true, false}) {
    const absl::Status status = Once(Create("id"), markers).status();
    EXPECT_TRUE(HasReason(status, Reason::kSubmissionOutcomeUnknown));
    EXPECT_EQ(DetailsOf(status).retry_after, std::nullopt);
    EXPECT_EQ(MetadataOf(status, "outcome"), "unknown");
    Restart();
  }
  EXPECT_EQ(upstream_.sent().size(), 1u);
}

TEST_F(ASubmission, ThatNobodyCanBeAskedForIsSentAlsoByAStoreThatMayBeOld) {
  policy_.ask_before_first = true;
  Restart();
  upstream_.to_questions = KeepsNoMarkers();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
  EXPECT_EQ(Once(Create("id")).value(), "job 1");
}

TEST_F(ASubmission, OfAnEarlierLifeIsResolvedBeforeItIsSentAgain) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  upstream_.to_questions = NotReached();
  ASSERT_FALSE(Once(Create("id")).ok());
  Restart();
  upstream_.to_questions = upstream_.reply = absl::OkStatus();
  upstream_.takes = true;
  const absl::Time start = scheduler_.Now();
  EXPECT_EQ(Once(Create("id")).value(), "job 1");  // absent, therefore sent
  EXPECT_GE(scheduler_.Now(), start + SubmissionPolicy().settle);
  EXPECT_EQ(upstream_.sent().size(), 2u);
  EXPECT_EQ(upstream_.sent()[0], upstream_.sent()[1]);
}

TEST_F(ASubmission, IsNotSentForACallThatHasEnded) {
  std::stop_source stop;
  stop.request_stop();
  const CallContext cancelled(absl::InfiniteFuture(), stop.get_token(), {});
  const CallContext late(scheduler_.Now(), {}, {});
  for (const CallContext& context : {cancelled, late}) {
    EXPECT_FALSE(submissions_->Once(context, Create("id"), upstream_.steps()).ok());
    EXPECT_EQ(StoredOf(Create("id")), std::nullopt);
  }
  EXPECT_TRUE(upstream_.sent().empty());
}

TEST_F(ASubmission, IsAskedForOnceMoreWhenItsCallHasEnded) {
  std::stop_source stop;
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  upstream_.reply =
      Error(absl::StatusCode::kCancelled, Reason::kCallerCancelled).With("outcome", "unknown")
      << "The caller has cancelled the call.";
  upstream_.when_sent = [&] { stop.request_stop(); };
  upstream_.when_asked = [&](const CallContext& asking) {
    EXPECT_TRUE(asking.Check(scheduler_.Now()).ok());
    EXPECT_EQ(asking.deadline(), scheduler_.Now() + SubmissionPolicy().ask_timeout);
  };
  EXPECT_EQ(submissions_->Once(context, Create("id"), upstream_.steps()).value(), "job 1");

  upstream_.takes = false;
  const CallContext short_call(scheduler_.Now() + absl::Seconds(1), {}, {});
  Steps steps = upstream_.steps();
  steps.send = [&](const CallContext& call, const std::string&) -> Answer {
    scheduler_.AdvanceTo(call.deadline());
    return call.Check(scheduler_.Now());
  };
  const Answer answer = submissions_->Once(short_call, Create("id 2"), steps);
  EXPECT_TRUE(HasReason(answer.status(), Reason::kSubmissionOutcomeUnknown)) << answer.status();
  EXPECT_EQ(upstream_.asked().size(), 2u);
}

TEST_F(ASubmission, StaysWithTheDeadlineOfItsCallWhileItAsks) {
  upstream_.takes = false;
  upstream_.reply = ReplyLost();
  const absl::Time deadline = scheduler_.Now() + absl::Seconds(3);
  upstream_.when_asked = [&](const CallContext& asking) { EXPECT_LE(asking.deadline(), deadline); };
  const CallContext context(deadline, {}, {});
  const absl::Status status = submissions_->Once(context, Create("id"), upstream_.steps()).status();
  EXPECT_TRUE(HasReason(status, Reason::kSubmissionOutcomeUnknown));
  EXPECT_EQ(scheduler_.Now(), deadline);
}

TEST_F(ASubmission, RemembersTheAnswersOfRepeatableMutations) {
  int runs = 0;
  absl::Status failure = NotReached();
  const auto run = [&](const CallContext&) -> Answer {
    ++runs;
    if (!failure.ok()) return failure;
    return "answer " + std::to_string(runs);
  };
  const auto remember = [&](const Mutation& mutation) {
    return submissions_->Remember(CallContext(), mutation, run);
  };
  EXPECT_EQ(remember(Create("id")).status(), failure);
  failure = absl::OkStatus();
  EXPECT_EQ(remember(Create("id")).value(), "answer 2");
  EXPECT_EQ(remember(Create("id")).value(), "answer 2");
  Restart();
  EXPECT_EQ(remember(Create("id")).value(), "answer 2");
  EXPECT_TRUE(HasReason(remember(Create("id", "other")).status(), Reason::kRequestIdReused));
  EXPECT_TRUE(HasReason(remember(Create("\n")).status(), Reason::kInvalidRequest));
  EXPECT_EQ(remember(Create("")).value(), "answer 3");
  EXPECT_EQ(remember(Create("")).value(), "answer 4");
}

TEST_F(ASubmission, WithoutMarkersIsConcludedByWhoKnows) {
  const auto submit = [&](const char* id) {
    return submissions_->Once(CallContext(), Create(id), upstream_.steps(/*markers=*/false));
  };
  const std::string scope = Create("id").scope;
  upstream_.reply = ReplyLost();
  EXPECT_TRUE(HasReason(submit("taken").status(), Reason::kSubmissionOutcomeUnknown));
  EXPECT_TRUE(HasReason(submit("not taken").status(), Reason::kSubmissionOutcomeUnknown));
  Restart();
  EXPECT_TRUE(HasReason(submit("taken").status(), Reason::kSubmissionOutcomeUnknown));
  EXPECT_EQ(upstream_.sent().size(), 2U) << "it was sent on a guess";
  EXPECT_TRUE(submissions_->Conclude(scope, "taken", "job 7").ok());
  EXPECT_TRUE(submissions_->Conclude(scope, "not taken", std::nullopt).ok());
  upstream_.reply = absl::OkStatus();
  EXPECT_EQ(submit("taken").value(), "job 7");
  EXPECT_TRUE(submit("not taken").ok());
  EXPECT_EQ(upstream_.sent().size(), 3U);
  for (const char* id : {"taken", "not taken", "never seen"}) {
    EXPECT_TRUE(HasReason(submissions_->Conclude(scope, id, "job 8"), Reason::kResourceNotFound));
  }
}

}  // namespace
}  // namespace relais::state
