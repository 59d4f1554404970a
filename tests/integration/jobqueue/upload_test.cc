// Files on their way up: UploadInputFile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "server/core/base/sha256.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::size_t kUploadUnit = 1 << 20;

class JobQueueUpload : public JobQueueTest {
 protected:
  // The job that imports what was uploaded, when it has ended.
  jq::Job Imported(const std::string& data_file) {
    jq::CreateJobRequest request;
    request.set_parent("queues/sandbox");
    request.mutable_definition()->set_display_name("Import");
    jq::TextImport& work = *request.mutable_definition()->mutable_text_import();
    work.mutable_template_()->set_input_file(client().Uploaded("template.xml", kTemplate));
    work.add_data()->set_input_file(data_file);
    return client().AwaitEnd(client().Get(&QueueStub::CreateJob, request).name());
  }
};

TEST_F(JobQueueUpload, FilesOfAnySizeArrive) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, 3 * kUploadUnit}) {
    const std::string content(size, 'x');
    const auto reply = client().Upload("file.bin", content);
    ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
    EXPECT_THAT(reply.message.name(), StartsWith("queues/sandbox/inputFiles/"));
    EXPECT_EQ(reply.message.file_name(), "file.bin");
    EXPECT_EQ(reply.message.size_bytes(), static_cast<std::int64_t>(size));
    EXPECT_EQ(reply.message.sha256(), Sha256Hex(content));
  }
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 3);
}

TEST_F(JobQueueUpload, ALargeFileArrivesWholeAndUnchanged) {
  std::string data = "Build,Remark\r\n";
  const std::string remark(3000, 'r');
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&data, "Build ", i, ",", remark, "\r\n");
  const jq::Job job = Imported(client().Uploaded("large.csv", data));
  EXPECT_EQ(job.import_summary().created_record_count(), 1000);
  EXPECT_EQ(job.import_summary().error_count(), 0);
}

TEST_F(JobQueueUpload, NamesAreKeptWhateverIsInThem) {
  for (const std::string name : {"quote\".csv",
                                 "\xc3\xbc"
                                 "bergr\xc3\xb6\xc3\x9f"
                                 "e.csv",
                                 "a & b #c +d%20=e.csv", "\xe6\x97\xa5\xe6\x9c\xac.csv",
                                 "semi;colon, comma.csv", "-", "no extension"}) {
    const auto reply = client().Upload(name, kData);
    ASSERT_TRUE(reply.status.ok()) << name << Describe(reply.status);
    EXPECT_EQ(reply.message.file_name(), name);
    const jq::Job job = Imported(reply.message.name());
    EXPECT_EQ(job.outcome(), jq::Job::OUTCOME_OK) << name;
    const auto definition =
        client().Get(&QueueStub::GetJobDefinition, absl::StrCat("name: '", job.name(), "'"));
    EXPECT_EQ(definition.text_import().data(0).path(), name);
  }
}

TEST_F(JobQueueUpload, WhatIsNoBaseNameIsRefused) {
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string("a\\b"), std::string(".."), std::string("."),
        std::string("a\nb"), std::string("a\0b", 3), std::string(256, 'a')}) {
    EXPECT_TRUE(Violates(client().Upload(name, "x").status, "start.file_name")) << name;
  }
  EXPECT_TRUE(Violates(client().Upload("a", "x", "media_type: 'text'").status, "start.media_type"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 0);
}

TEST_F(JobQueueUpload, WhatWasPromisedIsChecked) {
  const std::string digest = Sha256Hex("content");
  const auto with = [](const std::string& size, const std::string& sha256) {
    return absl::StrCat("size_bytes: ", size, " sha256: '", sha256, "'");
  };
  EXPECT_TRUE(client().Upload("a", "content", with("7", digest)).status.ok());
  EXPECT_TRUE(client().Upload("a", "", with("0", Sha256Hex(""))).status.ok());
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 2);
  for (const std::string& promise :
       {with("6", digest), with("8", digest), with("0", digest), with("7", Sha256Hex("Content"))}) {
    const grpc::Status status = client().Upload("a", "content", promise).status;
    EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "CHECKSUM_MISMATCH")) << promise;
    EXPECT_THAT(status.error_message(), HasSubstr("nothing was sent upstream"));
  }
  EXPECT_TRUE(Fails(client().Upload("a", "", "size_bytes: 1").status, grpc::INVALID_ARGUMENT,
                    "CHECKSUM_MISMATCH"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 2);
}

