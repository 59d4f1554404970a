// Exports over the whole gateway: every kind of source, over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/core/base/sha256.h"
#include "tests/integration/exports/client.h"
#include "tests/integration/failure.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPostcodes[] =
    "source { records { query { record_sql: "
    "'erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL' } } } ";
constexpr char kToOutbox[] = "deliveries { destination: 'outbox' } ";

class Exports : public ExportsTest {};

TEST_F(Exports, OfAnErpAreWhatItsStreamGives) {
  Create("postcodes", absl::StrCat(kPostcodes, kToOutbox,
                                   "columns { field: 'CPOSTAL' header: 'Code' } "
                                   "columns { field: 'VIL' header: 'Ville' }"));
  const ex::ExportRun run = Run("postcodes", "date { year: 2024 month: 3 day: 31 }");
  ASSERT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  EXPECT_EQ(run.name(), "exports/postcodes/runs/2024-03-31");
  EXPECT_EQ(run.rows(), 3);
  EXPECT_THAT(Delivered(),
              ElementsAre("postcodes_2024-03-31.csv", "postcodes_2024-03-31.csv.manifest.json"));
  const std::string content = Content("postcodes_2024-03-31.csv");
  EXPECT_THAT(content, HasSubstr("Code,Ville\r\n01000,BOURG EN BRESSE\r\n"));
  EXPECT_EQ(run.files(0).sha256(), Sha256Hex(content));
  EXPECT_EQ(Download(run.name()), content);
}

TEST_F(Exports, OfALargeTableHaveEveryRow) {
  Create("movements", absl::StrCat("source { records { query { record_sql: "
                                   "'erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT' "
                                   "} keyset_field: 'MOUV.MOUV_ID' } } ",
                                   "format { csv { newline: NEWLINE_LF } gzip: false } "));
  const ex::ExportRun run = Run("movements");
  ASSERT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  const std::string content = Download(run.name());
  EXPECT_EQ(std::count(content.begin(), content.end(), '\n'), run.rows() + 1);
  EXPECT_EQ(run.files(0).rows(), run.rows());
  EXPECT_THAT(Delivered(), IsEmpty());
}

TEST_F(Exports, BindThePeriodToTheQuery) {
  const auto reply = Call(
      &ExportStub::ValidateExport,
      absl::StrCat("export { source { robot_logs { parent: "
                   "'orchestrators/sandbox/folders/Shared' filter { robot_display_name: 'DocBot' } "
                   "} bindings { key: 'start_time' value: '${period.start_time}' } bindings { key: "
                   "'end_time' value: '${period.end_time}' } } schedule { daily { } time_zone: "
                   "'Europe/Paris' } } date { year: 2024 month: 3 day: 31 } preview_rows: 5"));
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_EQ(reply.message.period().id(), "2024-03-31");
  EXPECT_THAT(reply.message.bound_query(),
              AllOf(HasSubstr("2024-03-30T23:00:00Z"), HasSubstr("2024-03-31T22:00:00Z")));
  EXPECT_EQ(reply.message.next_slots_size(), 5);
  EXPECT_THAT(reply.message.headers(), Not(IsEmpty()));
}

TEST_F(Exports, ShowWhatIsSentToTheErpAndTheFirstRows) {
  const auto reply = Call(&ExportStub::ValidateExport,
                          absl::StrCat("export { ", kPostcodes, " } preview_rows: 2"));
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_THAT(reply.message.bound_query(), HasSubstr("/api/v1/RecordSql/Execute"));
  EXPECT_EQ(reply.message.rows_size(), 2);
  EXPECT_THAT(reply.message.headers(), Not(IsEmpty()));
  EXPECT_THAT(reply.message.warnings(), SizeIs(3));
}

TEST_F(Exports, OfJobsHaveAColumnForEachField) {
  exports();
  JobQueueClient queue(gateway().queue_stub());
  queue.AwaitEnd(queue.Import("First").name());
  Create("jobs",
         "source { jobs { parent: 'queues/sandbox' filter: 'display_name = \"First\"' } } "
         "columns { field: 'display_name' } columns { field: 'state' } "
         "columns { field: 'end_time' } columns { field: 'succeeded' }");
  const ex::ExportRun run = Run("jobs");
  ASSERT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  const std::vector<std::string> lines = absl::StrSplit(Download(run.name()), "\r\n");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "display_name,state,end_time,succeeded");
  EXPECT_TRUE(absl::StartsWith(lines[1], "First,SUCCEEDED,20")) << lines[1];
}

TEST_F(Exports, OfOutputFilesPassThemThrough) {
  exports();
  JobQueueClient queue(gateway().queue_stub());
  const auto job = queue.AwaitEnd(queue.Import("First").name());
  Create("outputs", absl::StrCat("source { files { jobs { parent: 'queues/sandbox' } "
                                 "file_name_pattern: '*.log' } } ",
                                 kToOutbox));
  const ex::ExportRun run = Run("outputs", "date { year: 2024 month: 3 day: 31 }");
  ASSERT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  ASSERT_GE(run.files_size(), 1);
  for (const ex::ExportFile& file : run.files())
    EXPECT_EQ(Sha256Hex(Content(file.file_name())), file.sha256()) << file.file_name();
}

