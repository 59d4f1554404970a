// What all callers together may hold.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/impl/codegen/compression_types.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "server/core/base/log/log.h"
#include "server/rpc/calls/mailbox.h"
#include "server/rpc/grpc_versions.h"
#include "server/rpc/health.h"
#include "server/rpc/test_host.h"
#include "tests/support/manual_scheduler.h"

namespace relais::rpc {
namespace {

using jobqueue::v1::InputFile;
using jobqueue::v1::UploadInputFileRequest;
using Queue = jobqueue::v1::JobQueueService;

class Limited : public testing::Test {
 protected:
  Limited() : host_({.access_log = AccessLog::kNone, .ceilings = &ceilings_}) {
    host_.OnGetErp(nullptr, [](const CallContext&) { return TestHost::Erp(); });
    host_.OnStreamAsState([](const CallContext&, grpc::ByteBuffer&,
                             StateWake wake) -> absl::StatusOr<std::shared_ptr<StateSource>> {
      const auto mailbox = std::make_shared<Mailbox>(std::move(wake));
      mailbox->Publish(Numbered(7));
      return mailbox;
    });
    host_.host().Add(*InputFile::descriptor()->file()->FindServiceByName("JobQueueService"));
    host_.host().Upload("UploadInputFile", [this](grpc::ByteBuffer&) -> absl::StatusOr<UploadSink> {
      return UploadSink{
          .executor = &executor_,
          .write = [](const CallContext&, grpc::ByteBuffer&) { return absl::OkStatus(); },
          .finish = nullptr};
    });
  }

  void Start(const HostOptions& options = {}) {
    host_.Start(Wire::kLoopback, options);
    queue_ = Queue::NewStub(host_.channel());
  }

  void ExpectRefused(const grpc::Status& status, const std::string& limit) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
    const Received received(status);
    EXPECT_EQ(received.info.reason(), "GATEWAY_LIMIT_REACHED");
    EXPECT_EQ(received.info.metadata().at("limit"), "server.limits." + limit);
    EXPECT_EQ(received.retries, 1);
  }
  std::unique_ptr<TestStream> Watch() {
    auto stream = std::make_unique<TestStream>(host_);
    EXPECT_EQ(stream->Next(), 7);
    return stream;
  }
  grpc::Status Refused() {
    TestStream stream(host_);
    EXPECT_EQ(stream.Next(), -1);
    return stream.Finish();
  }

  Ceilings ceilings_{.streams = {"streams", 3},
                     .watches = {"watches", 2},
                     .uploads = {"uploads", 2},
                     .health_watches = {"health_watches", 1}};
  Executor executor_{1, 4};
  TestHost host_;
  std::unique_ptr<Queue::Stub> queue_;
};

// An upload under way.
struct OpenUpload {
  explicit OpenUpload(Queue::Stub& stub) : writer(stub.UploadInputFile(&context, &file)) {
    writer->Write(UploadInputFileRequest());
  }

