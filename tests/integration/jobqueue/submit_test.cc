// A job and its files in one stream: SubmitJob.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/core/base/sha256.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class JobQueueSubmit : public JobQueueTest {
 protected:
  // How a stream of these messages after a good start ends.
  grpc::Status After(std::vector<jq::SubmitJobRequest> messages) {
    messages.insert(messages.begin(), SubmitMessages(TextImport("Import"), {})[0]);
    return client().Send(messages).status;
  }
  static jq::SubmitJobRequest File(const std::string& path) {
    jq::SubmitJobRequest message;
    message.mutable_file()->set_path(path);
    return message;
  }
  static jq::SubmitJobRequest Chunk(const std::string& bytes) {
    jq::SubmitJobRequest message;
    message.set_chunk(bytes);
    return message;
  }
  static jq::SubmitJobRequest End() {
    jq::SubmitJobRequest message;
    message.mutable_end();
    return message;
  }
};

TEST_F(JobQueueSubmit, AJobGoesUpWithAllItsFiles) {
  const jq::Job job = client().Import("Import", kData, "description: 'Mine'");
  EXPECT_EQ(job.display_name(), "Import");
  EXPECT_EQ(job.description(), "Mine");
  EXPECT_THAT(job.input_files(), SizeIs(2));
  const jq::Job ended = client().AwaitEnd(job.name());
  EXPECT_EQ(ended.outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(ended.import_summary().created_record_count(), 2);
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 2);
  EXPECT_EQ(Asked(QueueOperation::kJobsCreate), 1);
}

TEST_F(JobQueueSubmit, FilesComeInAnyOrderAndMayBePromised) {
  std::vector<SentFile> files = TextImportFiles();
  std::swap(files[0], files[1]);
  for (SentFile& file : files) {
    file.size_bytes = static_cast<std::int64_t>(file.content.size());
    file.sha256 = Sha256Hex(file.content);
  }
  const auto reply = client().Submit(TextImport("Import"), files);
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_EQ(client().AwaitEnd(reply.message.name()).import_summary().created_record_count(), 2);
}

TEST_F(JobQueueSubmit, WhatIsUploadedAlreadyNeedsNotBeSent) {
  jq::JobDefinition definition = TextImport("Import");
  jq::JobFile& layout = *definition.mutable_text_import()->mutable_template_();
  layout.set_input_file(client().Uploaded("t.xml", kTemplate));
  const auto reply = client().Submit(definition, {{.path = "data.csv", .content = kData}});
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_EQ(client().AwaitEnd(reply.message.name()).outcome(), jq::Job::OUTCOME_OK);
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 2);
}

TEST_F(JobQueueSubmit, LargeFilesAndEmptyOnesGoUpToo) {
  std::string data = "Build\r\n";
  for (int i = 0; i < 500; ++i) absl::StrAppend(&data, "Build ", i, ",", std::string(6000, 'r'));
  jq::JobDefinition definition = TextImport("Import");
  definition.mutable_text_import()->add_attachments()->set_path("pictures/empty.png");
  std::vector<SentFile> files = TextImportFiles(data);
  files.push_back({.path = "pictures/empty.png", .content = ""});
  const auto reply = client().Submit(definition, files);
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_THAT(reply.message.input_files(), SizeIs(3));
  EXPECT_EQ(client().AwaitEnd(reply.message.name()).state(), jq::Job::STATE_SUCCEEDED);
}

