// Outputs on their way down: ListOutputFiles and DownloadOutputFile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/core/base/sha256.h"
#include "server/services/jobqueue/names.h"
#include "tests/integration/failure.h"
#include "tests/integration/jobqueue/client.h"
#include "tests/support/scripted_http_server.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr std::int64_t kMebibyte = 1 << 20;

class JobQueueDownload : public JobQueueTest {
 protected:
  // The name of an output of that many bytes.
  std::string Output(std::int64_t bytes) {
    return OutputOf(JobNameOf(sandbox::jobqueue::QueueOf(sandbox()).AddOutput(
                        static_cast<std::uint64_t>(bytes))),
                    "output.bin");
  }
  static std::string OutputOf(const std::string& job, const std::string& file_name) {
    return jobqueue::FormatOutputFileName("sandbox", IdOf(job), file_name);
  }
  double InFlight() { return gateway().Metric("relais_upstream_in_flight{service=\"jobqueue\""); }
  static std::string Bytes(std::int64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    sandbox::jobqueue::MakeBytes(0, bytes.data(), bytes.size());
    return bytes;
  }
};

TEST_F(JobQueueDownload, ALogComesWithItsSizeAndDigest) {
  const jq::Job job = client().AwaitEnd(client().Import("Import").name());
  ASSERT_EQ(job.output_files_size(), 1);
  const Downloaded log = client().Download(job.output_files(0));
  ASSERT_TRUE(log.status.ok()) << Describe(log.status);
  ASSERT_EQ(log.messages.size(), 3u);
  const auto& metadata = log.messages.front().metadata();
  EXPECT_EQ(metadata.file_name(), "Import.log");
  EXPECT_EQ(metadata.media_type(), "application/octet-stream");
  EXPECT_THAT(log.Content(), StartsWith("\xEF\xBB\xBF"));
  EXPECT_EQ(metadata.size_bytes(), static_cast<std::int64_t>(log.Content().size()));
  EXPECT_EQ(log.messages.back().trailer().size_bytes(), metadata.size_bytes());
  EXPECT_EQ(log.messages.back().trailer().sha256(), Sha256Hex(log.Content()));
}

TEST_F(JobQueueDownload, OutputsOfJobsWithAwkwardNamesCanBeHad) {
  for (const std::string name : {"A & B #1 +50%", "50%41", "\xc3\xbc=\"q\"?", "../../x"}) {
    const jq::Job job = client().AwaitEnd(client().Import(name).name());
    ASSERT_EQ(job.output_files_size(), 1);
    const Downloaded log = client().Download(job.output_files(0));
    EXPECT_TRUE(log.status.ok()) << name << Describe(log.status);
    EXPECT_TRUE(log.HasTrailer());
  }
}

TEST_F(JobQueueDownload, ALargeOutputComesInChunks) {
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, kMebibyte, kMebibyte + 1}) {
    const Downloaded output = client().Download(Output(size));
    ASSERT_TRUE(output.status.ok()) << Describe(output.status);
    EXPECT_EQ(output.messages.front().metadata().size_bytes(), size);
    for (std::size_t i = 1; i + 1 < output.messages.size(); ++i) {
      EXPECT_GE(output.messages[i].chunk().size(), 1u);
      EXPECT_LE(output.messages[i].chunk().size(), 256u << 10);
    }
    EXPECT_TRUE(output.Content() == Bytes(size));
    ASSERT_TRUE(output.HasTrailer());
    EXPECT_EQ(output.messages.back().trailer().size_bytes(), size);
    EXPECT_EQ(output.messages.back().trailer().sha256(), Sha256Hex(Bytes(size)));
  }
}

