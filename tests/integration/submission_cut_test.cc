// Files that do not come to their end, on their way in or on their way up: a clear error, and
// nothing stays, neither upstream nor in the gateway.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/jobqueue/client.h"
#include "tests/integration/submission.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::testing::IsEmpty;

constexpr int kFileBytes = 256 << 10;
constexpr int kMostChunks = 16;

std::size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

class SubmissionCut : public GatewayTest {
 protected:
  void SetUp() override { Begin({}); }

  void Begin(std::vector<std::string> queue) {
    GatewayOptions options;
    options.sandbox.Of<sandbox::jobqueue::Options>().concurrency = 0;
    options.settings = {"jobqueue.spool_directory=" + spool_.path()};
    options.queue = std::move(queue);
    Start(std::move(options));
  }
  QueueStub& stub() { return gateway().queue_stub(); }
  std::int64_t Count(Operation operation) { return sandbox().traffic().Counts().Of(operation); }
  int Random(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }

  // Files of the spool folder that the process has open; none of them has a name.
  int SpooledFiles() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
      if (!gone && target.rfind(spool_.path(), 0) == 0) ++count;
    }
    return count;
  }

  double OpenCalls() {
    sandbox::PatientClient client("http://" + gateway().server().admin_address());
    const httplib::Result page = client.Get("/metrics");
    std::istringstream lines(page ? page->body : "");
    double calls = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("relais_grpc_open_calls{", 0) == 0)
        calls += std::stod(line.substr(line.rfind(' ')));
    }
    return calls;
  }

  void ExpectNothingIsLeft() {
    EXPECT_TRUE(Eventually([this] { return OpenCalls() == 0; }));
    EXPECT_TRUE(Eventually([this] { return SpooledFiles() == 0; }));
    EXPECT_TRUE(std::filesystem::is_empty(spool_.path()));
    EXPECT_THAT(sandbox::jobqueue::QueueOf(sandbox()).Ledger(), IsEmpty());
    EXPECT_EQ(Count(QueueOperation::kJobsCreate), 0);
  }

  std::mt19937 random_{20261121};
  const TemporaryFolder spool_;
};

