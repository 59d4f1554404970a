// Files as bodies of HTTP, for REST: DownloadOutputFileContent and UploadInputFileContent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/core/base/sha256.h"
#include "server/gateway/download.h"
#include "server/services/jobqueue/names.h"
#include "tests/integration/failure.h"
#include "tests/integration/jobqueue/client.h"

namespace relais::integration {
namespace {

using google::api::HttpBody;
using sandbox::jobqueue::QueueOperation;

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

using Metadata = std::map<std::string, std::string>;

Metadata Copied(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Metadata copy;
  for (const auto& [key, value] : metadata)
    copy.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  return copy;
}

class JobQueueContent : public JobQueueTest {
 protected:
  struct Body {
    grpc::Status status;
    std::string content_type;
    std::string content;
    Metadata before;
    Metadata after;
  };

  Body Download(std::int64_t bytes) {
    const std::string job = JobNameOf(
        sandbox::jobqueue::QueueOf(sandbox()).AddOutput(static_cast<std::uint64_t>(bytes)));
    jq::DownloadOutputFileContentRequest request;
    request.set_name(jobqueue::FormatOutputFileName("sandbox", IdOf(job), "output.bin"));
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = gateway().queue_stub().DownloadOutputFileContent(&context, request);
    Body body;
    HttpBody message;
    for (bool first = true; reader->Read(&message); first = false) {
      if (first) body.content_type = message.content_type();
      body.content += message.data();
    }
    body.status = reader->Finish();
    body.before = Copied(context.GetServerInitialMetadata());
    body.after = Copied(context.GetServerTrailingMetadata());
    return body;
  }

  struct Uploaded {
    grpc::Status status;
    jq::InputFile file;
  };

  // `first` in text form, then a message for each piece.
  Uploaded Upload(const std::string& first, const std::vector<std::string>& pieces) {
    jq::UploadInputFileContentRequest message;
    ParseText(absl::StrCat("parent: 'queues/sandbox' ", first), message);
    grpc::ClientContext context;
    SetDeadline(context);
    Uploaded uploaded;
    const auto writer = gateway().queue_stub().UploadInputFileContent(&context, &uploaded.file);
    bool open = writer->Write(message);
    for (std::size_t i = 0; open && i < pieces.size(); ++i) {
      message.Clear();
      message.mutable_content()->set_data(pieces[i]);
      open = writer->Write(message);
    }
    if (open) writer->WritesDone();
    uploaded.status = writer->Finish();
    return uploaded;
  }
};

TEST_F(JobQueueContent, OfAnOutputComesWithItsNameAndItsDigest) {
  for (const std::int64_t size : {0, 1, 700'000}) {
    const Body body = Download(size);
    ASSERT_TRUE(body.status.ok()) << Describe(body.status);
    EXPECT_EQ(body.content.size(), static_cast<std::size_t>(size));
    EXPECT_EQ(body.content_type, "application/octet-stream");
    EXPECT_THAT(body.before, Contains(Pair("content-disposition",
                                           "attachment; filename=\"output.bin\"; "
                                           "filename*=UTF-8''output.bin")));
    EXPECT_THAT(body.before, Contains(Pair("x-relais-size-bytes", absl::StrCat(size))));
    EXPECT_THAT(body.after,
                Contains(Pair("repr-digest", gateway::ReprDigest(Sha256Hex(body.content)))));
  }
}

TEST_F(JobQueueContent, ThatIsCutHasNoDigest) {
  Disturb(QueueOperation::kOutputsGet, {.cut = sandbox::Cut::kMidBody});
  const Body body = Download(1 << 20);
  EXPECT_TRUE(Fails(body.status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_THAT(body.after, Not(Contains(Key("repr-digest"))));
}

TEST_F(JobQueueContent, GoesUpInPiecesOfAnySize) {
  const std::string large(3 << 20, 'x');
  const std::string digest = Sha256Hex("steel" + large);
  for (const std::string& promise :
       {absl::StrCat("size_bytes: ", 5 + large.size()), absl::StrCat("sha256: '", digest, "'")}) {
    const Uploaded uploaded = Upload(
        absl::StrCat("file_name: 'steels.csv' content { content_type: 'text/csv' data: 'steel' } ",
                     promise),
        {large.substr(0, 1), "", large.substr(1)});
    ASSERT_TRUE(uploaded.status.ok()) << promise << Describe(uploaded.status);
    EXPECT_EQ(uploaded.file.file_name(), "steels.csv");
    EXPECT_EQ(uploaded.file.sha256(), digest);
  }
}

TEST_F(JobQueueContent, ThatHasNotComeWholeCommitsNothing) {
  EXPECT_TRUE(
      Violates(Upload("file_name: 'a' content { data: 'steel' }", {}).status, "size_bytes"));
  EXPECT_FALSE(Upload("file_name: 'a' size_bytes: 6 content { data: 'steel' }", {}).status.ok());
  EXPECT_TRUE(Fails(Upload(absl::StrCat("file_name: 'a' content { data: 'stee' } sha256: '",
                                        Sha256Hex("steel"), "'"),
                           {})
                        .status,
                    grpc::INVALID_ARGUMENT, "CHECKSUM_MISMATCH"));
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 0);
}

TEST_F(JobQueueContent, IsCheckedBeforeItIsTaken) {
  EXPECT_TRUE(Violates(Upload("file_name: 'a/b' size_bytes: 0", {}).status, "file_name"));
  EXPECT_TRUE(Violates(Upload("file_name: 'a' size_bytes: -1", {}).status, "size_bytes"));
  EXPECT_TRUE(Violates(Upload("file_name: 'a' sha256: 'ABC'", {}).status, "sha256"));
  EXPECT_TRUE(
      Violates(Upload("file_name: 'a' size_bytes: 0 content { content_type: 'text' }", {}).status,
               "content.content_type"));
}

TEST_F(JobQueueContent, IsTheSameFileForTheSameRequestId) {
  const std::string first =
      "file_name: 'a' size_bytes: 5 request_id: 'once' content { data: 'steel' }";
  const Uploaded once = Upload(first, {});
  ASSERT_TRUE(once.status.ok()) << Describe(once.status);
  EXPECT_EQ(Upload(first, {}).file.name(), once.file.name());
  EXPECT_EQ(Asked(QueueOperation::kFilesUpload), 1);
}

}  // namespace
}  // namespace relais::integration
