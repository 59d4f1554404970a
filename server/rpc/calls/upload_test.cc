#include "server/rpc/calls/upload.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>

#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "server/rpc/test_host.h"
#include "server/rpc/wire.h"

namespace relais::rpc {
namespace {

using jobqueue::v1::InputFile;
using jobqueue::v1::UploadInputFileRequest;
using Service = jobqueue::v1::JobQueueService;

// A client of UploadInputFile.
class UploadClient {
 public:
  explicit UploadClient(Service::Stub& stub) : writer_(stub.UploadInputFile(&context_, &file_)) {}

  bool Start() {
    UploadInputFileRequest request;
    request.mutable_start()->set_file_name("a.xlsx");
    return writer_->Write(request);
  }
  bool Send(const std::string& chunk) {
    UploadInputFileRequest request;
    request.set_chunk(chunk);
    return writer_->Write(request);
  }
  grpc::Status Finish() { return writer_->Finish(); }
  grpc::Status End() {
    writer_->WritesDone();
    return Finish();
  }
  void Cancel() { context_.TryCancel(); }
  grpc::ClientContext& context() { return context_; }
  const std::string& name() const { return file_.name(); }

 private:
  grpc::ClientContext context_;
  InputFile file_;
  std::unique_ptr<grpc::ClientWriter<UploadInputFileRequest>> writer_;
};

// A sink that gathers; `finish` names the file by its size.
class Upload : public testing::TestWithParam<Wire> {
 protected:
  using Write = std::function<absl::Status(const CallContext&, grpc::ByteBuffer&)>;

  // Tells when it is destroyed.
  struct Life {
    explicit Life(Upload& test) : test(test) {}
    ~Life() { test.ended_.Wake(); }
    Upload& test;
  };

  Upload() : metrics_(registry_), host_(scheduler_, metrics_, {.access_log = AccessLog::kNone}) {
    host_.Add(*InputFile::descriptor()->file()->FindServiceByName("JobQueueService"));
  }
  ~Upload() override { Shutdown(absl::ZeroDuration()); }

  void Serve(AcceptUpload accept) {
    host_.Upload("UploadInputFile", std::move(accept));
    HostOptions options;
    options.polling_threads = 2;
    options.max_request_bytes = 1 << 20;
    const absl::Status status = host_.Start(options);
    ASSERT_TRUE(status.ok()) << status.message();
    stub_ = Service::NewStub(GetParam() == Wire::kInProcess
                                 ? host_.InProcessChannel()
                                 : grpc::CreateChannel(absl::StrCat("127.0.0.1:", host_.port()),
                                                       grpc::InsecureChannelCredentials()));
  }
  void ServeSink(Write before = nullptr) {
    Serve([this, before](grpc::ByteBuffer&) { return Sink(before); });
  }

  // `before` is called before each message is stored, and may refuse it.
  absl::StatusOr<UploadSink> Sink(Write before) {
    return UploadSink{
        .executor = &executor_,
        .connection = "queues/main",
        .write = [this, before, life = std::make_shared<Life>(*this)](
                     const CallContext& call, grpc::ByteBuffer& message) -> absl::Status {
          if (before != nullptr) {
            if (absl::Status status = before(call, message); !status.ok()) return status;
          }
          UploadInputFileRequest request;
          if (absl::Status status = ParseMessage(message, request); !status.ok()) return status;
          stored_ += static_cast<std::int64_t>(request.chunk().size());
          ++messages_;
          return absl::OkStatus();
        },
        .finish = [this](const CallContext&) -> absl::StatusOr<grpc::ByteBuffer> {
          ++finished_;
          InputFile file;
          file.set_name(std::to_string(stored_));
          return BufferOf(file.SerializeAsString());
        }};
  }

  void Shutdown(absl::Duration deadline) {
    MustEnd("Host::Shutdown", [&] { host_.Shutdown(deadline); });
  }
  void AwaitEnd() {
    MustEnd("the sink of an upload", [&] { ended_.Await(); });
  }