TEST_F(JobQueueSubmit, EveryFileThatIsMissingIsNamed) {
  const grpc::Status status = After({});
  EXPECT_TRUE(Violates(status, "file"));
  EXPECT_THAT(FailureOf(status).violations, HasSubstr("\"template.xml\""));
  EXPECT_THAT(FailureOf(status).violations, HasSubstr("\"data.csv\""));
  EXPECT_THAT(FailureOf(After({File("data.csv"), End()})).violated, SizeIs(1));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueSubmit, AStreamOutOfOrderIsRefusedAndNothingIsSent) {
  EXPECT_TRUE(Violates(After({Chunk("x")}), "chunk"));
  EXPECT_TRUE(Violates(After({File("other.csv")}), "file.path"));
  EXPECT_THAT(FailureOf(After({File("other.csv")})).violations,
              HasSubstr("\"other.csv\" is no file of the definition that is to be sent; those are "
                        "\"data.csv\", \"template.xml\""));
  EXPECT_TRUE(Violates(After({File("DATA.CSV")}), "file.path"));
  EXPECT_TRUE(
      Violates(After({File("data.csv"), Chunk("x"), End(), File("data.csv")}), "file.path"));
  EXPECT_TRUE(Violates(After({File("data.csv"), Chunk("x"), File("template.xml")}), "end"));
  EXPECT_TRUE(Violates(After({File("data.csv"), Chunk("x"), End(), Chunk("x")}), "chunk"));
  EXPECT_TRUE(Violates(After({End()}), "end"));
  EXPECT_TRUE(
      Violates(After({File("data.csv"), SubmitMessages(TextImport("Again"), {})[0]}), "part"));
  EXPECT_TRUE(Violates(After({jq::SubmitJobRequest()}), "part"));
  EXPECT_TRUE(Violates(client().Send({File("data.csv")}).status, "start"));
  EXPECT_TRUE(Fails(client().Send(std::vector<jq::SubmitJobRequest>()).status,
                    grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueSubmit, ADefinitionThatIsWrongIsRefusedBeforeItsFiles) {
  jq::JobDefinition definition = TextImport("");
  definition.mutable_text_import()->clear_data();
  definition.mutable_text_import()->add_attachments();
  definition.mutable_text_import()->add_attachments()->set_path("../template.xml");
  const grpc::Status status = client().Submit(definition, TextImportFiles()).status;
  EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  EXPECT_THAT(
      FailureOf(status).violated,
      UnorderedElementsAre("start.definition.display_name", "start.definition.text_import.data",
                           "start.definition.text_import.attachments[0].path",
                           "start.definition.text_import.attachments[1].path"));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueSubmit, APromiseThatIsBrokenEndsItAll) {
  const std::vector<std::function<void(SentFile&)>> promises = {
      [](SentFile& file) { file.size_bytes = 5; }, [](SentFile& file) { file.size_bytes = 5000; },
      [](SentFile& file) { file.sha256 = Sha256Hex("something else"); }};
  for (const auto& promise : promises) {
    for (const std::size_t at : {0, 1}) {
      std::vector<SentFile> files = TextImportFiles();
      promise(files[at]);
      EXPECT_TRUE(Fails(client().Submit(TextImport("Import"), files).status, grpc::INVALID_ARGUMENT,
                        "CHECKSUM_MISMATCH"));
    }
  }
  std::vector<SentFile> files = TextImportFiles();
  files[0].size_bytes = -1;
  files[0].sha256 = "abc";
  const grpc::Status status = client().Submit(TextImport("Import"), files).status;
  EXPECT_TRUE(Violates(status, "file.size_bytes"));
  EXPECT_TRUE(Violates(status, "file.sha256"));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueSubmit, AFileThatIsTooLargeEndsItAll) {
  Start(sandbox::jobqueue::Options(), {"max_upload_bytes=1000"});
  EXPECT_TRUE(
      Fails(client().Submit(TextImport("Import"), TextImportFiles(std::string(1001, 'x'))).status,
            grpc::OUT_OF_RANGE, "REQUEST_OUT_OF_RANGE"));
  EXPECT_EQ(AskedToChange(), 0);
}

TEST_F(JobQueueSubmit, ARequestIdMakesOneJobOfTheSameFiles) {
  const auto first = client().Submit(TextImport("Import"), TextImportFiles(), "one");
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  const auto again = client().Submit(TextImport("Import"), TextImportFiles(), "one");
  EXPECT_EQ(again.message.name(), first.message.name());
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 2);
  EXPECT_TRUE(Fails(client().Submit(TextImport("Import"), TextImportFiles("Other"), "one").status,
                    grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(), 1u);
}

TEST_F(JobQueueSubmit, AnUploadThatFailsUpstreamMakesNoJob) {
  Disturb(QueueOperation::kFilesUpload, {.after = 1, .count = 1, .status = 500});
  const grpc::Status status =
      client().Submit(TextImport("Import"), TextImportFiles(), "one").status;
  EXPECT_TRUE(Fails(status, grpc::INTERNAL, "UPSTREAM_FAILED"));
  EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
  EXPECT_TRUE(client().Submit(TextImport("Import"), TextImportFiles(), "one").status.ok());
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(), 1u);
}

TEST_F(JobQueueSubmit, AnAnswerThatIsLostIsFoundAgain) {
  Disturb(QueueOperation::kJobsCreate, {.count = 1, .lose_answer = true});
  const auto reply =
      client().Submit(TextImport("Import", "description: 'Mine'"), TextImportFiles());
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_EQ(reply.message.description(), "Mine");
  EXPECT_EQ(sandbox::jobqueue::QueueOf(sandbox()).Ledger().size(), 1u);
  EXPECT_EQ(Asked(QueueOperation::kJobsCreate), 1);
}

}  // namespace
}  // namespace relais::integration
