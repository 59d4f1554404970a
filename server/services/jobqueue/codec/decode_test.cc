#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "server/core/base/error.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/problem.h"
#include "tests/support/read_text.h"

namespace relais::jobqueue {
namespace {

using ::testing::ElementsAre;
using v1::Job;

constexpr char kFolder[] = "server/services/jobqueue/codec/testdata/decode";

absl::StatusOr<v1::ListJobsResponse> DecodeList(const std::string& body) {
  auto list = DecodeJobs(body, "main");
  if (!list.ok()) return list.status();
  v1::ListJobsResponse message;
  for (UpstreamJob& job : list->jobs) *message.add_jobs() = std::move(job.job);
  message.set_total_size(static_cast<int>(list->total_count));
  return message;
}

absl::StatusOr<Job> DecodeOne(const std::string& body) {
  auto job = DecodeJob(body, "main");
  if (!job.ok()) return job.status();
  return std::move(job->job);
}

// JSON in testdata/decode, the message it means beside it.
template <typename Decode>
void ExpectGoldens(const std::string& kind, Decode decode) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    auto path = entry.path();
    if (path.extension() != ".json" || path.filename().string().rfind(kind + ".", 0) != 0) continue;
    SCOPED_TRACE(path.string());
    const auto decoded = decode(ReadText(path));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    auto expected = *decoded;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        ReadText(path.replace_extension(".txtpb")), &expected));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*decoded, expected))
        << decoded->DebugString();
    ++read;
  }
  EXPECT_GT(read, 0) << kind;
}

TEST(Decode, ReadsTheDocumentedReplies) {
  ExpectGoldens("job", DecodeOne);
  ExpectGoldens("jobs", DecodeList);
  ExpectGoldens("definition",
                [](const std::string& body) { return DecodeDefinition(body, "main"); });
  ExpectGoldens("user", DecodeCurrentUser);
  ExpectGoldens("configuration", DecodeProcessingConfiguration);
}

TEST(DecodeJob, TakesTheMarkFromTheDescription) {
  const auto marked = DecodeJob(ReadText(std::string(kFolder) + "/job.import_ok.json"), "main");
  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_EQ(marked->marker, "mfrggzdfmztwq2lk");
  const auto plain = DecodeJob(ReadText(std::string(kFolder) + "/job.scheduled.json"), "main");
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->marker, "");
}

TEST(DecodeJob, NeedsNoMoreThanIdAndStatus) {
  const auto job = DecodeOne(R"({"id":"ab","status":"Running"})");
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(job->name(), "queues/main/jobs/ab");
  EXPECT_EQ(job->state(), Job::STATE_RUNNING);
  EXPECT_EQ(job->type(), Job::TYPE_UNSPECIFIED);
  EXPECT_FALSE(job->has_submit_time());
}

Job WithSummary(const std::string& type, const std::string& status, const std::string& outputs) {
  const auto job = DecodeOne(R"({"id":"ab","type":")" + type + R"(","status":")" + status +
                             R"(","jobSpecificOutputs":)" + outputs + "}");
  EXPECT_TRUE(job.ok()) << job.status() << outputs;
  return job.value_or(Job());
}