  WakeUp begun_;
  WakeUp go_on_;
  WakeUp ended_;
  std::atomic<std::int64_t> stored_ = 0;
  std::atomic<int> messages_ = 0;
  std::atomic<int> finished_ = 0;
  Executor executor_{1, 0};  // one worker and no queue: an upload never needs more
  ThreadScheduler scheduler_;
  prometheus::Registry registry_;
  ServerMetrics metrics_;
  Host host_;
  std::unique_ptr<Service::Stub> stub_;
};

const auto kNameOfWire = [](const auto& wire) {
  return wire.param == Wire::kInProcess ? "InProcess" : "Loopback";
};
INSTANTIATE_TEST_SUITE_P(Wires, Upload, testing::Values(Wire::kInProcess, Wire::kLoopback),
                         kNameOfWire);

// Within the process, gRPC cuts streams as soon as the server shuts down, and has no windows.
class UploadOverASocket : public Upload {};
INSTANTIATE_TEST_SUITE_P(Wires, UploadOverASocket, testing::Values(Wire::kLoopback), kNameOfWire);

TEST_P(Upload, StoresAllMessagesAndAnswersOnce) {
  std::string first;
  Serve([&](grpc::ByteBuffer& message) {
    UploadInputFileRequest request;
    EXPECT_TRUE(ParseMessage(message, request).ok());
    first = request.start().file_name();
    return Sink(nullptr);
  });
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(client.Send(std::string(1000, 'x')));
  EXPECT_EQ(finished_, 0);
  EXPECT_TRUE(client.End().ok());
  EXPECT_EQ(client.name(), "1000000");
  EXPECT_EQ(first, "a.xlsx");
  EXPECT_EQ(messages_, 1000);
  EXPECT_EQ(finished_, 1);
  AwaitEnd();
}

TEST_P(Upload, MayConsistOfItsFirstMessage) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  EXPECT_TRUE(client.End().ok());
  EXPECT_EQ(client.name(), "0");
}

TEST_P(Upload, RefusesAStreamWithoutAMessage) {
  ServeSink();
  UploadClient client(*stub_);
  const grpc::Status status = client.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "INVALID_REQUEST");
}

TEST_P(Upload, EndsAtOnceWithTheErrorOfARefusedBeginning) {
  Serve([](grpc::ByteBuffer&) -> absl::StatusOr<UploadSink> {
    return InvalidRequest({{"start", "is missing"}});
  });
  UploadClient client(*stub_);
  client.Start();
  // Without the end of its messages.
  EXPECT_EQ(Received(client.Finish()).bad_request.field_violations_size(), 1);
}

TEST_P(Upload, EndsAtOnceWithTheErrorOfItsSink) {
  ServeSink([this](const CallContext&, grpc::ByteBuffer&) -> absl::Status {
    if (messages_ < 3) return absl::OkStatus();
    return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull) << "Full.";
  });
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  while (client.Send(std::string(10'000, 'x'))) {  // until gRPC knows that nobody takes it
  }
  const grpc::Status status = client.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "GATEWAY_STORAGE_FULL");
  EXPECT_EQ(Received(status).info.metadata().at("connection"), "queues/main");
  EXPECT_EQ(messages_, 3);
  EXPECT_EQ(finished_, 0);
}

TEST_P(Upload, IsNotFinishedWhenTheClientCancels) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  ASSERT_TRUE(client.Send("half"));
  EXPECT_TRUE(Eventually([&] { return messages_ == 1; }));
  client.Cancel();
  AwaitEnd();
  EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(finished_, 0);
}

TEST_P(Upload, IsNeverFinishedUnlessTheClientSaysSo) {
  ServeSink();
  std::minstd_rand random(1);
  for (int i = 0; i < 300; ++i) {
    UploadClient client(*stub_);
    client.Start();
    for (unsigned writes = random() % 4; writes > 0; --writes) client.Send("chunk");
    const std::int64_t arrivals = i + 1;
    if (random() % 2 == 0) {
      EXPECT_TRUE(Eventually([&] { return host_.runtime().arrivals() >= arrivals; }));
    }
    client.Cancel();
    client.Finish();
  }
  EXPECT_TRUE(Eventually([&] { return host_.runtime().open() == 0; }));
  EXPECT_EQ(finished_, 0);
}

TEST_P(Upload, CancelsTheWriteThatIsUnderWay) {
  absl::Status seen;
  ServeSink([&](const CallContext& call, grpc::ByteBuffer&) -> absl::Status {
    begun_.Wake();
    seen = WaitUntil(call, scheduler_, absl::InfiniteFuture());
    return seen;
  });
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  ASSERT_TRUE(client.Send("chunk"));
  begun_.Await();
  client.Cancel();
  AwaitEnd();
  EXPECT_TRUE(HasReason(seen, Reason::kCallerCancelled)) << seen;
  client.Finish();
  EXPECT_EQ(finished_, 0);
}

