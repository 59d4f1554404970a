// What becomes of jobs, and how it is told: state, outcome, summary, dates, and what is not known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using sandbox::jobqueue::JobStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class JobQueueOutcome : public JobQueueTest {
 protected:
  jq::Job Ended(const std::string& data) {
    return client().AwaitEnd(client().Import("Import", data).name());
  }
  jq::Job Exported(const std::string& database, const std::vector<int>& records) {
    jq::JobDefinition definition;
    definition.set_display_name("Export");
    jq::ExcelExport& work = *definition.mutable_excel_export();
    work.mutable_template_()->set_path("t.xlsx");
    work.set_database_key(database);
    for (const int record : records) work.add_records()->set_record_history_identity(record);
    const auto reply =
        client().Submit(definition, {{.path = "t.xlsx", .content = Workbook({{"Name"}})}});
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return client().AwaitEnd(reply.message.name());
  }
};

TEST_F(JobQueueOutcome, AnImportThatFailedHasSucceededUpstream) {
  const auto reply = client().Submit(
      TextImport("Import"),
      {{.path = "template.xml", .content = "?"}, {.path = "data.csv", .content = kData}});
  const jq::Job job = client().AwaitEnd(reply.message.name());
  EXPECT_EQ(job.state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_EQ(job.raw_state(), "Succeeded");
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_NOT_SUCCESSFUL);
  EXPECT_FALSE(job.import_summary().finished_successfully());
  EXPECT_EQ(job.import_summary().created_record_count(), 0);
  EXPECT_EQ(job.import_summary().error_count(), 1);
  EXPECT_THAT(job.import_summary().errors(0), HasSubstr("'template.xml' is not a text import"));
  EXPECT_THAT(job.raw_outputs(), ElementsAre(Key("summary")));
  EXPECT_THAT(job.raw_outputs().at("summary"), HasSubstr("\"FinishedSuccessfully\":false"));
}

TEST_F(JobQueueOutcome, AnImportWithErrorsIsTold) {
  const jq::Job job = Ended("Build;Density\r\nB-1;7.8\r\n;8.9\r\n");
  EXPECT_EQ(job.state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_COMPLETED_WITH_ERRORS);
  EXPECT_TRUE(job.import_summary().finished_successfully());
  EXPECT_EQ(job.import_summary().created_record_count(), 1);
  EXPECT_EQ(job.import_summary().not_imported_record_count(), 1);
  EXPECT_THAT(job.import_summary().errors(), SizeIs(1));
}

TEST_F(JobQueueOutcome, WhatIsImportedAgainIsUpdated) {
  Ended(kData);
  const jq::Job job = Ended(kData);
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(job.import_summary().created_record_count(), 0);
  EXPECT_EQ(job.import_summary().updated_record_count(), 2);
}

TEST_F(JobQueueOutcome, AnExportIsAsGoodAsItsRecords) {
  jq::Job job = Exported("MI_Training", {1, 987'654'321});
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_COMPLETED_WITH_ERRORS);
  EXPECT_EQ(job.export_summary().exported_record_count(), 1);
  EXPECT_THAT(job.export_summary().errors(), ElementsAre("There is no record 987654321."));
  job = Exported("Unknown", {1});
  EXPECT_EQ(job.state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_NOT_SUCCESSFUL);
  EXPECT_THAT(client().Outputs(job.name()), ElementsAre("Export.log"));
}

TEST_F(JobQueueOutcome, EveryStateIsTold) {
  for (const auto& [status, state, outcome] :
       {std::tuple(JobStatus::kPending, jq::Job::STATE_PENDING, jq::Job::OUTCOME_UNSPECIFIED),
        {JobStatus::kRunning, jq::Job::STATE_RUNNING, jq::Job::OUTCOME_UNSPECIFIED},
        {JobStatus::kSucceeded, jq::Job::STATE_SUCCEEDED, jq::Job::OUTCOME_OK},
        {JobStatus::kFailed, jq::Job::STATE_FAILED, jq::Job::OUTCOME_NOT_SUCCESSFUL},
        {JobStatus::kCancelled, jq::Job::STATE_CANCELLED, jq::Job::OUTCOME_UNSPECIFIED}}) {
    const jq::Job job = client().Job(Seed("Job", status));
    EXPECT_EQ(job.state(), state);
    EXPECT_EQ(job.outcome(), outcome) << jq::Job::State_Name(state);
    EXPECT_EQ(job.has_queue_position(), state == jq::Job::STATE_PENDING);
    EXPECT_EQ(job.has_start_time(), state != jq::Job::STATE_PENDING);
    EXPECT_EQ(job.has_end_time(), state > jq::Job::STATE_RUNNING);
  }
}