TEST_F(JobQueueDownload, WhatIsNotThereIsNotFound) {
  const std::string job = Seed("Job");
  for (const std::string& name :
       {OutputOf(job, "nothing.log"), OutputOf("queues/sandbox/jobs/00-0", "Job.log"),
        OutputOf(job, "../../../etc/passwd")}) {
    const Downloaded output = client().Download(name);
    EXPECT_TRUE(Fails(output.status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND")) << name;
    EXPECT_TRUE(output.messages.empty());
  }
  for (const std::string& name : {absl::StrCat(job, "/outputFiles/Job.log"),
                                  absl::StrCat(job, "/outputFiles/"), job, std::string("x")}) {
    EXPECT_TRUE(Violates(client().Download(name).status, "name")) << name;
  }
}

TEST_F(JobQueueDownload, AConnectionThatIsCutIsNoEndOfTheFile) {
  const std::string name = Output(kMebibyte);
  Disturb(QueueOperation::kOutputsGet, {.cut = sandbox::Cut::kMidBody});
  const Downloaded output = client().Download(name);
  EXPECT_TRUE(Fails(output.status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
  EXPECT_FALSE(output.HasTrailer());
  EXPECT_LT(output.Content().size(), static_cast<std::size_t>(kMebibyte));
  EXPECT_TRUE(output.Content() == Bytes(kMebibyte).substr(0, output.Content().size()));
}

TEST_F(JobQueueDownload, WhatMayHaveBeenCutHasNoTrailer) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n";
  const std::tuple<std::string, grpc::StatusCode, const char*> cases[] = {
      {head + "\r\nwhole", grpc::INTERNAL, "UPSTREAM_MALFORMED_RESPONSE"},
      {chunked, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"},
      {chunked + "0\r\n\r\n", grpc::OK, ""},
      {head + "Content-Length: 5\r\n\r\nwhole", grpc::OK, ""},
  };
  for (const auto& [bytes, code, reason] : cases) {
    ScriptedHttpServer upstream(Once(bytes));
    Start(sandbox::jobqueue::Options(), {"base_url=" + upstream.Url("/mi")});
    const Downloaded output = client().Download(OutputOf("queues/sandbox/jobs/00-0", "a"));
    EXPECT_EQ(output.Content(), "whole") << bytes;
    EXPECT_EQ(output.HasTrailer(), code == grpc::OK) << bytes;
    if (code == grpc::OK) {
      EXPECT_TRUE(output.status.ok()) << Describe(output.status);
    } else {
      EXPECT_TRUE(Fails(output.status, code, reason)) << bytes;
    }
  }
}

TEST_F(JobQueueDownload, AnUpstreamThatFailsBeforeTheFirstByteIsAskedAgain) {
  const std::string name = Output(1000);
  Disturb(QueueOperation::kOutputsGet, {.count = 1, .status = 503});
  EXPECT_TRUE(client().Download(name).HasTrailer());
  Disturb(QueueOperation::kOutputsGet, {.status = 500, .html = true});
  const Downloaded output = client().Download(name);
  EXPECT_TRUE(Fails(output.status, grpc::INTERNAL, "UPSTREAM_FAILED"));
  EXPECT_TRUE(output.messages.empty());
}

TEST_F(JobQueueDownload, ASlowReaderLosesNothingAndHoldsNobodyUp) {
  Start(sandbox::jobqueue::Options(), {"limits.in_flight=2"});
  const std::int64_t size = 8 * kMebibyte;
  const std::string name = Output(size);
  Incoming slow(client().stub(), &QueueStub::DownloadOutputFile,
                absl::StrCat("name: '", name, "'"));
  EXPECT_EQ(slow.Next().metadata().size_bytes(), size);
  std::string content = slow.Next().chunk();
  // It holds no worker while the reader rests, and one connection of two.
  EXPECT_TRUE(client().Download(Output(1)).HasTrailer());
  EXPECT_EQ(client().List().total_size(), 2);
  const auto last = slow.Until([&content](const jq::DownloadOutputFileResponse& message) {
    absl::StrAppend(&content, message.chunk());
    return message.has_trailer();
  });
  EXPECT_TRUE(slow.End().ok());
  EXPECT_EQ(last.trailer().sha256(), Sha256Hex(content));
  EXPECT_TRUE(content == Bytes(size));
}

TEST_F(JobQueueDownload, ManyThatNobodyReadsHoldAsManyConnectionsAsAreAllowed) {
  Start(sandbox::jobqueue::Options(), {"limits.in_flight=4"});
  const std::string name = Output(64 * kMebibyte);
  const std::string small = Output(1000);
  using Stream = Incoming<jq::DownloadOutputFileRequest, jq::DownloadOutputFileResponse>;
  std::vector<std::unique_ptr<Stream>> unread;
  for (int i = 0; i < 100; ++i) {
    unread.push_back(std::make_unique<Stream>(client().stub(), &QueueStub::DownloadOutputFile,
                                              absl::StrCat("name: '", name, "'")));
  }
  EXPECT_TRUE(Eventually([&] { return InFlight() == 4; }));
  EXPECT_EQ(client().List().total_size(), 2) << "other calls have their turn";
  EXPECT_LE(InFlight(), 4);
  for (std::size_t i = 0; i < unread.size(); ++i) {
    if (i != 50) unread[i]->Cancel();
  }
  std::string content;
  unread[50]->Until([&content](const jq::DownloadOutputFileResponse& message) {
    absl::StrAppend(&content, message.chunk());
    return message.has_trailer();
  });
  EXPECT_EQ(content.size(), static_cast<std::size_t>(64 * kMebibyte)) << "one that had to wait";
  EXPECT_TRUE(client().Download(small).HasTrailer());
}

TEST_F(JobQueueDownload, ACallerThatGoesAwayFreesTheConnection) {
  Start(sandbox::jobqueue::Options(), {"limits.in_flight=1"});
  const std::string name = Output(64 * kMebibyte);
  for (int i = 0; i < 3; ++i) {
    Incoming stream(client().stub(), &QueueStub::DownloadOutputFile,
                    absl::StrCat("name: '", name, "'"));
    EXPECT_TRUE(stream.Next().has_metadata());
    EXPECT_FALSE(stream.Next().chunk().empty());
    stream.Cancel();
    EXPECT_EQ(stream.End().error_code(), grpc::CANCELLED);
  }
  EXPECT_TRUE(client().Download(Output(1000)).HasTrailer());
}

TEST_F(JobQueueDownload, OutputsAreListedByNameInPages) {
  sandbox::jobqueue::Options options;
  options.version = "25.1";
  Start(std::move(options));
  const std::string job = client().AwaitEnd(client().Import("Z").name()).name();
  EXPECT_THAT(client().Outputs(job), ElementsAre("Z.log", "summary.json"));
  const std::string parent = absl::StrCat("parent: '", job, "' ");
  const auto first = client().Get(&QueueStub::ListOutputFiles, parent + "page_size: 1");
  EXPECT_EQ(first.output_files(0).file_name(), "Z.log");
  const auto second = client().Get(
      &QueueStub::ListOutputFiles,
      absl::StrCat(parent, "page_size: 1 page_token: '", first.next_page_token(), "'"));
  EXPECT_EQ(second.output_files(0).file_name(), "summary.json");
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_TRUE(Violates(client().Call(&QueueStub::ListOutputFiles, parent + "page_size: -1").status,
                       "page_size"));
  EXPECT_TRUE(
      Fails(client().Call(&QueueStub::ListOutputFiles, "parent: 'queues/sandbox/jobs/00-0'").status,
            grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

}  // namespace
}  // namespace relais::integration
