// Submissions whose answer, or whose way there, is lost: each ends as one job or as none, and never
// as two.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/submission.h"

namespace relais::integration {
namespace {

using sandbox::Fault;
using sandbox::Operation;
using sandbox::jobqueue::QueueOperation;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SubmissionLost : public GatewayTest {
 protected:
  void SetUp() override { Begin(); }

  void Begin(std::vector<std::string> queue = {}, const std::string& settle_time = "0.3s") {
    GatewayOptions options;
    options.sandbox.Of<sandbox::jobqueue::Options>().concurrency = 0;
    options.settings = {"state.settle_time=" + settle_time};
    options.queue = std::move(queue);
    Start(std::move(options));
    request_ = CreateRequest(UploadInput(gateway().queue_stub()), "the job");
  }

  Reply<jq::Job> Create(absl::Duration deadline = absl::Seconds(30)) {
    return integration::Create(gateway().queue_stub(), request_, deadline);
  }
  // Calls, which must succeed, until the jobs that there were ever are one, with this answer.
  void ExpectOneJobFromCallingAgain() {
    const Reply<jq::Job> reply = Create();
    ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
    ExpectOneJob(reply.message);
  }
  void ExpectOneJob(const jq::Job& job) {
    EXPECT_THAT(Submitted(sandbox(), "the job"), ElementsAre(job.name()));
    EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), SizeIs(1));
    EXPECT_EQ(job.display_name(), "the job");
    EXPECT_EQ(job.description(), "Nightly.");  // without the mark
  }
  void Disturb(Fault fault, Operation operation = QueueOperation::kJobsCreate) {
    fault.operation = operation;
    sandbox().faults().Add(std::move(fault));
  }
  std::int64_t Count(Operation operation) { return sandbox().traffic().Counts().Of(operation); }
  void Await(Operation operation, std::int64_t count) {
    while (Count(operation) < count) std::this_thread::yield();
  }
  static std::string Metadata(const grpc::Status& status, const std::string& key) {
    return FailureOf(status).metadata[key];
  }

  jq::CreateJobRequest request_;
};

TEST_F(SubmissionLost, AJobWhoseAnswerWasLostIsFoundByItsMark) {
  const std::vector<Fault> faults = {{.lose_answer = true},
                                     {.cut = sandbox::Cut::kMidBody},
                                     {.truncate = sandbox::Truncation{40, false}},
                                     {.truncate = sandbox::Truncation{40, true}}};
  for (const Fault& fault : faults) {
    Begin();
    Disturb(fault);
    const Reply<jq::Job> reply = Create();
    ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
    ExpectOneJob(reply.message);
    EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
    EXPECT_GE(Count(QueueOperation::kJobsList), 1);
  }
}

TEST_F(SubmissionLost, TheOtherMethodsFindTheirsToo) {
  const Reply<jq::Job> first = Create();
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  Disturb({.lose_answer = true});
  Disturb({.lose_answer = true}, QueueOperation::kJobsResubmit);
  const Reply<jq::Job> streamed = Submit(gateway().queue_stub(), "streamed", "steel");
  ASSERT_TRUE(streamed.status.ok()) << Describe(streamed.status);
  EXPECT_THAT(Submitted(sandbox(), "streamed"), ElementsAre(streamed.message.name()));
  jq::ResubmitJobRequest request;
  request.set_name(first.message.name());
  request.set_display_name("resubmitted");
  grpc::ClientContext context;
  SetDeadline(context);
  jq::Job job;
  const grpc::Status status = gateway().queue_stub().ResubmitJob(&context, request, &job);
  ASSERT_TRUE(status.ok()) << Describe(status);
  EXPECT_THAT(Submitted(sandbox(), "resubmitted"), ElementsAre(job.name()));
}

TEST_F(SubmissionLost, AnUpstreamThatIsSlowToAnswerHasTheJobAllTheSame) {
  Begin({"limits.attempt_timeout=0.2s"});
  Disturb({.hold_answer = absl::Hours(1)});
  const Reply<jq::Job> reply = Create();
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  ExpectOneJob(reply.message);
}

TEST_F(SubmissionLost, TheJobOfACallerWhoCouldNotWaitIsThereForTheNextCall) {
  Disturb({.hold_answer = absl::Hours(1)});
  EXPECT_EQ(Create(absl::Milliseconds(200)).status.error_code(), grpc::DEADLINE_EXCEEDED);
  ExpectOneJobFromCallingAgain();
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
}

TEST_F(SubmissionLost, TheJobOfACallerWhoHasGoneIsThereForTheNextCall) {
  Disturb({.hold_answer = absl::Hours(1)});
  grpc::ClientContext context;
  std::thread caller([&] {
    jq::Job job;
    EXPECT_EQ(gateway().queue_stub().CreateJob(&context, request_, &job).error_code(),
              grpc::CANCELLED);
  });
  Await(QueueOperation::kJobsCreate, 1);
  context.TryCancel();
  caller.join();
  ExpectOneJobFromCallingAgain();
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
}

TEST_F(SubmissionLost, AnUpstreamThatIsStillAtWorkIsWaitedFor) {
  Begin({}, "10s");
  Disturb({.latency = absl::Seconds(1)});
  // Whichever side sees the deadline first.
  EXPECT_THAT(Create(absl::Milliseconds(200)).status.error_code(),
              AnyOf(grpc::DEADLINE_EXCEEDED, grpc::UNKNOWN));
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
  ExpectOneJobFromCallingAgain();
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
}

