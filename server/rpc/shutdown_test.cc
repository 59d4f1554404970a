// Every call ends exactly once, whatever state the end of the host finds it in; else Shutdown would
// hang.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <random>
#include <thread>
#include <vector>

#include "server/rpc/calls/mailbox.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using Erp = TestHost::Erp;

TEST(Shutdown, IsImmediateWithoutCalls) {
  TestHost host;
  host.OnGetErp(nullptr, [](const CallContext&) { return Erp(); });
  host.Start(Wire::kLoopback);
  const absl::Time began = absl::Now();
  host.Shutdown(absl::InfiniteDuration());
  EXPECT_LT(absl::Now() - began, absl::Milliseconds(150));
}

TEST(Shutdown, IsHarmlessWithoutStart) {
  TestHost host;
  host.OnGetErp(nullptr, [](const CallContext&) { return Erp(); });
}

// A host with a call that runs until it is told to go on.
class RunningCall {
 public:
  RunningCall() {
    host.OnGetErp(&executor_, [this](const CallContext&) {
      begun_.Wake();
      go_on.Await();
      return Erp();
    });
    host.Start(Wire::kLoopback);
    call = std::async(std::launch::async, [this] { return host.GetErp(); });
    begun_.Await();
  }

 private:
  Executor executor_{1, 4};
  WakeUp begun_;

 public:
  WakeUp go_on;
  TestHost host;
  std::future<grpc::Status> call;
};

TEST(Shutdown, LetsRunningCallsEnd) {
  RunningCall running;
  TestHost& host = running.host;
  auto shutdown = std::async(std::launch::async, [&] { host.Shutdown(absl::Seconds(20)); });
  EXPECT_TRUE(Eventually([&] { return host.host().runtime().draining().stop_requested(); }));
  running.go_on.Wake();
  EXPECT_TRUE(running.call.get().ok());
  shutdown.get();
}

TEST(Shutdown, MarksForProxiesWhatItRefuses) {
  RunningCall running;
  TestHost& host = running.host;
  auto shutdown = std::async(std::launch::async, [&] { host.Shutdown(absl::Seconds(20)); });
  EXPECT_TRUE(Eventually([&] { return host.host().runtime().draining().stop_requested(); }));
  grpc::ClientContext context;
  EXPECT_EQ(ReasonOf(host.GetErp(nullptr, &context)), "GATEWAY_DRAINING");
  EXPECT_EQ(context.GetServerInitialMetadata().count("x-relais-draining"), 1);
  running.go_on.Wake();
  EXPECT_TRUE(running.call.get().ok());
  shutdown.get();
}

TEST(Shutdown, CutsAtTheDeadlineWhatDoesNotEnd) {
  Executor executor(1, 4);
  WakeUp begun;
  TestHost host;
  host.OnGetErp(&executor, [&](const CallContext& call) -> absl::StatusOr<Erp> {
    begun.Wake();
    return WaitUntil(call, host.scheduler(), absl::InfiniteFuture());
  });
  host.Start(Wire::kLoopback);
  auto call = std::async(std::launch::async, [&] { return host.GetErp(); });
  begun.Await();
  host.Shutdown(absl::Milliseconds(30));
  const grpc::Status status = call.get();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "GATEWAY_DRAINING") << "so that the caller goes elsewhere";
  EXPECT_EQ(Received(status).retries, 1);
}

TEST(Shutdown, EndsAStreamWhoseClientDoesNotRead) {
  Executor executor(1, 0);
  int fetched = 0;
  TestHost host;
  host.OnStreamAsRows([&](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    return RowSource{&executor, "erps/main",
                     [&](const CallContext&) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
                       return Numbered(fetched++, 64 << 10);
                     }};
  });
  host.Start(Wire::kLoopback);
  TestStream stream(host);
  EXPECT_EQ(stream.Next(), 0);
  host.Shutdown(absl::Milliseconds(30));
  stream.Rest();
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(status.error_message().rfind("The gateway is shutting down", 0), 0U)
      << "it is no lost connection: " << status.error_message();
}