TEST(Outcome, FollowsFromTheSummary) {
  const std::string good = R"({"summary":"{\"FinishedSuccessfully\":true}"})";
  const std::string bad = R"({"summary":"{\"FinishedSuccessfully\":false}"})";
  const std::string partly =
      R"({"summary":"{\"FinishedSuccessfully\":true,\"NumberOfErrors\":2}"})";
  const std::string exported = R"({"summary":"{\"ExportedRecords\":2,\"Errors\":[]}"})";
  const std::string some = R"({"summary":"{\"ExportedRecords\":2,\"Errors\":[\"x\"]}"})";
  const std::string none = R"({"summary":"{\"ExportedRecords\":0,\"Errors\":[{}]}"})";
  const struct {
    const char* type;
    const char* status;
    std::string outputs;
    Job::Outcome outcome;
  } cases[] = {
      {"ExcelImportJob", "Succeeded", good, Job::OUTCOME_OK},
      {"TextImportJob", "Succeeded", partly, Job::OUTCOME_COMPLETED_WITH_ERRORS},
      {"ExcelImportDryRunJob", "Succeeded", bad, Job::OUTCOME_NOT_SUCCESSFUL},
      {"ExcelExportJob", "Succeeded", exported, Job::OUTCOME_OK},
      {"ExcelExportJob", "Succeeded", some, Job::OUTCOME_COMPLETED_WITH_ERRORS},
      {"ExcelExportJob", "Succeeded", none, Job::OUTCOME_NOT_SUCCESSFUL},
      {"ExcelImportJob", "Failed", good, Job::OUTCOME_NOT_SUCCESSFUL},
      {"ComparisonTableJob", "Failed", "null", Job::OUTCOME_NOT_SUCCESSFUL},
      {"ExcelImportJob", "Cancelled", good, Job::OUTCOME_UNSPECIFIED},
      {"ExcelImportJob", "Running", good, Job::OUTCOME_UNSPECIFIED},
      {"ExcelImportJob", "Succeeded", "null", Job::OUTCOME_UNSPECIFIED},
      {"ExcelImportJob", "Succeeded", "{}", Job::OUTCOME_UNSPECIFIED},
      {"ComparisonTableJob", "Succeeded", good, Job::OUTCOME_UNSPECIFIED},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(WithSummary(one.type, one.status, one.outputs).outcome(), one.outcome)
        << one.type << " " << one.status << " " << one.outputs;
  }
}

TEST(Summary, IsLeftOutWhenItIsNoneAndItsTextKept) {
  for (const char* summary :
       {R"("")", R"("done")", R"("null")", R"("[]")", R"("{}")",
        R"("{\"FinishedSuccessfully\":1}")", R"("{\"FinishedSuccessfully\":true")",
        R"("{\"FinishedSuccessfully\":null}")",
        R"("{\"FinishedSuccessfully\":true,\"NumberOfErrors\":\"2\"}")",
        R"("{\"FinishedSuccessfully\":true,\"ImportErrors\":\"x\"}")",
        R"("{\"FinishedSuccessfully\":true,\"FinishedSuccessfully\":false}")",
        R"({"FinishedSuccessfully":"yes"})", "null", "true", "[1, 2]"}) {
    const Job job =
        WithSummary("ExcelImportJob", "Succeeded", std::string(R"({"summary":)") + summary + "}");
    EXPECT_EQ(job.summary_case(), Job::SUMMARY_NOT_SET) << summary;
    EXPECT_EQ(job.outcome(), Job::OUTCOME_UNSPECIFIED) << summary;
    EXPECT_TRUE(job.raw_outputs().contains("summary")) << summary;
  }
  EXPECT_EQ(WithSummary("ExcelImportJob", "Succeeded", R"({"summary":"done"})")
                .raw_outputs()
                .at("summary"),
            "done");
}

TEST(DecodeJobs, CountsAllEvenWhenTheListIsCut) {
  const auto cut =
      DecodeJobs(R"({"results":[{"id":"a","status":"Pending"}],"totalResultCount":9})", "main");
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_EQ(cut->total_count, 9);
  for (const char* total : {"", R"("totalResultCount":null,)", R"("totalResultCount":0,)"}) {
    const auto list = DecodeJobs(
        std::string("{") + total + R"("results":[{"id":"a","status":"Pending"}]})", "main");
    ASSERT_TRUE(list.ok()) << list.status();
    EXPECT_EQ(list->total_count, 1) << total;
  }
}