// Sends a part and goes away.
template <typename Upload>
void SendAndCancel(Upload upload, int chunks, const std::string& content) {
  for (int i = 0; i < chunks; ++i) ASSERT_TRUE(upload.Write(content));
  upload.context.TryCancel();
  EXPECT_EQ(upload.writer->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(SubmissionCut, ByTheCallerOnTheWayInLeavesNothing) {
  const std::string content(kFileBytes, 's');
  [[maybe_unused]] std::size_t before = 0;  // not looked at under ASan
  for (int i = 0; i < 30; ++i) {
    if (i == 5) before = ResidentBytes();
    SendAndCancel(Uploading(stub()), Random(0, kMostChunks), content);
    SendAndCancel(Submitting(stub(), "cut"), Random(0, kMostChunks), content);
  }
  ExpectNothingIsLeft();
  EXPECT_EQ(Count(QueueOperation::kFilesUpload), 0);
#ifndef __SANITIZE_ADDRESS__                        // which holds on to what was freed
  EXPECT_LT(ResidentBytes(), before + (32 << 20));  // a quarter of what was sent since
#endif
}

// HTTP/2 cut behind a whole message looks to gRPC as if the caller had said all.
TEST_F(SubmissionCut, WithoutItsEndIsIncompleteAndCommitsNothing) {
  const std::string content(kFileBytes, 's');
  const auto cut = [&](auto upload) {
    ASSERT_TRUE(upload.Write(content));
    const grpc::Status status = upload.Finish();
    EXPECT_TRUE(Violates(status, "end"));
    EXPECT_THAT(FailureOf(status).violations, ::testing::HasSubstr("incomplete"));
  };
  cut(Uploading(stub()));
  cut(Submitting(stub(), "cut"));
  ExpectNothingIsLeft();
  EXPECT_EQ(Count(QueueOperation::kFilesUpload), 0);
}

TEST_F(SubmissionCut, ByTheCallersDeadlineLeavesNothing) {
  Uploading uploading(stub(), absl::Milliseconds(300));
  Submitting submitting(stub(), "cut", absl::Milliseconds(300));
  ASSERT_TRUE(uploading.Write("part"));
  ASSERT_TRUE(submitting.Write("part"));
  EXPECT_TRUE(Eventually([this] { return SpooledFiles() == 2; }));
  EXPECT_EQ(uploading.writer->Finish().error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_EQ(submitting.writer->Finish().error_code(), grpc::DEADLINE_EXCEEDED);
  ExpectNothingIsLeft();
}

TEST_F(SubmissionCut, ByTheCallerOnTheWayUpLeavesNothing) {
  sandbox().faults().Add({.operation = QueueOperation::kFilesUpload, .latency = absl::Hours(1)});
  const auto send_and_cancel = [this](auto upload) {
    const std::int64_t before = Count(QueueOperation::kFilesUpload);
    ASSERT_TRUE(upload.Write(std::string(kFileBytes, 's')));
    ASSERT_TRUE(upload.End());
    upload.writer->WritesDone();
    EXPECT_TRUE(Eventually([&] { return Count(QueueOperation::kFilesUpload) > before; }));
    EXPECT_EQ(SpooledFiles(), 1);
    upload.context.TryCancel();
    EXPECT_EQ(upload.writer->Finish().error_code(), grpc::CANCELLED);
    ExpectNothingIsLeft();
  };
  send_and_cancel(Uploading(stub()));
  send_and_cancel(Submitting(stub(), "cut"));
}

TEST_F(SubmissionCut, ByTheUpstreamIsAnErrorAndLeavesNothing) {
  constexpr int kRounds = 20;
  std::mutex mu;
  int cuts = 0;
  bool created = false;
  ScriptedHttpServer upstream([&](ScriptedConnection& connection) {
    const auto head = connection.ReadHead();
    if (!head) return;
    const std::unique_lock lock(mu);
    created = created || head->find("/job-queue/jobs") != std::string::npos;
    // The body is longer than what is read of it.
    const std::string read =
        absl::StrCat("\r\nContent-Length: ", Random(0, 2 * kFileBytes), "\r\n");
    connection.ReadBody(read, [](std::string_view) {});
    if (++cuts % 2 == 0) connection.Reset();
  });
  Begin(
      {"base_url=" + upstream.Url("/mi"), "limits.max_attempts=1", "limits.breaker_failures=1000"});
  const std::string content(kFileBytes, 's');
  const auto send = [&](auto upload) {
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(upload.Write(content));
    ASSERT_TRUE(upload.End());
    EXPECT_TRUE(Fails(upload.Finish(), grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
    EXPECT_TRUE(Eventually([this] { return SpooledFiles() == 0; }));
  };
  for (int i = 0; i < kRounds; ++i) {
    send(Uploading(stub()));
    send(Submitting(stub(), "cut"));
  }
  ExpectNothingIsLeft();
  EXPECT_EQ(cuts, 2 * kRounds);
  EXPECT_FALSE(created);
}

TEST_F(SubmissionCut, ByTheUpstreamForAMomentIsNotSeenByTheCaller) {
  sandbox().faults().Add(
      {.operation = QueueOperation::kFilesUpload, .count = 2, .cut = sandbox::Cut::kBeforeReply});
  const Reply<jq::Job> reply = Submit(stub(), "the job", std::string(kFileBytes, 's'));
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_EQ(Count(QueueOperation::kFilesUpload), 3);
  EXPECT_THAT(Submitted(sandbox(), "the job"), ::testing::ElementsAre(reply.message.name()));
  EXPECT_EQ(SpooledFiles(), 0);
}

TEST_F(SubmissionCut, InTheMiddleFreesTheRequestId) {
  SendAndCancel(Submitting(stub(), "the job"), 1, "one content");
  ExpectNothingIsLeft();
  const Reply<jq::Job> reply = Submit(stub(), "the job", "another content");
  ASSERT_TRUE(reply.status.ok()) << Describe(reply.status);
  EXPECT_THAT(Submitted(sandbox(), "the job"), ::testing::ElementsAre(reply.message.name()));
}

}  // namespace
}  // namespace relais::integration