// As those do who repeat what has failed at once.
TEST(Shutdown, IsNotHeldUpByCallersWhoInsist) {
  RunningCall running;
  TestHost& host = running.host;
  std::atomic<bool> over = false;
  std::vector<std::thread> insisting;
  for (int i = 0; i < 4; ++i) {
    insisting.emplace_back([&] {
      while (!over) host.GetErp();
    });
  }
  auto shutdown = std::async(std::launch::async, [&] { host.Shutdown(absl::Minutes(5)); });
  // Well beyond the time for which insisting counts.
  EXPECT_EQ(shutdown.wait_for(std::chrono::milliseconds(1500)), std::future_status::timeout)
      << "a call still runs";
  running.go_on.Wake();
  EXPECT_EQ(shutdown.wait_for(std::chrono::minutes(1)), std::future_status::ready);
  over = true;
  for (std::thread& caller : insisting) caller.join();
  EXPECT_TRUE(running.call.get().ok());
}

// One round: a host of one shape, a few clients that call, cancel and give up at random, and an end
// at random.
class Round {
 public:
  explicit Round(unsigned seed) : random_(seed), rows_(seed % 2 == 0), executor_(2, 3) {
    host_.OnGetErp(random_() % 2 == 0 ? &executor_ : nullptr,
                   [this](const CallContext& call) { return Unary(call); });
    rows_ ? ServeRows() : ServeState();
    // Within the process, gRPC does not survive a call that begins after the end of the server.
    host_.Start(Wire::kLoopback, static_cast<int>(1 + random_() % 3));
  }

  void Run() {
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([this, seed = random_()] { Call(seed); });
    }
    const unsigned until = random_() % 30;
    EXPECT_TRUE(Eventually([&] { return ended_ >= until; }));
    host_.Shutdown(absl::Milliseconds(random_() % 20));
    for (std::thread& client : clients) client.join();
  }

 private:
  absl::StatusOr<Erp> Unary(const CallContext& call) {
    const unsigned kind = kind_++ % 4;
    if (kind == 0) return absl::NotFoundError("no");
    if (kind == 1 && !call.cancelled()) {
      absl::Status waited = WaitUntil(call, host_.scheduler(), absl::Now() + absl::Milliseconds(1));
      if (!waited.ok()) return waited;
    }
    return Erp();
  }

  void ServeRows() {
    host_.OnStreamAsRows([this](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
      const int size = static_cast<int>(kind_++ % 20);
      return RowSource{&executor_, "erps/main",
                       [size, sent = 0](const CallContext&) mutable
                       -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
                         if (sent == size) return std::nullopt;
                         return Numbered(sent++, 8 << 10);
                       }};
    });
  }

  void ServeState() {
    host_.OnStreamAsState([this](const CallContext&, grpc::ByteBuffer&,
                                 StateWake wake) -> absl::StatusOr<std::shared_ptr<StateSource>> {
      const auto writer = std::make_shared<Mailbox>(std::move(wake));
      writer->Publish(Numbered(1));
      // Half of them end by the hub's will, from another thread, the others by the client's.
      if (kind_++ % 2 == 0) {
        host_.scheduler().RunAt(absl::Now(), [weak = std::weak_ptr<Mailbox>(writer)] {
          if (const auto alive = weak.lock()) {
            alive->Publish(Numbered(2));
            alive->End(absl::OkStatus());
          }
        });
      }
      return writer;
    });
  }

  void Call(unsigned seed) {
    std::minstd_rand random(seed);
    for (int i = 0; i < 10; ++i) {
      if (random() % 2 == 0) {
        grpc::ClientContext context;
        if (random() % 3 == 0) SetShortDeadline(context, random());
        host_.GetErp(nullptr, &context);
      } else {
        TestStream stream(host_);
        // A State that nobody ends has one value only.
        for (unsigned reads = random() % (rows_ ? 4 : 2); reads > 0; --reads) stream.Next();
        stream.Cancel();
        stream.Rest();
        stream.Finish();
      }
      ++ended_;
    }
  }

  static void SetShortDeadline(grpc::ClientContext& context, unsigned choice) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::microseconds(choice % 2000));
  }

  std::minstd_rand random_;
  const bool rows_;  // else State
  std::atomic<unsigned> kind_ = 0;
  std::atomic<unsigned> ended_ = 0;
  Executor executor_;
  TestHost host_;
};

TEST(Shutdown, EndsEveryCallInWhateverState) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Round(seed).Run();
  }
}

}  // namespace
}  // namespace relais::rpc