TEST_F(JobQueueOutcome, TypesAndStatesThatNobodyKnowsSurvive) {
  const jq::Job table = client().Job(Seed("Table", JobStatus::kRunning, "ComparisonTable"));
  EXPECT_EQ(table.type(), jq::Job::TYPE_OTHER);
  EXPECT_EQ(table.raw_type(), "ComparisonTable");
  const jq::Job dry_run = client().Job(Seed("Dry", JobStatus::kPending, "ExcelImportDryRunJob"));
  EXPECT_EQ(dry_run.type(), jq::Job::TYPE_EXCEL_IMPORT_DRY_RUN);
  Disturb(QueueOperation::kJobsGet,
          {.body = R"({"id":"ab-1","name":"J","status":"Suspended","type":null,"colour":"red",
                       "jobSpecificOutputs":{"report":{"pages":3},"note":"not JSON"}})"});
  const jq::Job job = client().Job("queues/sandbox/jobs/ab-1");
  EXPECT_EQ(job.state(), jq::Job::STATE_OTHER);
  EXPECT_EQ(job.raw_state(), "Suspended");
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_UNSPECIFIED);
  EXPECT_THAT(job.raw_outputs(), UnorderedElementsAre(Key("report"), Key("note")));
  EXPECT_EQ(job.raw_outputs().at("note"), "not JSON");
}

TEST_F(JobQueueOutcome, DatesAreReadInEveryStyle) {
  for (const auto style : {sandbox::jobqueue::DateStyle::kZ, sandbox::jobqueue::DateStyle::kOffset,
                           sandbox::jobqueue::DateStyle::kNaive}) {
    sandbox::jobqueue::Options options;
    options.date_style = style;
    Start(std::move(options));
    const absl::Time before = absl::Now();
    const jq::Job job = client().AwaitEnd(client().Import("Import").name());
    for (const auto& time : {job.submit_time(), job.start_time(), job.end_time()}) {
      const absl::Time at = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
      EXPECT_GE(at, before - absl::Microseconds(1));
      EXPECT_LE(at, absl::Now());
    }
  }
}

TEST_F(JobQueueOutcome, OlderServersLeaveASummaryFile) {
  for (const std::string version : {"24.2", "25.1", "25.2", "26.1"}) {
    sandbox::jobqueue::Options options;
    options.version = version;
    Start(std::move(options));
    const jq::Job job = Ended(kData);
    EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_OK);
    EXPECT_EQ(job.import_summary().created_record_count(), 2);
    const bool older = version < "25.2";
    EXPECT_THAT(job.output_files(), SizeIs(older ? 2 : 1));
    const auto queue = client().Get(&QueueStub::GetQueue, "name: 'queues/sandbox'");
    EXPECT_EQ(queue.server_version(), version + ".820.0");
    EXPECT_EQ(queue.readiness(), jq::Queue::READINESS_READY);
    if (!older) continue;
    EXPECT_THAT(client().Outputs(job.name()), ElementsAre("Import.log", "summary.json"));
    const auto files =
        client().Get(&QueueStub::ListOutputFiles, absl::StrCat("parent: '", job.name(), "'"));
    EXPECT_EQ(client().Download(files.output_files(1).name()).Content(),
              job.raw_outputs().at("summary"));
  }
}

TEST_F(JobQueueOutcome, AJobThatWasPurgedIsGone) {
  const std::string name = client().Import("Import").name();
  client().AwaitEnd(name);
  sandbox().AdvanceClock(absl::Hours(24 * 40));
  EXPECT_TRUE(Eventually([&] {
    return client().Call(&QueueStub::GetJob, "name: '" + name + "'").status.error_code() ==
           grpc::NOT_FOUND;
  }));
}

}  // namespace
}  // namespace relais::integration