TEST(DecodeServerVersion, KnowsWhatIsSupported) {
  const std::pair<const char*, bool> cases[] = {{"24.2", true},       {"24.2.0.0", true},
                                                {"26.1.820.0", true}, {"27.1.0-rc", true},
                                                {"24.1.9", false},    {"23.9", false}};
  for (const auto& [text, supported] : cases) {
    const auto version = DecodeServerVersion(std::string(R"({"version":")") + text + "\"}");
    ASSERT_TRUE(version.ok()) << version.status();
    EXPECT_EQ(version->text, text);
    EXPECT_EQ(IsSupported(*version), supported) << text;
  }
  for (const char* text : {R"("")", R"("26")", R"("26.x")", R"("26.")", R"("-26.1")", "null"}) {
    EXPECT_FALSE(DecodeServerVersion(std::string(R"({"version":)") + text + "}").ok()) << text;
  }
}

TEST(DecodeUploadId, TakesItBareOrQuoted) {
  for (const char* body : {"7d0f-1", "\"7d0f-1\"", " 7d0f-1\r\n", "\n\"7d0f-1\" "}) {
    const auto id = DecodeUploadId(body);
    ASSERT_TRUE(id.ok()) << body;
    EXPECT_EQ(*id, "7d0f-1");
  }
  for (const std::string& body :
       {std::string(), std::string(" "), std::string("\"\""), std::string("\""),
        std::string("\"7d0f"), std::string("7d0f\""), std::string("\"\"7d\"\""),
        std::string("<html></html>"), std::string("{\"id\":\"7\"}"), std::string("two words"),
        std::string("a\0b", 3), std::string("\xff"), std::string("a\\u0041"), std::string(513, 'x'),
        std::string(10 << 20, 'x')}) {
    const auto id = DecodeUploadId(body);
    EXPECT_TRUE(HasReason(id.status(), Reason::kUpstreamMalformedResponse)) << body.substr(0, 80);
  }
}

TEST(DecodeProblem, FindsWhatIsSaidToPeople) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"title":"Bad Request","detail":"The paths are not safe relative paths"})",
       "The paths are not safe relative paths"},
      {R"({"type":"about:blank","title":"Not Found","status":404})", "Not Found"},
      {R"({"title":null})", ""},
      {R"({"title":5})", ""},
      {"\"No such job\"\r\n", "No such job"},
      {" No such job ", "No such job"},
      {"System.Exception: no\r\n   at Granta.Jobs()", "System.Exception: no"},
      {"a\tb", "a b"},
      {"", ""},
      {"<html><body>502</body></html>", ""},
      {"[1]", ""},
      {"L'acc\xe8s est refus\xe9", "L'accès est refusé"},
      {"{\"title\":5,\"detail\":\"Refus\xe9\"}", "Refusé"},
      {std::string(499, 'x') + "éy", std::string(499, 'x')},
      {std::string(100 << 10, 'x'), ""},
  };
  for (const auto& [body, problem] : cases) EXPECT_EQ(DecodeProblem(body), problem);
}

TEST(DecodeLists, ReadNamesAndIds) {
  const auto files = DecodeOutputFiles(R"(["b.log","a\\b.xlsx"])", "main", "ab");
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ((*files)[0].file_name(), "b.log");
  EXPECT_EQ((*files)[0].name(), "queues/main/jobs/ab/outputFiles/Yi5sb2c");
  EXPECT_EQ((*files)[1].file_name(), "a\\b.xlsx");
  const auto ids = DecodeDeletedIds(R"(["ab","cd"])");
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_THAT(*ids, ElementsAre("ab", "cd"));
  for (const char* body : {"{}", "null", "[1]", "[null]", R"([""])", R"(["a")", R"(["ab"]x)"}) {
    EXPECT_FALSE(DecodeOutputFiles(body, "main", "ab").ok()) << body;
    EXPECT_FALSE(DecodeDeletedIds(body).ok()) << body;
  }
  EXPECT_FALSE(DecodeDeletedIds(R"(["no-id"])").ok());
}

}  // namespace
}  // namespace relais::jobqueue