TEST_F(Exports, OfAnswersOfACampaignAndOfTheirFiles) {
  const auto listed = [&] {
    grpc::ClientContext context;
    campaign::v1::ListCampaignsRequest request;
    campaign::v1::ListCampaignsResponse response;
    request.set_parent("instances/sandbox");
    EXPECT_TRUE(gateway().campaign_stub().ListCampaigns(&context, request, &response).ok());
    return response;
  };
  exports();
  std::string name;
  const campaign::v1::ListCampaignsResponse campaigns = listed();
  for (const auto& campaign : campaigns.campaigns()) {
    if (absl::EndsWith(campaign.name(), "~collect")) name = campaign.name();
  }
  ASSERT_NE(name, "");
  Create("answers", absl::StrCat("source { answers { parent: '", name, "' } }"));
  const ex::ExportRun rows = Run("answers");
  ASSERT_EQ(rows.state(), ex::ExportRun::STATE_SUCCEEDED) << rows.DebugString();
  EXPECT_GT(rows.rows(), 0);
  Create("answer-files", absl::StrCat("source { files { answers { parent: '", name, "' } } }"));
  const ex::ExportRun files = Run("answer-files");
  EXPECT_TRUE(files.succeeded()) << files.DebugString();
}

TEST_F(Exports, TellEverythingThatIsWrongAtOnce) {
  const auto reply = Call(
      &ExportStub::CreateExport,
      "export_id: 'wrong' export { source { records { query { } resume_token: 'x' } } schedule "
      "{ cron: '61 * * * *' time_zone: 'Europe/Pariss' } deliveries { destination: 'nowhere' "
      "path: '../x' } format { csv { delimiter: 'ab' } } retention { seconds: 1 } }");
  EXPECT_TRUE(Fails(reply.status, grpc::StatusCode::INVALID_ARGUMENT, "INVALID_REQUEST"));
  for (const char* field :
       {"export.source.records.resume_token", "export.schedule.cron", "export.schedule.time_zone",
        "export.deliveries[0].destination", "export.deliveries[0].path",
        "export.format.csv.delimiter", "export.retention"})
    EXPECT_TRUE(Violates(reply.status, field)) << field;
}

TEST_F(Exports, AreChangedPausedResumedAndDeleted) {
  Create("postcodes", kPostcodes);
  EXPECT_EQ(Call(&ExportStub::CreateExport,
                 absl::StrCat("export_id: 'postcodes' export { ", kPostcodes, " }"))
                .status.error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  const auto updated = Call(&ExportStub::UpdateExport,
                            "export { name: 'exports/postcodes' display_name: 'Codes' } "
                            "update_mask { paths: 'display_name' }");
  ASSERT_TRUE(updated.status.ok()) << Describe(updated.status);
  EXPECT_EQ(updated.message.display_name(), "Codes");
  EXPECT_TRUE(updated.message.source().has_records());
  EXPECT_TRUE(Call(&ExportStub::PauseExport, "name: 'exports/postcodes' reason: 'holiday'")
                  .message.paused());
  EXPECT_FALSE(Call(&ExportStub::ResumeExport, "name: 'exports/postcodes'").message.paused());
  const ex::ExportRun run = Run("postcodes");
  EXPECT_EQ(
      Call(&ExportStub::ListExportRuns, "parent: 'exports/postcodes' filter: 'succeeded = true'")
          .message.runs_size(),
      1);
  EXPECT_TRUE(Call(&ExportStub::DeleteExport, "name: 'exports/postcodes'").status.ok());
  EXPECT_EQ(
      Call(&ExportStub::GetExportRun, absl::StrCat("name: '", run.name(), "'")).status.error_code(),
      grpc::StatusCode::NOT_FOUND);
}

TEST_F(Exports, RunOnceForAPeriodUnlessAskedAgain) {
  Create("postcodes", absl::StrCat(kPostcodes, kToOutbox));
  const std::string day = "date { year: 2024 month: 3 day: 31 }";
  EXPECT_EQ(Run("postcodes", day).attempt(), 1);
  EXPECT_EQ(Run("postcodes", day).attempt(), 1);
  EXPECT_EQ(Run("postcodes", day + " again: true").attempt(), 2);
  const auto filled = Call(&ExportStub::BackfillExport,
                           "name: 'exports/postcodes' first_date { year: 2024 month: 3 day: 29 } "
                           "last_date { year: 2024 month: 4 day: 1 }");
  ASSERT_TRUE(filled.status.ok()) << Describe(filled.status);
  ASSERT_EQ(filled.message.runs_size(), 3);
  for (const ex::ExportRun& run : filled.message.runs())
    EXPECT_EQ(Watch(run.name()).back().state(), ex::ExportRun::STATE_SUCCEEDED);
  EXPECT_THAT(Delivered(), SizeIs(8));
  EXPECT_EQ(gateway().Metric("relais_export_runs_total"), 5);
}

}  // namespace
}  // namespace relais::integration
