// Jobs of every kind, from definition to submission: CreateJob, GetJobDefinition, ResubmitJob.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/services/jobqueue/names.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kMark[] = "\\[relais:[a-z2-7]+\\]";

class JobQueueCreate : public JobQueueTest {
 protected:
  // `definition` in text form; %1 and so on stand for names of uploaded files.
  jq::CreateJobRequest Request(std::string definition, const std::vector<std::string>& files = {}) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string place = absl::StrCat("%", i + 1);
      definition.replace(definition.find(place), place.size(),
                         absl::StrCat("input_file: '", files[i], "'"));
    }
    jq::CreateJobRequest request;
    request.set_parent("queues/sandbox");
    ParseText(definition, *request.mutable_definition());
    return request;
  }
  Reply<jq::Job> Create(const jq::CreateJobRequest& request) {
    return client().Call(&QueueStub::CreateJob, request);
  }
  jq::Job Created(const jq::CreateJobRequest& request) {
    return client().Get(&QueueStub::CreateJob, request);
  }
  jq::CreateJobRequest TextImportRequest() {
    return Request("display_name: 'Text' text_import { template { %1 } data { %2 } }",
                   {client().Uploaded("t.xml", kTemplate), client().Uploaded("d.csv", kData)});
  }
  jq::JobDefinition Definition(const std::string& job) {
    return client().Get(&QueueStub::GetJobDefinition, absl::StrCat("name: '", job, "'"));
  }
};

TEST_F(JobQueueCreate, ATextImportIsSubmittedAndRuns) {
  const jq::Job created = Created(TextImportRequest());
  EXPECT_EQ(created.type(), jq::Job::TYPE_TEXT_IMPORT);
  EXPECT_EQ(created.raw_type(), "TextImportJob");
  EXPECT_EQ(created.state(), jq::Job::STATE_PENDING);
  EXPECT_EQ(created.queue_position(), 1);
  EXPECT_EQ(created.submitter(), "demo");
  EXPECT_THAT(created.submitter_roles(), UnorderedElementsAre("MI_READ", "MI_WRITE", "MI_ADMIN"));
  EXPECT_THAT(created.input_files(), SizeIs(2));
  const jq::Job ended = client().AwaitEnd(created.name());
  EXPECT_EQ(ended.state(), jq::Job::STATE_SUCCEEDED);
  EXPECT_EQ(ended.outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(ended.import_summary().created_record_count(), 2);
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).records().Search("B-2").size(), 1u);
}

TEST_F(JobQueueCreate, AnExcelImportSeesItsFilesByTheirVirtualPaths) {
  const jq::Job job = client().AwaitEnd(
      Created(Request("display_name: 'Excel' excel_import {"
                      "  combined { %1 path: 'plates/steel.xlsx' }"
                      "  attachments { %2 path: 'images\\\\a.png' } attachments { %3 } }",
                      {client().Uploaded("1.xlsx", Workbook({{"Name"}, {"Steel 1"}, {"Steel 2"}})),
                       client().Uploaded("2.png", "png"), client().Uploaded("b.png", "png")}))
          .name());
  EXPECT_EQ(job.type(), jq::Job::TYPE_EXCEL_IMPORT);
  EXPECT_EQ(job.import_summary().created_record_count(), 2);
  const jq::JobDefinition definition = Definition(job.name());
  EXPECT_EQ(definition.display_name(), "Excel");
  EXPECT_EQ(definition.excel_import().combined(0).path(), "plates/steel.xlsx");
  EXPECT_NE(definition.excel_import().combined(0).input_file(), "");
  EXPECT_EQ(definition.excel_import().attachments(0).path(), "images\\a.png");
  EXPECT_EQ(definition.excel_import().attachments(1).path(), "b.png");
}

TEST_F(JobQueueCreate, AnExcelImportMayHaveTemplateAndData) {
  const jq::Job job = client().AwaitEnd(
      Created(Request("display_name: 'Excel' excel_import { template { %1 } data { %2 } }",
                      {client().Uploaded("t.xlsx", Workbook({{"Name"}})),
                       client().Uploaded("d.xlsx", Workbook({{"Name"}, {"Steel"}}))}))
          .name());
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(job.import_summary().task_count(), 1);
}

