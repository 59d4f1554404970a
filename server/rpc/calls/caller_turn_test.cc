// Callers who are there and do nothing.

#include "server/rpc/calls/caller_turn.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>

#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "server/rpc/test_host.h"
#include "tests/support/manual_scheduler.h"

namespace relais::rpc {
namespace {

using jobqueue::v1::InputFile;
using jobqueue::v1::UploadInputFileRequest;
using Queue = jobqueue::v1::JobQueueService;

constexpr absl::Duration kAlmost = absl::Seconds(59);

class Stalling : public testing::Test {
 protected:
  Stalling() : Stalling(std::make_unique<ManualScheduler>()) {}
  explicit Stalling(std::unique_ptr<ManualScheduler> clock)
      : clock_(*clock), host_({.access_log = AccessLog::kNone}, std::move(clock)) {}

  void Start() {
    host_.host().Add(*InputFile::descriptor()->file()->FindServiceByName("JobQueueService"));
    host_.host().Upload("UploadInputFile",
                        [this](grpc::ByteBuffer&) -> absl::StatusOr<UploadSink> { return Sink(); });
    host_.Start(Wire::kLoopback);
    queue_ = Queue::NewStub(host_.channel());
  }

  // Lives as long as the call holds something.
  std::shared_ptr<void> Held() {
    ++held_;
    return {nullptr, [this](void*) { --held_; }};
  }

  UploadSink Sink() {
    return {.executor = &executor_,
            .connection = "queues/main",
            .write = [this, held = Held()](const CallContext&, grpc::ByteBuffer&) -> absl::Status {
              ++stored_;
              return absl::OkStatus();
            },
            .finish = [](const CallContext&) -> absl::StatusOr<grpc::ByteBuffer> {
              return BufferOf(InputFile().SerializeAsString());
            }};
  }

  ManualScheduler& clock_;
  Executor executor_{1, 4};
  std::atomic<int> held_ = 0;
  std::atomic<int> stored_ = 0;
  TestHost host_;
  std::unique_ptr<Queue::Stub> queue_;
};

// A client of UploadInputFile.
struct SlowUpload {
  explicit SlowUpload(Queue::Stub& stub) : writer(stub.UploadInputFile(&context, &file)) {}

  bool Send() { return writer->Write(UploadInputFileRequest()); }
  grpc::Status End() {
    writer->WritesDone();
    return writer->Finish();
  }

  grpc::ClientContext context;
  InputFile file;
  std::unique_ptr<grpc::ClientWriter<UploadInputFileRequest>> writer;
};

TEST_F(Stalling, AnUploadThatSendsNothingMoreIsEnded) {
  Start();
  for (const int sent : {0, 1, 2}) {
    SlowUpload upload(*queue_);
    for (int i = 0; i < sent; ++i) ASSERT_TRUE(upload.Send());
    EXPECT_TRUE(Eventually([&] { return held_ == (sent > 0 ? 1 : 0); }));
    auto ended = std::async(std::launch::async, [&] { return upload.writer->Finish(); });
    while (ended.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
      clock_.AdvanceBy(absl::Seconds(20));
    const grpc::Status status = ended.get();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << status.error_message();
    EXPECT_EQ(ReasonOf(status), "TRANSFER_STALLED");
    EXPECT_EQ(held_, 0) << "what it had stored is gone before the caller knows";
  }
  host_.Shutdown(absl::InfiniteDuration());
}

TEST_F(Stalling, AnUploadThatGoesOnSlowlyIsNot) {
  Start();
  SlowUpload upload(*queue_);
  ASSERT_TRUE(upload.Send());
  for (int i = 1; i <= 5; ++i) {
    clock_.AdvanceBy(kAlmost);
    ASSERT_TRUE(upload.Send());
    ASSERT_TRUE(Eventually([&] { return stored_ == i; }));
  }
  EXPECT_TRUE(upload.End().ok());
}

TEST_F(Stalling, AnUploadThatWaitsForTheGatewayIsNot) {
  Start();
  SlowUpload upload(*queue_);
  ASSERT_TRUE(upload.Send());
  EXPECT_TRUE(Eventually([&] { return held_ == 1; }));
  Occupied worker(executor_);
  ASSERT_TRUE(upload.Send());
  EXPECT_TRUE(Eventually([&] { return executor_.waiting() == 1; }));
  clock_.AdvanceBy(absl::Minutes(10));
  worker.Release();
  EXPECT_TRUE(Eventually([&] { return stored_ == 1; }));
  EXPECT_TRUE(upload.End().ok());
}

TEST_F(Stalling, AnUploadIsEndedWithTheGateway) {
  Start();
  SlowUpload upload(*queue_);
  ASSERT_TRUE(upload.Send());
  EXPECT_TRUE(Eventually([&] { return held_ == 1; }));
  host_.Shutdown(absl::Milliseconds(10));
  const grpc::Status status = upload.writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "GATEWAY_DRAINING");
}

// More than what gRPC takes ahead of a client that does not read.
constexpr std::size_t kMessage = 1 << 20;

class StallingReader : public Stalling {
 protected:
  void Serve(bool hurried) {
    host_.OnStreamAsRows([this, hurried](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
      return RowSource{
          .executor = &executor_,
          .connection = "erps/main",
          .next = [this, held = Held()](const CallContext&) -> absl::StatusOr<RowNews> {
            return Numbered(given_++, kMessage);
          },
          .hurried = hurried};
    });
    Start();
  }
  // Each message is more than what gRPC takes ahead of its reader, so that a stream that has given
  // the next one has seen the reader take the one before.
  void AwaitGiven(int messages) {
    EXPECT_TRUE(Eventually([&] { return given_ >= messages; }));
  }

  std::atomic<int> given_ = 0;
};

TEST_F(StallingReader, OfADownloadLosesIt) {
  Serve(/*hurried=*/true);
  TestStream stream(host_);
  AwaitGiven(1);
  EXPECT_EQ(held_, 1);
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceBy(absl::Seconds(20));
    return held_ == 0;
  })) << "what it held of the upstream is free";
  stream.Rest();
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << status.error_message();
  EXPECT_EQ(
      status.error_message(),
      "The caller neither sent nor took anything for 1m; begin the transfer again and keep it "
      "going. (TRANSFER_STALLED)");
}

TEST_F(StallingReader, OfADownloadKeepsItAsLongAsItReadsNowAndThen) {
  Serve(/*hurried=*/true);
  TestStream stream(host_);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(stream.Next(), i);
    AwaitGiven(i + 2);
    clock_.AdvanceBy(kAlmost);
  }
  EXPECT_EQ(stream.Next(), 5);
  stream.Cancel();
}

TEST_F(StallingReader, OfRowsMayTakeItsTime) {
  Serve(/*hurried=*/false);
  TestStream stream(host_);
  AwaitGiven(1);
  clock_.AdvanceBy(absl::Hours(2));
  EXPECT_EQ(held_, 1);
  EXPECT_EQ(stream.Next(), 0);
  EXPECT_EQ(stream.Next(), 1);
  stream.Cancel();
}

}  // namespace
}  // namespace relais::rpc