TEST_P(Upload, EndsAtTheDeadlineOfTheClient) {
  ServeSink();
  UploadClient client(*stub_);
  client.context().set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  UploadClient late(*stub_);
  ASSERT_TRUE(late.Start());
  EXPECT_TRUE(late.End().ok());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  InputFile file;
  const auto writer = stub_->UploadInputFile(&context, &file);
  writer->Write(UploadInputFileRequest());
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Eventually([&] { return host_.runtime().open() <= 1; }));
  EXPECT_EQ(finished_, 1);
  client.Cancel();
  client.Finish();
}

TEST_P(Upload, RefusesAMessageAboveTheLimitAndIsNotFinished) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  client.Send(std::string(2 << 20, 'x'));
  EXPECT_EQ(client.End().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  AwaitEnd();
  EXPECT_EQ(finished_, 0);
  EXPECT_EQ(stored_, 0);
}

TEST_P(Upload, IsRefusedAtOnceWhenNoPlaceIsLeft) {
  ServeSink();
  const Occupied occupied(executor_);
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  client.Send("chunk");
  const grpc::Status status = client.Finish();
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_SATURATED");
  EXPECT_EQ(Received(status).retries, 1);
}

TEST_P(Upload, WaitsForAPlaceOnceItIsUnderWay) {
  ServeSink([this](const CallContext&, grpc::ByteBuffer&) {
    if (messages_ == 0) {
      begun_.Wake();
      go_on_.Await();
    }
    return absl::OkStatus();
  });
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  ASSERT_TRUE(client.Send("1"));
  begun_.Await();
  // The worker leaves the upload for a task that keeps it, as soon as it has stored a message.
  auto occupied =
      std::async(std::launch::async, [&] { return std::make_unique<Occupied>(executor_); });
  go_on_.Wake();
  ASSERT_TRUE(client.Send("2"));
  occupied.get()->Release();
  ASSERT_TRUE(client.Send("3"));
  EXPECT_TRUE(client.End().ok());
  EXPECT_EQ(client.name(), "3");
}

TEST_P(Upload, HoldsNoWorkerWhileTheClientIsSilent) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  ASSERT_TRUE(client.Send("1"));
  EXPECT_TRUE(Eventually([&] { return messages_ == 1 && executor_.busy() == 0; }));
  EXPECT_TRUE(client.End().ok());
}

TEST_P(UploadOverASocket, TakesNoMoreWhileItsSinkIsBusy) {
  ServeSink([this](const CallContext&, grpc::ByteBuffer&) {
    begun_.Wake();
    go_on_.Await();
    return absl::OkStatus();
  });
  constexpr int kMessages = 1024;  // of 64 KiB: 64 MiB
  std::atomic<int> sent = 0;
  UploadClient client(*stub_);
  auto writer = std::async(std::launch::async, [&] {
    bool ok = client.Start();
    while (ok && sent < kMessages) {
      ok = client.Send(std::string(64 << 10, 'x'));
      ++sent;
    }
    return ok && client.End().ok();
  });
  begun_.Await();
  // Other calls come and go; the upload stands still once the window of the transport is full.
  int still = 0;
  for (int seen = -1; still < 50; seen == sent ? ++still : still = 0) {
    seen = sent;
    UploadClient other(*stub_);
    ASSERT_FALSE(other.End().ok());  // it has no message
  }
  EXPECT_LT(sent, kMessages / 4);
  EXPECT_EQ(messages_, 0);
  go_on_.Wake();
  EXPECT_TRUE(writer.get());
  EXPECT_EQ(messages_, kMessages);
}

TEST_P(UploadOverASocket, MayEndWhileTheGatewayGoesAway) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  EXPECT_TRUE(Eventually([&] { return host_.runtime().open() == 1; }));
  auto shutdown = std::async(std::launch::async, [&] { Shutdown(absl::Seconds(20)); });
  EXPECT_TRUE(Eventually([&] { return host_.runtime().draining().stop_requested(); }));
  UploadClient late(*stub_);
  late.Start();
  EXPECT_EQ(ReasonOf(late.Finish()), "GATEWAY_DRAINING");
  ASSERT_TRUE(client.Send("rest"));
  EXPECT_TRUE(client.End().ok());
  EXPECT_EQ(client.name(), "4");
  shutdown.get();
}

TEST_P(Upload, IsCutAtTheEndOfTheDrain) {
  ServeSink();
  UploadClient client(*stub_);
  ASSERT_TRUE(client.Start());
  EXPECT_TRUE(Eventually([&] { return host_.runtime().open() == 1; }));
  Shutdown(absl::Milliseconds(30));
  EXPECT_FALSE(client.Finish().ok());
  EXPECT_EQ(finished_, 0);
}

}  // namespace
}  // namespace relais::rpc