TEST_F(JobQueueCreate, AnExportWritesRecordsIntoAWorkbook) {
  const jq::Job job = client().AwaitEnd(
      Created(Request("display_name: 'Export' excel_export { template { %1 }"
                      "  database_key: 'MI_Training' records { record_history_identity: 42 }"
                      "  records { record_history_identity: 43 record_version: 1 } }",
                      {client().Uploaded("t.xlsx", Workbook({{"Name"}}))}))
          .name());
  EXPECT_EQ(job.type(), jq::Job::TYPE_EXCEL_EXPORT);
  EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(job.export_summary().exported_record_count(), 2);
  EXPECT_THAT(client().Outputs(job.name()),
              ElementsAre("Export.log", "ExportedRecords-Tensile Test Data.xlsx"));
  const jq::ExcelExport read = Definition(job.name()).excel_export();
  EXPECT_EQ(read.database_key(), "MI_Training");
  EXPECT_EQ(read.template_().path(), "t.xlsx");
  EXPECT_FALSE(read.records(0).has_record_version());
  EXPECT_EQ(read.records(1).record_history_identity(), 43);
  EXPECT_EQ(read.records(1).record_version(), 1);
}

TEST_F(JobQueueCreate, ScheduleCultureAndDescriptionGoAlong) {
  jq::CreateJobRequest request = TextImportRequest();
  jq::JobDefinition& definition = *request.mutable_definition();
  definition.set_description("Zwei Zeilen:\n\xc3\xa4 & \"b\"");
  definition.set_culture("de-DE");
  definition.mutable_schedule_time()->set_seconds(4'102'444'800);
  definition.mutable_schedule_time()->set_nanos(123'456'700);
  const jq::Job job = Created(request);
  EXPECT_EQ(job.description(), definition.description());
  EXPECT_EQ(job.schedule_time().seconds(), 4'102'444'800);
  EXPECT_EQ(job.schedule_time().nanos(), 123'456'700);
  EXPECT_EQ(job.state(), jq::Job::STATE_PENDING);
  EXPECT_EQ(Definition(job.name()).culture(), "de-DE");
  EXPECT_EQ(Definition(job.name()).description(), definition.description());
  sandbox().AdvanceClock(absl::FromUnixSeconds(4'102'444'801) - absl::Now());
  EXPECT_EQ(client().AwaitEnd(job.name()).outcome(), jq::Job::OUTCOME_OK);
}

TEST_F(JobQueueCreate, TheMarkStaysUpstream) {
  jq::CreateJobRequest request = TextImportRequest();
  const jq::Job without = Created(request);
  EXPECT_EQ(without.description(), "");
  EXPECT_THAT(DescriptionUpstream(without.name()), MatchesRegex(kMark));
  request.mutable_definition()->set_description("Mine");
  const jq::Job with = Created(request);
  EXPECT_EQ(with.description(), "Mine");
  EXPECT_EQ(client().Job(with.name()).description(), "Mine");
  EXPECT_THAT(DescriptionUpstream(with.name()), MatchesRegex(absl::StrCat("Mine\n", kMark)));
  Start(sandbox::jobqueue::Options(), {"marker=none"});
  EXPECT_EQ(DescriptionUpstream(Created(TextImportRequest()).name()), "(null)");
}

TEST_F(JobQueueCreate, ValidationAloneSendsNothing) {
  jq::CreateJobRequest request = Request(
      "display_name: 'Text' description: 'D' schedule_time { seconds: 1 }"
      "text_import { template { %1 } data { %2 } }",
      {jobqueue::FormatInputFileName("sandbox", "id-1", "t.xml"),
       jobqueue::FormatInputFileName("sandbox", "id-2", "d.csv")});
  request.set_validate_only(true);
  const jq::Job job = Created(request);
  EXPECT_EQ(job.name(), "");
  EXPECT_EQ(job.display_name(), "Text");
  EXPECT_EQ(job.description(), "D");
  EXPECT_EQ(job.type(), jq::Job::TYPE_TEXT_IMPORT);
  EXPECT_EQ(job.schedule_time().seconds(), 1);
  request.mutable_definition()->clear_display_name();
  EXPECT_TRUE(Violates(Create(request).status, "definition.display_name"));
  EXPECT_EQ(sandbox().traffic().Counts().max_in_flight, 0);
}

TEST_F(JobQueueCreate, EverythingWrongWithADefinitionIsToldAtOnce) {
  const grpc::Status status =
      Create(Request("culture: 'german' schedule_time { seconds: -99999999999999 }"
                     "excel_import { template { input_file: 'x' }"
                     "  combined { path: '../a.xlsx' }"
                     "  attachments { %1 path: 'C:\\\\a' } attachments { %2 path: 'c:/A' } }",
                     {jobqueue::FormatInputFileName("other", "id", "a"),
                      jobqueue::FormatInputFileName("sandbox", "id", "a")}))
          .status;
  EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  const std::string import = "definition.excel_import.";
  EXPECT_THAT(FailureOf(status).violated,
              UnorderedElementsAre("definition.display_name", "definition.schedule_time",
                                   import + "combined", import + "template.input_file",
                                   import + "combined[0].input_file", import + "combined[0].path",
                                   import + "attachments[0].input_file",
                                   import + "attachments[0].path", import + "attachments[1].path",
                                   import + "attachments[1].path", "definition.culture"));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueCreate, UnsafePathsAreRefusedByTheGateway) {
  const std::string file = client().Uploaded("a.xlsx", "x");
  for (const char* path : {"/a", "\\\\\\\\server\\\\a", "C:\\\\a", "../a", "a/../../b", "~/a",
                           "a//b", "a\\n", "a/."}) {
    const grpc::Status status =
        Create(Request(absl::StrCat("display_name: 'E' excel_import { combined { %1 path: '", path,
                                    "' } }"),
                       {file}))
            .status;
    EXPECT_TRUE(Violates(status, "definition.excel_import.combined[0].path")) << path;
  }
  EXPECT_EQ(Asked(QueueOperation::kJobsCreate), 0);
}

TEST_F(JobQueueCreate, TheUpstreamsOwnRefusalIsHandedOnInItsWords) {
  sandbox::jobqueue::Options options;
  options.accounts = {{"reader", "reader-password", sandbox::jobqueue::Permission::kRead}};
  Start(std::move(options));
  grpc::Status status = Create(TextImportRequest()).status;
  EXPECT_TRUE(Fails(status, grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
  EXPECT_EQ(FailureOf(status).localized, "Creating jobs takes the permission to write.");
  EXPECT_EQ(FailureOf(status).locale, "en");
  EXPECT_EQ(FailureOf(status).metadata["httpStatus"], "403");
  EXPECT_EQ(FailureOf(status).metadata["attempts"], "1");
}

TEST_F(JobQueueCreate, FilesThatTheUpstreamHasDroppedAreItsRefusal) {
  const jq::CreateJobRequest request = TextImportRequest();
  sandbox().AdvanceClock(absl::Hours(2));
  const grpc::Status status = Create(request).status;
  EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"));
  EXPECT_THAT(FailureOf(status).localized, HasSubstr("does not exist or has expired"));
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
}

TEST_F(JobQueueCreate, ARequestIdMakesOneJob) {
  jq::CreateJobRequest request = TextImportRequest();
  request.set_request_id("one");
  const jq::Job job = Created(request);
  EXPECT_EQ(Created(request).name(), job.name());
  request.mutable_definition()->set_display_name("Other");
  EXPECT_TRUE(Fails(Create(request).status, grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
  request.set_request_id("two");
  EXPECT_NE(Created(request).name(), job.name());
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(), 2u);
}

TEST_F(JobQueueCreate, AJobIsSubmittedAnewFromItsDefinition) {
  const jq::Job first = client().Import("First", kData, "description: 'Kept'");
  const std::string request = absl::StrCat("name: '", first.name(), "' request_id: 'again'");
  const jq::Job second = client().Get(&QueueStub::ResubmitJob, request);
  EXPECT_NE(second.name(), first.name());
  EXPECT_EQ(second.display_name(), "First");
  EXPECT_EQ(second.description(), "Kept");
  EXPECT_EQ(client().Get(&QueueStub::ResubmitJob, request).name(), second.name());
  const jq::Job third =
      client().Get(&QueueStub::ResubmitJob, absl::StrCat("name: '", first.name(),
                                                         "' display_name: 'Third' description: '' "
                                                         "schedule_time { seconds: 4102444800 }"));
  EXPECT_EQ(third.display_name(), "Third");
  EXPECT_EQ(third.description(), "");
  EXPECT_EQ(third.schedule_time().seconds(), 4'102'444'800);
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(), 3u);
  EXPECT_NE(DescriptionUpstream(first.name()), DescriptionUpstream(second.name()));
  EXPECT_EQ(client().AwaitEnd(second.name()).import_summary().task_count(), 1);
  EXPECT_TRUE(Fails(client().Call(&QueueStub::ResubmitJob, "name: 'queues/sandbox/jobs/0'").status,
                    grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(Violates(client()
                           .Call(&QueueStub::ResubmitJob,
                                 absl::StrCat("name: '", first.name(), "' display_name: ''"))
                           .status,
                       "display_name"));
}

TEST_F(JobQueueCreate, ADefinitionOfAnotherKindIsShownAsItIs) {
  const std::string job =
      Seed("Table", sandbox::jobqueue::JobStatus::kSucceeded, "ComparisonTable");
  const jq::JobDefinition definition = Definition(job);
  EXPECT_EQ(definition.display_name(), "Table");
  EXPECT_EQ(definition.other().raw_type(), "ComparisonTable");
  EXPECT_TRUE(Violates(Create(Request("display_name: 'A' other { raw_type: 'B' }")).status,
                       "definition.other"));
  EXPECT_TRUE(
      Fails(client().Call(&QueueStub::GetJobDefinition, "name: 'queues/sandbox/jobs/0'").status,
            grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

}  // namespace
}  // namespace relais::integration