  grpc::ClientContext context;
  InputFile file;
  std::unique_ptr<grpc::ClientWriter<UploadInputFileRequest>> writer;
};

// gRPC 1.51 ends the connection for it, and with that all of its calls, 1.83 the call alone:
// docs/limits.md says so.
TEST_F(Limited, HeadersThatAreTooLargeCostTheirConnectionAtMost) {
  Start();
  const auto elsewhere = Watch();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  const auto connect = [&] {
    return TestHost::Service::NewStub(
        grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", host_.host().port()),
                                  grpc::InsecureChannelCredentials(), arguments));
  };
  auto stub = connect();
  const auto call = [&](std::size_t header) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    context.AddMetadata("x-note", std::string(header, 'x'));
    TestHost::Erp erp;
    return stub->GetErp(&context, TestHost::GetErpRequest(), &erp);
  };
  EXPECT_TRUE(call(15'000).ok());
  grpc::ClientContext watching;
  const auto watch = stub->StreamRecords(&watching, recordsql::v1::StreamRecordsRequest());
  recordsql::v1::StreamRecordsResponse message;
  ASSERT_TRUE(watch->Read(&message));
  EXPECT_FALSE(call(17'000).ok());
  if (LargeHeadersEndTheirConnection()) {
    EXPECT_FALSE(watch->Read(&message));
    EXPECT_FALSE(watch->Finish().ok());
  } else {
    EXPECT_TRUE(call(15'000).ok());
    watching.TryCancel();
    EXPECT_FALSE(watch->Read(&message));
    EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED) << "it still ran";
  }
  stub = connect();
  EXPECT_TRUE(call(15'000).ok()) << "new connections are taken";
  EXPECT_TRUE(host_.GetErp().ok());
  elsewhere->Cancel();
  EXPECT_EQ(elsewhere->Finish().error_code(), grpc::StatusCode::CANCELLED) << "it still ran";
}

TEST_F(Limited, WatchesAreRefusedBeyondTheirNumber) {
  Start();
  auto first = Watch();
  auto second = Watch();
  ExpectRefused(Refused(), "watches");
  EXPECT_TRUE(host_.GetErp().ok()) << "calls that are over at once are not counted";
  second->Cancel();
  EXPECT_FALSE(second->Finish().ok());
  EXPECT_TRUE(Eventually([&] { return ceilings_.watches.used() == 1; }));
  second = Watch();
  first->Cancel();
  second->Cancel();
}

// Who probes the gateway is answered whatever callers hold, and holds nothing of theirs.
TEST_F(Limited, HealthIsWatchedApartFromAllElse) {
  Health health;
  health.Set("", true);
  health.AddTo(host_.host());
  Start();
  const auto first = Watch();
  const auto second = Watch();
  OpenUpload third(*queue_);
  EXPECT_TRUE(Eventually([&] { return ceilings_.streams.used() == 3; }));
  ExpectRefused(Refused(), "watches");
  const auto probes = grpc::health::v1::Health::NewStub(host_.channel());
  const auto watch = [&](grpc::ClientContext& context) {
    return probes->Watch(&context, grpc::health::v1::HealthCheckRequest());
  };
  grpc::health::v1::HealthCheckResponse answer;
  grpc::ClientContext one, two;
  const auto probe = watch(one);
  ASSERT_TRUE(probe->Read(&answer));
  EXPECT_EQ(answer.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  EXPECT_EQ(ceilings_.streams.used(), 3);
  EXPECT_EQ(ceilings_.watches.used(), 2);
  ExpectRefused(watch(two)->Finish(), "health_watches");
  one.TryCancel();
  EXPECT_FALSE(probe->Finish().ok());
  for (TestStream* stream : {first.get(), second.get()}) stream->Cancel();
  third.context.TryCancel();
  EXPECT_FALSE(third.writer->Finish().ok());
  host_.Shutdown(absl::Seconds(1));  // before the health goes
}

TEST_F(Limited, StreamsOfAllKindsAreRefusedBeyondTheirNumber) {
  Start();
  const auto first = Watch();
  const auto second = Watch();
  OpenUpload third(*queue_);
  EXPECT_TRUE(Eventually([&] { return ceilings_.streams.used() == 3; }));
  OpenUpload further(*queue_);
  ExpectRefused(further.writer->Finish(), "streams");
  EXPECT_TRUE(Eventually([&] { return ceilings_.uploads.used() == 1; }));
  for (TestStream* stream : {first.get(), second.get()}) stream->Cancel();
  third.context.TryCancel();
  EXPECT_FALSE(third.writer->Finish().ok());
}

TEST_F(Limited, UploadsAreRefusedBeyondTheirNumber) {
  Start();
  OpenUpload first(*queue_);
  OpenUpload second(*queue_);
  EXPECT_TRUE(Eventually([&] { return ceilings_.uploads.used() == 2; }));
  OpenUpload third(*queue_);
  ExpectRefused(third.writer->Finish(), "uploads");
  for (OpenUpload* upload : {&first, &second}) {
    upload->context.TryCancel();
    EXPECT_FALSE(upload->writer->Finish().ok());
  }
}

TEST_F(Limited, AConnectionHasOnlySoManyCallsUnderWay) {
  HostOptions options;
  options.streams_per_connection = 2;
  Start(options);
  const auto first = Watch();
  const auto second = Watch();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  EXPECT_EQ(host_.GetErp(nullptr, &context).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED)
      << "it waits at its caller's";
  first->Cancel();
  EXPECT_FALSE(first->Finish().ok());
  EXPECT_TRUE(host_.GetErp().ok());
  second->Cancel();
}

TEST_F(Limited, AConnectionThatIsOldIsLeftByItsCallersWithoutAFailedCall) {
  HostOptions options;
  options.max_connection_age = absl::Milliseconds(100);
  Start(options);
  const auto watch = Watch();
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(host_.GetErp().ok());
    return host_.host().acceptor().taken() >= 3;
  }));
  watch->Cancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED) << "it lasted meanwhile";
}

TEST_F(Limited, CallsOnAConnectionThatIsOldHaveTheGraceToEnd) {
  HostOptions options;
  options.max_connection_age = absl::Milliseconds(50);
  options.max_connection_grace = absl::Milliseconds(50);
  Start(options);
  const auto watch = Watch();
  EXPECT_EQ(watch->Next(), -1);
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(host_.GetErp().ok());
}

// What gRPC holds for its calls is bounded; it recovers when they are over.
TEST_F(Limited, CallsGoOnWhenMemoryWasUsedUp) {
  HostOptions options;
  options.memory_bytes = 1 << 20;
  Start(options);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<OpenUpload>> uploads;
    for (int i = 0; i < 50; ++i) uploads.push_back(std::make_unique<OpenUpload>(*queue_));
    for (const auto& upload : uploads) {
      upload->context.TryCancel();
      upload->writer->Finish();
    }
  }
  EXPECT_TRUE(Eventually([&] { return host_.GetErp().ok(); }));
}

TEST_F(Limited, CompressedRequestsAreNotTaken) {
  Start();
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    recordsql::v1::GetErpRequest request;
    request.set_name(std::string(1 << 20, 'x'));
    recordsql::v1::Erp erp;
    EXPECT_EQ(host_.stub().GetErp(&context, request, &erp).error_code(),
              grpc::StatusCode::UNIMPLEMENTED);
  }
  EXPECT_TRUE(host_.GetErp().ok());
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(AccessLog, HasOnlySoManyLinesASecond) {
  auto owned = std::make_unique<ManualScheduler>();
  ManualScheduler& clock = *owned;
  TestHost host({.access_log = AccessLog::kErrors}, std::move(owned));
  host.OnGetErp(nullptr, [](const CallContext&) { return absl::NotFoundError("not here"); });
  host.Start(Wire::kInProcess);
  FlushLog();
  testing::internal::CaptureStderr();
  for (int i = 0; i < 1042; ++i) {
    EXPECT_FALSE(host.GetErp().ok());
    if (i % 100 == 0) FlushLog();
  }
  clock.AdvanceBy(absl::Seconds(1));
  EXPECT_FALSE(host.GetErp().ok());
  FlushLog();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(Count(text, " call method="), 1001);
  EXPECT_EQ(Count(text, " calls not logged count=\"42\""), 1);
}

}  // namespace
}  // namespace relais::rpc
