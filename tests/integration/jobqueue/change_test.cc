// Jobs that are changed: UpdateJob, CancelJob, MoveJobToTop, DeleteJob, BatchDeleteJobs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::ElementsAre;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kNobody[] = "queues/sandbox/jobs/00000000-0000-4000-8000-000000000000";

class JobQueueChange : public JobQueueTest {
 protected:
  JobQueueChange() { StartHeld(); }

  // `job` and `rest` in text form.
  Reply<jq::Job> Update(const std::string& name, const std::string& job, const std::string& paths,
                        const std::string& rest = "") {
    std::string mask;
    for (const absl::string_view path : absl::StrSplit(paths, ',', absl::SkipEmpty()))
      absl::StrAppend(&mask, " paths: '", path, "'");
    return client().Call(&QueueStub::UpdateJob, absl::StrCat("job { name: '", name, "' ", job,
                                                             "} update_mask {", mask, "} ", rest));
  }
  jq::Job Updated(const std::string& name, const std::string& job, const std::string& paths) {
    auto reply = Update(name, job, paths);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return std::move(reply.message);
  }
  static std::string Name(const std::string& job) { return absl::StrCat("name: '", job, "' "); }
  grpc::Status Delete(const std::string& job, const std::string& rest = "") {
    return client().Call(&QueueStub::DeleteJob, Name(job) + rest).status;
  }
  grpc::Status Cancel(const std::string& job) {
    return client().Call(&QueueStub::CancelJob, Name(job)).status;
  }
  Reply<jq::Job> MoveToTop(const std::string& job) {
    return client().Call(&QueueStub::MoveJobToTop, Name(job));
  }
};