TEST_F(SubmissionLost, WhatCannotBeAskedForIsUnknownUntilItCan) {
  Disturb({.lose_answer = true});
  Disturb({.status = 500}, QueueOperation::kJobsList);
  const grpc::Status lost = Create().status;
  EXPECT_TRUE(Fails(lost, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  EXPECT_EQ(Metadata(lost, "outcome"), "unknown");
  EXPECT_EQ(Metadata(lost, "submissionRequestId"), "the job");
  EXPECT_TRUE(FailureOf(lost).retry_after.has_value());
  EXPECT_TRUE(Fails(Create().status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  sandbox().faults().Clear();
  ExpectOneJobFromCallingAgain();
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
}

TEST_F(SubmissionLost, ACallerWithoutARequestIdIsToldOneToAskAgainWith) {
  Disturb({.lose_answer = true});
  Disturb({.status = 500}, QueueOperation::kJobsList);
  request_.clear_request_id();
  const grpc::Status lost = Create().status;
  EXPECT_TRUE(Fails(lost, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  sandbox().faults().Clear();
  request_.set_request_id(Metadata(lost, "submissionRequestId"));
  ExpectOneJobFromCallingAgain();
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
}

TEST_F(SubmissionLost, WithoutAMarkAnUnknownOutcomeStaysUnknown) {
  Begin({"marker=none"});
  Disturb({.count = 1, .lose_answer = true});
  for (int call = 0; call < 3; ++call) {
    const grpc::Status status = Create().status;
    EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
    EXPECT_FALSE(FailureOf(status).retry_after.has_value());  // that would not help
  }
  EXPECT_THAT(Submitted(sandbox(), "the job"), SizeIs(1));
  EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);
  EXPECT_EQ(Count(QueueOperation::kJobsList), 0);
  const std::vector<sandbox::jobqueue::LedgerEntry> ledger =
      sandbox::jobqueue::QueueOf(sandbox()).Ledger();
  EXPECT_EQ(ledger.at(0).description, "Nightly.");
}

TEST_F(SubmissionLost, WithoutAMarkAnAnswerThatArrivesIsRemembered) {
  Begin({"marker=none"});
  const Reply<jq::Job> first = Create();
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  ExpectOneJob(first.message);
  ExpectOneJobFromCallingAgain();
}

TEST_F(SubmissionLost, WhatIsKnownNotToHaveBeenTakenMayBeCalledAgain) {
  struct Case {
    Fault fault;
    grpc::StatusCode code;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {{.status = 503}, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"},
      {{.status = 504}, grpc::UNAVAILABLE, "UPSTREAM_TIMEOUT"},
      {{.status = 500, .html = true}, grpc::INTERNAL, "UPSTREAM_FAILED"},
      {{.html = true}, grpc::UNAVAILABLE, "UPSTREAM_MALFORMED_RESPONSE"},
      {{.cut = sandbox::Cut::kBeforeReply}, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"}};
  for (const Case& one : cases) {
    Begin();
    Disturb(one.fault);
    const grpc::Status status = Create().status;
    EXPECT_TRUE(Fails(status, one.code, one.reason)) << Describe(status);
    EXPECT_EQ(Metadata(status, "outcome"), "none");
    EXPECT_EQ(FailureOf(status).retry_after.has_value(), one.code == grpc::UNAVAILABLE);
    EXPECT_EQ(Count(QueueOperation::kJobsCreate), 1);  // and was not sent on a guess
    EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
    sandbox().faults().Clear();
    ExpectOneJobFromCallingAgain();
  }
}

TEST_F(SubmissionLost, ARefusalIsFinalAndFreesTheRequestId) {
  struct Case {
    int status;
    grpc::StatusCode code;
    const char* reason;
  };
  for (const Case& one :
       std::vector<Case>{{400, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"},
                         {403, grpc::PERMISSION_DENIED, "ACCESS_DENIED"},
                         {429, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"},
                         {501, grpc::UNIMPLEMENTED, "UPSTREAM_UNSUPPORTED"}}) {
    Begin();
    Disturb({.status = one.status, .retry_after = "0"});
    EXPECT_TRUE(Fails(Create().status, one.code, one.reason));
    EXPECT_EQ(Count(QueueOperation::kJobsList), 0);
    EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
    sandbox().faults().Clear();
    request_.mutable_definition()->set_culture("en-US");  // other arguments than those refused
    ExpectOneJobFromCallingAgain();
  }
}

TEST_F(SubmissionLost, NothingIsSubmittedToAnUpstreamThatIsNotThere) {
  const int port = sandbox().http_port();
  sandbox().Stop();
  const grpc::Status status = Create().status;
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
  sandbox::SandboxOptions options;
  options.port = port;
  options.Of<sandbox::recordsql::Options>().movement_rows = 100;
  const auto back = sandbox::Sandbox::Start(std::move(options));
  ASSERT_TRUE(back.ok()) << back.status().message();
  request_ = CreateRequest(UploadInput(gateway().queue_stub()), "the job");
  const Reply<jq::Job> reply = Create();
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_THAT(Submitted(**back, "the job"), ElementsAre(reply.message.name()));
}

}  // namespace
}  // namespace relais::integration
