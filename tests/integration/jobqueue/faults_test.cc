// What a caller gets when the job queue misbehaves: the exact status, reason and details.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What the sandbox does, and what becomes of a call that may be repeated.
struct Trouble {
  sandbox::Fault fault;
  grpc::StatusCode code;
  const char* reason;
  const char* attempts;
};

const std::vector<Trouble>& Troubles() {
  static const auto* const kTroubles = new std::vector<Trouble>{
      {{.status = 503}, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE", "2"},
      {{.html = true}, grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE", "1"},
      {{.status = 500, .html = true}, grpc::INTERNAL, "UPSTREAM_FAILED", "1"},
      {{.truncate = sandbox::Truncation{0, false}},
       grpc::INTERNAL,
       "UPSTREAM_MALFORMED_RESPONSE",
       "1"},
      {{.truncate = sandbox::Truncation{10, true}}, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE", "2"},
      {{.latency = absl::Hours(1)}, grpc::UNAVAILABLE, "UPSTREAM_TIMEOUT", "2"},
      {{.cut = sandbox::Cut::kBeforeReply}, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE", "2"},
      {{.cut = sandbox::Cut::kMidBody}, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE", "2"}};
  return *kTroubles;
}

class JobQueueFaults : public JobQueueTest {
 protected:
  JobQueueFaults() {
    Start(sandbox::jobqueue::Options(),
          {"limits.max_attempts=2", "limits.attempt_timeout=0.3s", "limits.breaker_failures=1000",
           "limits.retry_budget_percent=100"});
  }
  void OnlyDisturb(Operation operation, const sandbox::Fault& fault) {
    sandbox().faults().Clear();
    Disturb(operation, fault);
  }
  // That every trouble with `operation` shows in `call` as it should, and is over when it is.
  void Check(Operation operation, const std::function<grpc::Status()>& call) {
    for (const Trouble& trouble : Troubles()) {
      OnlyDisturb(operation, trouble.fault);
      const grpc::Status status = call();
      EXPECT_TRUE(Fails(status, trouble.code, trouble.reason));
      EXPECT_EQ(FailureOf(status).metadata["attempts"], trouble.attempts) << trouble.reason;
    }
    sandbox().faults().Clear();
    EXPECT_TRUE(call().ok());
  }
  grpc::Status List() {
    return client().Call(&QueueStub::ListJobs, "parent: 'queues/sandbox'").status;
  }
  grpc::Status Read(const std::string& job) {
    return client().Call(&QueueStub::GetJob, absl::StrCat("name: '", job, "'")).status;
  }
  grpc::Status Create(const std::string& request_id = "") {
    return client().Submit(TextImport("Import"), TextImportFiles(), request_id).status;
  }
  std::size_t Jobs() { return sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(); }
};

TEST_F(JobQueueFaults, AListThatFailsIsReported) {
  Check(QueueOperation::kJobsList, [this] { return List(); });
}

TEST_F(JobQueueFaults, AReadThatFailsIsReported) {
  const std::string job = Seed("Job");
  Check(QueueOperation::kJobsGet, [&] { return Read(job); });
}

TEST_F(JobQueueFaults, AnUploadThatFailsIsReported) {
  for (const Trouble& trouble : Troubles()) {
    if (trouble.fault.latency > absl::ZeroDuration()) continue;  // uploads have a time of their own
    OnlyDisturb(QueueOperation::kFilesUpload, trouble.fault);
    const grpc::Status status = client().Upload("a", "content").status;
    EXPECT_TRUE(Fails(status, trouble.code, trouble.reason));
    EXPECT_EQ(FailureOf(status).metadata["attempts"], trouble.attempts) << trouble.reason;
  }
  OnlyDisturb(QueueOperation::kFilesUpload, {.count = 1, .status = 503});
  EXPECT_TRUE(client().Upload("a", "content").status.ok());
}

TEST_F(JobQueueFaults, AnUploadMayTakeAsLongAsATransfer) {
  Start(sandbox::jobqueue::Options(),
        {"limits.max_attempts=1", "limits.attempt_timeout=0.1s", "transfer_timeout=1s"});
  OnlyDisturb(QueueOperation::kFilesUpload, {.latency = absl::Milliseconds(300)});
  EXPECT_TRUE(client().Upload("a", "content").status.ok());
  OnlyDisturb(QueueOperation::kFilesUpload, {.latency = absl::Hours(1)});
  EXPECT_TRUE(Fails(client().Upload("a", "content").status, grpc::UNAVAILABLE, "UPSTREAM_TIMEOUT"));
}

TEST_F(JobQueueFaults, ASubmissionThatWasNotTakenMayBeRepeatedAndIsNotSentTwice) {
  for (const auto& [fault, reason] :
       {std::pair(sandbox::Fault{.status = 503}, "UPSTREAM_UNAVAILABLE"),
        {sandbox::Fault{.html = true}, "UPSTREAM_MALFORMED_RESPONSE"},
        {sandbox::Fault{.latency = absl::Hours(1)}, "UPSTREAM_TIMEOUT"},
        {sandbox::Fault{.cut = sandbox::Cut::kBeforeReply}, "UPSTREAM_UNREACHABLE"}}) {
    OnlyDisturb(QueueOperation::kJobsCreate, fault);
    const std::int64_t asked = Asked(QueueOperation::kJobsCreate);
    const grpc::Status status = Create("one");
    EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, reason));
    EXPECT_EQ(FailureOf(status).metadata["outcome"], "none") << reason;
    EXPECT_TRUE(FailureOf(status).retry_after.has_value());
    EXPECT_THAT(status.error_message(), HasSubstr("Nothing was submitted"));
    EXPECT_EQ(Asked(QueueOperation::kJobsCreate), asked + 1);
  }
  OnlyDisturb(QueueOperation::kJobsCreate, {.status = 500, .html = true});
  EXPECT_TRUE(Fails(Create("one"), grpc::INTERNAL, "UPSTREAM_FAILED"));
  EXPECT_EQ(Jobs(), 0u);
  sandbox().faults().Clear();
  EXPECT_TRUE(Create("one").ok());
  EXPECT_EQ(Jobs(), 1u);
}

TEST_F(JobQueueFaults, ASubmissionWhoseAnswerIsDamagedIsFoundAgain) {
  std::size_t jobs = 0;
  for (const sandbox::Fault& fault :
       {sandbox::Fault{.lose_answer = true}, sandbox::Fault{.hold_answer = absl::Hours(1)},
        sandbox::Fault{.truncate = sandbox::Truncation{40, false}},
        sandbox::Fault{.truncate = sandbox::Truncation{40, true}},
        sandbox::Fault{.cut = sandbox::Cut::kMidBody}}) {
    OnlyDisturb(QueueOperation::kJobsCreate, fault);
    const grpc::Status status = Create();
    EXPECT_TRUE(status.ok()) << Describe(status);
    EXPECT_EQ(Jobs(), ++jobs);
  }
  OnlyDisturb(QueueOperation::kJobsResubmit, {.lose_answer = true});
  const auto again = client().Call(
      &QueueStub::ResubmitJob,
      absl::StrCat("name: '", JobNameOf(sandbox::jobqueue::QueueOf(sandbox()).Ledger()[0].id),
                   "'"));
  EXPECT_TRUE(again.status.ok()) << Describe(again.status);
  EXPECT_EQ(again.message.description(), "");
  EXPECT_EQ(Jobs(), jobs + 1);
}

TEST_F(JobQueueFaults, WhatCannotBeKnownIsAskedAgainLater) {
  OnlyDisturb(QueueOperation::kJobsCreate, {.count = 1, .lose_answer = true});
  Disturb(QueueOperation::kJobsList, {.status = 503});
  const grpc::Status status = Create("one");
  EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  EXPECT_EQ(FailureOf(status).metadata["outcome"], "unknown");
  EXPECT_TRUE(FailureOf(status).retry_after.has_value());
  sandbox().faults().Clear();
  EXPECT_TRUE(Create("one").ok());
  EXPECT_EQ(Jobs(), 1u);
  EXPECT_EQ(Asked(QueueOperation::kJobsCreate), 1);
}

TEST_F(JobQueueFaults, WithoutAMarkALostAnswerStaysUnknown) {
  Start(sandbox::jobqueue::Options(), {"marker=none"});
  OnlyDisturb(QueueOperation::kJobsCreate, {.count = 1, .lose_answer = true});
  for (int i = 0; i < 2; ++i) {
    const grpc::Status status = Create("one");
    EXPECT_TRUE(Fails(status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
    EXPECT_FALSE(FailureOf(status).retry_after.has_value());
  }
  EXPECT_EQ(Jobs(), 1u);
}

TEST_F(JobQueueFaults, ChangesThatLoseTheirAnswerAreRepeated) {
  const std::string job = Seed("Job", sandbox::jobqueue::JobStatus::kPending);
  OnlyDisturb(QueueOperation::kJobsUpdate, {.count = 1, .lose_answer = true});
  const auto reply = client().Call(&QueueStub::UpdateJob,
                                   absl::StrCat("job { name: '", job,
                                                "' display_name: 'New' } update_mask { paths: "
                                                "'display_name' }"));
  EXPECT_EQ(reply.message.display_name(), "New") << Describe(reply.status);
  EXPECT_EQ(Asked(QueueOperation::kJobsUpdate), 2);
}

TEST_F(JobQueueFaults, EveryRefusalHasItsReason) {
  const std::string job = Seed("Job");
  const std::tuple<int, grpc::StatusCode, const char*> refusals[] = {
      {400, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"},
      {422, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"},
      {403, grpc::PERMISSION_DENIED, "ACCESS_DENIED"},
      {404, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"},
      {410, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"},
      {405, grpc::INTERNAL, "UPSTREAM_CONTRACT_BROKEN"},
      {409, grpc::ABORTED, "RESOURCE_CONFLICT"},
      {412, grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"},
      {413, grpc::OUT_OF_RANGE, "REQUEST_OUT_OF_RANGE"},
      {501, grpc::UNIMPLEMENTED, "UPSTREAM_UNSUPPORTED"},
      // Nothing is asked behind it.
      {429, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"}};
  OnlyDisturb(QueueOperation::kJobsGet, {.status = 400, .html = true});
  EXPECT_EQ(FailureOf(Read(job)).localized, "");
  for (const auto& [http_status, code, reason] : refusals) {
    OnlyDisturb(QueueOperation::kJobsGet,
                {.status = http_status,
                 .retry_after = "45",
                 .body = R"({"title":"No","detail":"Not so.\nat Line 3"})"});
    const grpc::Status status = Read(job);
    EXPECT_TRUE(Fails(status, code, reason));
    EXPECT_EQ(FailureOf(status).metadata["httpStatus"], std::to_string(http_status));
    EXPECT_EQ(FailureOf(status).localized, "Not so.");
    // Whatever the upstream says: only what was too early can succeed later.
    EXPECT_EQ(FailureOf(status).retry_after,
              http_status == 429 ? std::optional(absl::Seconds(45)) : std::nullopt);
  }
}

TEST_F(JobQueueFaults, AJobThatIsNotWhatItShouldBeIsMalformed) {
  for (const char* body : {"", "null", "[]", "{}", R"({"id":"a b","status":"Pending"})",
                           R"({"id":"ab"})", "{\"id\":\"ab\xff\"}"}) {
    OnlyDisturb(QueueOperation::kJobsGet, {.body = body});
    EXPECT_TRUE(
        Fails(Read("queues/sandbox/jobs/ab"), grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE"))
        << body;
  }
  // What is only passed on costs no more than itself.
  for (const char* body : {R"({"id":"ab","status":"Pending","submissionDate":"yesterday"})",
                           R"({"id":"ab","status":"Pending","position":"first"})"}) {
    OnlyDisturb(QueueOperation::kJobsGet, {.body = body});
    EXPECT_TRUE(Read("queues/sandbox/jobs/ab").ok()) << body;
  }
}

TEST_F(JobQueueFaults, ASaturatedConnectionRefusesAtOnce) {
  Start(sandbox::jobqueue::Options(), {"limits.in_flight=1", "limits.queue=0"});
  const std::string job = Seed("Job");
  Disturb(QueueOperation::kJobsGet, {.latency = absl::Hours(1)});
  grpc::ClientContext context;
  std::thread caller([&] {
    jq::GetJobRequest request;
    request.set_name(job);
    jq::Job answer;
    EXPECT_EQ(client().stub().GetJob(&context, request, &answer).error_code(), grpc::CANCELLED);
  });
  EXPECT_TRUE(Eventually([this] { return Asked(QueueOperation::kJobsGet) == 1; }));
  for (const grpc::Status& status : {List(), client().Upload("a", "content").status, Create()}) {
    EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_SATURATED"));
    EXPECT_TRUE(FailureOf(status).retry_after.has_value());
  }
  context.TryCancel();
  caller.join();
  EXPECT_TRUE(Eventually([this] { return List().ok(); }));
}

TEST_F(JobQueueFaults, TheBreakerOpensAndSaysSo) {
  Start(sandbox::jobqueue::Options(), {"limits.max_attempts=1", "limits.breaker_failures=3"});
  OnlyDisturb(QueueOperation::kJobsList, {.status = 503});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(FailureOf(List()).metadata["httpStatus"], "503");
  const grpc::Status status = List();
  EXPECT_TRUE(Fails(status, grpc::UNAVAILABLE, "UPSTREAM_UNAVAILABLE"));
  EXPECT_EQ(FailureOf(status).metadata["attempts"], "0");
  EXPECT_TRUE(FailureOf(status).retry_after.has_value());
  EXPECT_EQ(Asked(QueueOperation::kJobsList), 3);
}

}  // namespace
}  // namespace relais::integration