TEST_F(JobQueueChange, EachFieldIsChangedAndNoOther) {
  const std::string name = client().Import("Old", kData, "description: 'Old text'").name();
  jq::Job job = Updated(name, "display_name: 'New & #1 +50%' description: 'X'", "display_name");
  EXPECT_EQ(job.display_name(), "New & #1 +50%");
  EXPECT_EQ(job.description(), "Old text");
  job = Updated(name, "display_name: 'X' description: 'New text'", "description");
  EXPECT_EQ(job.display_name(), "New & #1 +50%");
  EXPECT_EQ(job.description(), "New text");
  EXPECT_FALSE(job.has_schedule_time());
  job = Updated(name, "schedule_time { seconds: 4102444800 nanos: 1000 }", "schedule_time");
  EXPECT_EQ(job.schedule_time().seconds(), 4'102'444'800);
  EXPECT_EQ(job.schedule_time().nanos(), 1000);
  EXPECT_EQ(job.description(), "New text");
  EXPECT_EQ(client().Job(name).SerializeAsString(), job.SerializeAsString());
}

TEST_F(JobQueueChange, SeveralFieldsAreChangedWithOneRequest) {
  const std::string name = client().Import("Old").name();
  const jq::Job job =
      Updated(name, "display_name: 'New' description: 'D' schedule_time { seconds: 4102444800 }",
              "display_name,description,schedule_time");
  EXPECT_EQ(job.display_name(), "New");
  EXPECT_EQ(job.description(), "D");
  EXPECT_EQ(job.schedule_time().seconds(), 4'102'444'800);
  EXPECT_EQ(Asked(QueueOperation::kJobsUpdate), 1);
}

TEST_F(JobQueueChange, TheMarkOutlivesTheDescription) {
  const std::string name = client().Import("Job", kData, "description: 'Old'").name();
  for (const std::string text : {"New", "Two\\nlines", ""}) {
    const jq::Job job = Updated(name, "description: '" + text + "'", "description");
    EXPECT_EQ(job.description().substr(0, 3), text.substr(0, 3));
    EXPECT_THAT(DescriptionUpstream(name), MatchesRegex("(New\n|Two\nlines\n)?\\[relais:.+\\]"));
  }
  EXPECT_TRUE(
      Violates(Update(name, "description: 'A\\n[relais:abcdefgh234567ab]'", "description").status,
               "job.description"));
  // Nor does one appear in jobs that others have submitted.
  const std::string other = Seed("Other", sandbox::jobqueue::JobStatus::kPending);
  Updated(other, "description: 'Text'", "description");
  EXPECT_EQ(DescriptionUpstream(other), "Text");
}

TEST_F(JobQueueChange, AMaskThatIsWrongIsToldWithAllTheRest) {
  const std::string name = Seed("Job", sandbox::jobqueue::JobStatus::kPending);
  EXPECT_THAT(FailureOf(Update(name, "", "").status).violated, ElementsAre("update_mask"));
  EXPECT_THAT(
      FailureOf(Update(name, "", "state,*,display_name,schedule_time").status).violated,
      UnorderedElementsAre("update_mask", "update_mask", "job.display_name", "job.schedule_time"));
  EXPECT_TRUE(
      Violates(Update(name, "display_name: '\\n'", "display_name").status, "job.display_name"));
  EXPECT_EQ(Asked(QueueOperation::kJobsUpdate), 0);
}

TEST_F(JobQueueChange, WhatTheStateForbidsIsAConflictInTheUpstreamsWords) {
  const std::string ended = Seed("Ended");
  const grpc::Status status =
      Update(ended, "schedule_time { seconds: 4102444800 }", "schedule_time").status;
  EXPECT_TRUE(Fails(status, grpc::ABORTED, "RESOURCE_CONFLICT"));
  EXPECT_EQ(FailureOf(status).localized, "Only a pending job can be rescheduled.");
  EXPECT_EQ(Updated(ended, "display_name: 'New'", "display_name").display_name(), "New");
  EXPECT_TRUE(Fails(Update(kNobody, "display_name: 'A'", "display_name").status, grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(Fails(Update(kNobody, "description: 'A'", "description").status, grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
}

TEST_F(JobQueueChange, AnUpdateWithARequestIdHappensOnce) {
  const std::string name = Seed("Job", sandbox::jobqueue::JobStatus::kPending);
  for (int i = 0; i < 2; ++i) {
    const auto reply = Update(name, "display_name: 'New'", "display_name", "request_id: 'one'");
    EXPECT_EQ(reply.message.display_name(), "New") << Describe(reply.status);
  }
  EXPECT_EQ(Asked(QueueOperation::kJobsUpdate), 1);
  EXPECT_TRUE(Fails(Update(name, "display_name: 'B'", "display_name", "request_id: 'one'").status,
                    grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
}

TEST_F(JobQueueChange, PendingAndRunningJobsCanBeCancelledAndEndedOnesNot) {
  for (const auto status :
       {sandbox::jobqueue::JobStatus::kPending, sandbox::jobqueue::JobStatus::kRunning}) {
    const std::string name = Seed("Job", status);
    const jq::Job job = client().Get(&QueueStub::CancelJob, Name(name));
    EXPECT_EQ(job.state(), jq::Job::STATE_CANCELLED);
    EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_UNSPECIFIED);
    EXPECT_TRUE(job.has_end_time());
    EXPECT_FALSE(job.has_queue_position());
    EXPECT_TRUE(Fails(Cancel(name), grpc::ABORTED, "RESOURCE_CONFLICT"));
  }
  EXPECT_TRUE(Fails(Cancel(Seed("Ended")), grpc::ABORTED, "RESOURCE_CONFLICT"));
  EXPECT_TRUE(Fails(Cancel(kNobody), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

TEST_F(JobQueueChange, AnAdministratorMovesAJobToTheTop) {
  const std::string first = client().Import("First").name();
  const std::string second = client().Import("Second").name();
  EXPECT_EQ(client().Job(second).queue_position(), 2);
  const jq::Job moved = client().Get(&QueueStub::MoveJobToTop, Name(second));
  EXPECT_EQ(moved.display_name(), "Second");
  EXPECT_EQ(moved.queue_position(), 1);
  EXPECT_TRUE(moved.has_schedule_time());
  EXPECT_EQ(client().Job(first).queue_position(), 2);
  EXPECT_TRUE(Fails(MoveToTop(Seed("Ended")).status, grpc::ABORTED, "RESOURCE_CONFLICT"));
  EXPECT_TRUE(Fails(MoveToTop(kNobody).status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

TEST_F(JobQueueChange, OthersMayNotMoveJobsToTheTopNorSeeThoseOfOthers) {
  sandbox::jobqueue::Options options;
  options.accounts = {{"writer", "secret", sandbox::jobqueue::Permission::kWrite}};
  options.concurrency = 0;
  Start(std::move(options));
  const std::string own = client().Import("Own").name();
  const grpc::Status status = MoveToTop(own).status;
  EXPECT_TRUE(Fails(status, grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
  EXPECT_EQ(FailureOf(status).localized, "Moving jobs to the top takes the permission MI_ADMIN.");
  const std::string other = Seed("Of demo");
  EXPECT_TRUE(Fails(client().Call(&QueueStub::GetJob, Name(other)).status, grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
  EXPECT_THAT(client().List().jobs(), SizeIs(1));
}

TEST_F(JobQueueChange, ADeletedJobIsGone) {
  for (const auto status :
       {sandbox::jobqueue::JobStatus::kPending, sandbox::jobqueue::JobStatus::kRunning,
        sandbox::jobqueue::JobStatus::kSucceeded, sandbox::jobqueue::JobStatus::kFailed}) {
    const std::string name = Seed("Job", status);
    const grpc::Status deleted = Delete(name);
    EXPECT_TRUE(deleted.ok()) << Describe(deleted);
    EXPECT_TRUE(Fails(client().Call(&QueueStub::GetJob, Name(name)).status, grpc::NOT_FOUND,
                      "RESOURCE_NOT_FOUND"));
    EXPECT_TRUE(Fails(Delete(name), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  }
  EXPECT_EQ(client().List().total_size(), 0);
}

TEST_F(JobQueueChange, ADeletionWithARequestIdGivesItsFirstAnswerAgain) {
  const std::string name = Seed("Job");
  EXPECT_TRUE(Delete(name, "request_id: 'one'").ok());
  EXPECT_TRUE(Delete(name, "request_id: 'one'").ok());
  EXPECT_EQ(Asked(QueueOperation::kJobsDelete), 1);
}

TEST_F(JobQueueChange, OfSeveralDeletionsEachTellsWhatBecameOfIt) {
  const std::string first = Seed("First");
  const std::string refused = Seed("Refused");
  const std::string last = Seed("Last");
  Disturb(QueueOperation::kJobsDelete, {.after = 2, .count = 1, .status = 403});
  std::string request = "parent: 'queues/sandbox' request_id: 'one'";
  for (const std::string& name : {first, std::string(kNobody), refused, last})
    absl::StrAppend(&request, " names: '", name, "'");
  const auto response = client().Get(&QueueStub::BatchDeleteJobs, request);
  ASSERT_THAT(response.results(), SizeIs(4));
  EXPECT_EQ(response.results(0).name(), first);
  EXPECT_TRUE(response.results(0).done());
  EXPECT_EQ(response.results(0).reason(), "");
  EXPECT_EQ(response.results(1).name(), kNobody);
  EXPECT_FALSE(response.results(1).done());
  EXPECT_EQ(response.results(1).reason(), "RESOURCE_NOT_FOUND");
  EXPECT_NE(response.results(1).problem(), "");
  EXPECT_EQ(response.results(2).reason(), "ACCESS_DENIED");
  EXPECT_TRUE(response.results(3).done());
  EXPECT_EQ(client().List().jobs(0).name(), refused);
  EXPECT_EQ(client().Get(&QueueStub::BatchDeleteJobs, request).SerializeAsString(),
            response.SerializeAsString());
  EXPECT_EQ(Asked(QueueOperation::kJobsDelete), 4);
}

TEST_F(JobQueueChange, NamesOfABatchAreCheckedBeforeAnyIsDeleted) {
  const std::string name = Seed("Job");
  const std::string request = absl::StrCat("parent: 'queues/sandbox' names: '", name, "' names: '",
                                           name, "' names: 'queues/other/jobs/1' names: 'x'");
  EXPECT_THAT(FailureOf(client().Call(&QueueStub::BatchDeleteJobs, request).status).violated,
              ElementsAre("names[1]", "names[2]", "names[3]"));
  EXPECT_TRUE(Violates(
      client().Call(&QueueStub::BatchDeleteJobs, "parent: 'queues/sandbox'").status, "names"));
  EXPECT_EQ(Asked(QueueOperation::kJobsDelete), 0);
}

}  // namespace
}  // namespace relais::integration