TEST_F(JobQueueUpload, TheEndSaysWhatThereWas) {
  const auto with_end = [&](const std::string& end, const std::string& start = "") {
    auto messages = UploadMessages(start, "content");
    ParseText(end, *messages.back().mutable_end());
    return client().Send(messages).status;
  };
  const std::string digest = Sha256Hex("content");
  EXPECT_TRUE(with_end(absl::StrCat("size_bytes: 7 sha256: '", digest, "'")).ok());
  for (const std::string& end : {std::string("size_bytes: 6"), std::string("size_bytes: 8"),
                                 absl::StrCat("sha256: '", Sha256Hex("Content"), "'")}) {
    EXPECT_TRUE(Fails(with_end(end), grpc::INVALID_ARGUMENT, "CHECKSUM_MISMATCH")) << end;
  }
  EXPECT_TRUE(Violates(with_end("size_bytes: -1"), "end.size_bytes"));
  EXPECT_TRUE(Violates(with_end("sha256: 'ABC'"), "end.sha256"));
  EXPECT_TRUE(Fails(with_end("", "size_bytes: 8"), grpc::INVALID_ARGUMENT, "CHECKSUM_MISMATCH"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

TEST_F(JobQueueUpload, ADeclaredSizeNeedsNoEnd) {
  auto messages = UploadMessages("size_bytes: 7", "content");
  messages.pop_back();
  EXPECT_TRUE(client().Send(messages).status.ok());
  messages.pop_back();
  EXPECT_TRUE(Fails(client().Send(messages).status, grpc::INVALID_ARGUMENT, "CHECKSUM_MISMATCH"));
  messages = UploadMessages("", "content");
  messages.pop_back();
  EXPECT_TRUE(Violates(client().Send(messages).status, "end"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

TEST_F(JobQueueUpload, EverythingWrongWithAStartIsToldAtOnce) {
  const grpc::Status status =
      client().Upload("a/b", "x", "size_bytes: -1 sha256: 'ABC' media_type: 'none'").status;
  EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  EXPECT_THAT(FailureOf(status).violated, ElementsAre("start.size_bytes", "start.sha256",
                                                      "start.file_name", "start.media_type"));
}

TEST_F(JobQueueUpload, AFileThatIsTooLargeForTheConfigurationIsRefused) {
  Start(sandbox::jobqueue::Options(), {"max_upload_bytes=1000"});
  EXPECT_TRUE(client().Upload("a", std::string(1000, 'x')).status.ok());
  for (const char* promise : {"size_bytes: 1001", ""}) {
    const grpc::Status status = client().Upload("a", std::string(1001, 'x'), promise).status;
    EXPECT_TRUE(Fails(status, grpc::OUT_OF_RANGE, "REQUEST_OUT_OF_RANGE")) << promise;
    EXPECT_THAT(status.error_message(), HasSubstr("1000 bytes"));
  }
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

TEST_F(JobQueueUpload, AFileThatIsTooLargeForTheUpstreamIsReportedSo) {
  sandbox::jobqueue::Options options;
  options.max_upload_bytes = 1000;
  Start(std::move(options));
  const grpc::Status status = client().Upload("a", std::string(1001, 'x')).status;
  EXPECT_TRUE(Fails(status, grpc::OUT_OF_RANGE, "REQUEST_OUT_OF_RANGE"));
  EXPECT_EQ(FailureOf(status).metadata["httpStatus"], "413");
  EXPECT_EQ(FailureOf(status).localized, "The file is larger than 1000 bytes.");
}

TEST_F(JobQueueUpload, AStreamOutOfOrderIsRefused) {
  const auto good = UploadMessages("", "x");
  EXPECT_TRUE(Fails(client().Send(std::vector<jq::UploadInputFileRequest>()).status,
                    grpc::INVALID_ARGUMENT, "INVALID_REQUEST"));
  EXPECT_TRUE(Violates(client().Send({good[1], good[0]}).status, "start"));
  EXPECT_TRUE(Violates(client().Send({jq::UploadInputFileRequest()}).status, "start"));
  EXPECT_TRUE(Violates(client().Send({good[0], good[0]}).status, "part"));
  EXPECT_TRUE(Violates(
      client().Send({good[0], good[1], jq::UploadInputFileRequest(), good[1]}).status, "part"));
  EXPECT_TRUE(Violates(client().Send({good[0], good[1], good[2], good[1]}).status, "chunk"));
  EXPECT_TRUE(Violates(client().Send({good[0], good[1], good[2], good[2]}).status, "end"));
  EXPECT_TRUE(
      Violates(client().Upload("a", "x", "parent: 'queues/a/jobs/b'").status, "start.parent"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 0);
}

TEST_F(JobQueueUpload, AnUploadWithARequestIdHappensOnce) {
  const auto first = client().Upload("a", "content", "request_id: 'one'");
  ASSERT_TRUE(first.status.ok()) << Describe(first.status);
  EXPECT_EQ(client().Upload("a", "content", "request_id: 'one'").message.name(),
            first.message.name());
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
  EXPECT_TRUE(Fails(client().Upload("a", "contents", "request_id: 'one'").status,
                    grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
  EXPECT_TRUE(Fails(client().Upload("b", "content", "request_id: 'one'").status,
                    grpc::INVALID_ARGUMENT, "REQUEST_ID_REUSED"));
  EXPECT_TRUE(Violates(client().Upload("a", "content", "request_id: 'h\\303\\251'").status,
                       "start.request_id"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

TEST_F(JobQueueUpload, AnUploadThatIsCancelledLeavesNothing) {
  {
    grpc::ClientContext context;
    jq::InputFile file;
    const auto writer = client().stub().UploadInputFile(&context, &file);
    for (const auto& message : UploadMessages("", std::string(kUploadUnit, 'x'))) {
      ASSERT_TRUE(writer->Write(message));
    }
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::CANCELLED);
  }
  EXPECT_TRUE(client().Upload("a", "x").status.ok());
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

}  // namespace
}  // namespace relais::integration
