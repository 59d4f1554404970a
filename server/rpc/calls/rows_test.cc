#include "server/rpc/calls/rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

#include "absl/time/clock.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using Next = std::function<absl::StatusOr<std::optional<grpc::ByteBuffer>>(const CallContext&)>;

// Messages 0, 1, … up to `count`, each of at least `padding` bytes; `fetched` counts them.
Next Counting(int count, std::atomic<int>& fetched, std::size_t padding = 0) {
  return [&fetched, count,
          padding](const CallContext&) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
    if (fetched == count) return std::nullopt;
    return Numbered(fetched++, padding);
  };
}

// Tells when it is destroyed.
struct EndNote {
  explicit EndNote(WakeUp& ended) : ended(ended) {}
  ~EndNote() { ended.Wake(); }
  WakeUp& ended;
};

class Rows : public testing::TestWithParam<Wire> {
 protected:
  void Serve(Next next) {
    host_.OnStreamAsRows([this, next](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
      return RowSource{&executor_, "erps/main", next};
    });
    host_.Start(GetParam());
  }

  WakeUp begun_;
  WakeUp go_on_;
  WakeUp ended_;
  Executor executor_{1, 0};  // one worker and no queue: a stream never needs more
  std::atomic<int> fetched_ = 0;
  TestHost host_;
};

INSTANTIATE_TEST_SUITE_P(Wires, Rows, testing::Values(Wire::kInProcess, Wire::kLoopback),
                         [](const auto& wire) {
                           return wire.param == Wire::kInProcess ? "InProcess" : "Loopback";
                         });

// Within the process, gRPC cuts streams as soon as the server shuts down.
class RowsOverASocket : public Rows {};

INSTANTIATE_TEST_SUITE_P(Wires, RowsOverASocket, testing::Values(Wire::kLoopback),
                         [](const auto&) { return "Loopback"; });

TEST_P(Rows, ComeAllAndInOrder) {
  Serve(Counting(2000, fetched_));
  TestStream stream(host_);
  std::vector<int> expected(2000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(stream.Rest(), expected);
  EXPECT_TRUE(stream.Finish().ok());
}

// A source that has nothing yet, time and again.
TEST_P(Rows, HoldNoWorkerWhileTheirSourceWaits) {
  Executor one_worker(1, 4);
  host_.OnStreamAsRows([&one_worker](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    auto asked = std::make_shared<int>(0);
    return RowSource{&one_worker, "erps/main",
                     [asked](const CallContext&) -> absl::StatusOr<RowNews> {
                       if (*asked == 9) return RowNews(std::nullopt);
                       if (++*asked % 3 != 0)
                         return RowNews::At(absl::Now() + absl::Milliseconds(5));
                       return RowNews(Numbered(*asked / 3));
                     }};
  });
  host_.Start(GetParam());
  std::vector<std::unique_ptr<TestStream>> streams;  // more than there are workers
  for (int i = 0; i < 4; ++i) streams.push_back(std::make_unique<TestStream>(host_));
  for (const auto& stream : streams) {
    EXPECT_EQ(stream->Rest(), (std::vector<int>{1, 2, 3}));
    EXPECT_TRUE(stream->Finish().ok());
  }
  host_.Shutdown(absl::ZeroDuration());
}

TEST_P(Rows, EndAtOnceWhenTheyAreCancelledWhileTheirSourceWaits) {
  auto note = std::make_shared<EndNote>(ended_);
  host_.OnStreamAsRows([&, note](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    return RowSource{&executor_, "erps/main",
                     [this, note](const CallContext&) -> absl::StatusOr<RowNews> {
                       begun_.Wake();
                       return RowNews::At(absl::InfiniteFuture());
                     }};
  });
  note.reset();
  host_.Start(GetParam());
  TestStream stream(host_);
  begun_.Await();
  stream.Cancel();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_P(RowsOverASocket, EndWithTheReasonOfADrainWhileTheirSourceWaits) {
  host_.OnStreamAsRows([this](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    return RowSource{&executor_, "erps/main",
                     [this](const CallContext&) -> absl::StatusOr<RowNews> {
                       begun_.Wake();
                       return RowNews::At(absl::InfiniteFuture());
                     }};
  });
  host_.Start(GetParam());
  TestStream stream(host_);
  begun_.Await();
  host_.Shutdown(absl::Seconds(5));
  EXPECT_EQ(ReasonOf(stream.Finish()), "GATEWAY_DRAINING");
}

TEST_P(Rows, MayBeNone) {
  Serve(Counting(0, fetched_));
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_P(Rows, EndWithTheErrorOfTheSourceAfterWhatCameBefore) {
  Serve([this](const CallContext&) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
    if (fetched_ < 3) return Numbered(fetched_++);
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse) << "Not a page.";
  });
  TestStream stream(host_);
  EXPECT_EQ(stream.Rest(), (std::vector<int>{0, 1, 2}));
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_MALFORMED_RESPONSE");
}

TEST_P(Rows, EndWithTheErrorOfARefusedRequest) {
  host_.OnStreamAsRows([](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    return InvalidRequest({{"query", "is missing"}});
  });
  host_.Start(GetParam());
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_EQ(Received(stream.Finish()).bad_request.field_violations_size(), 1);
}

TEST_P(Rows, AreNotFetchedWhileTheClientDoesNotRead) {
  host_.OnGetErp(nullptr, [](const CallContext&) { return TestHost::Erp(); });
  Serve(Counting(10'000, fetched_, 64 << 10));
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  // Other calls come and go; the stream stands still once the window of the transport is full.
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  int still = 0;
  for (int seen = -1; still < 50 && absl::Now() < limit;) {
    seen = fetched_;
    ASSERT_TRUE(host_.GetErp().ok());
    still = seen == fetched_ && executor_.busy() == 0 ? still + 1 : 0;
  }
  EXPECT_EQ(still, 50);      // nothing is fetched, and no worker is held
  EXPECT_LT(fetched_, 100);  // of 10 000
  // It goes on where it was.
  for (int i = 1; i < 100; ++i) ASSERT_EQ(stream.Next(), i);
  stream.Cancel();
}

TEST_P(Rows, StopTheSourceWhenTheClientCancels) {
  const auto note = std::make_shared<std::unique_ptr<EndNote>>(std::make_unique<EndNote>(ended_));
  host_.OnStreamAsRows([&, note](grpc::ByteBuffer&) -> absl::StatusOr<RowSource> {
    const std::shared_ptr<EndNote> held = std::move(*note);
    return RowSource{&executor_, "erps/main",
                     [held, next = Counting(1 << 30, fetched_, 32 << 10)](const CallContext& call) {
                       return next(call);
                     }};
  });
  host_.Start(GetParam());
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  stream.Cancel();
  MustEnd("the source of a cancelled stream", [&] { ended_.Await(); });
  stream.Rest();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_P(Rows, CancelTheFetchThatIsUnderWay) {
  absl::Status seen;
  Serve([&](const CallContext& call) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
    begun_.Wake();
    const absl::Status status = WaitUntil(call, host_.scheduler(), absl::InfiniteFuture());
    seen = status;
    ended_.Wake();
    return status;
  });
  TestStream stream(host_);
  begun_.Await();
  stream.Cancel();
  MustEnd("the fetch of a cancelled stream", [&] { ended_.Await(); });
  EXPECT_TRUE(HasReason(seen, Reason::kCallerCancelled));
  stream.Finish();
}

TEST_P(Rows, AreRefusedAtOnceWhenNoPlaceIsLeft) {
  Serve(Counting(1, fetched_));
  const Occupied occupied(executor_);
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), -1);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(ReasonOf(status), "UPSTREAM_SATURATED");
  EXPECT_EQ(Received(status).retries, 1);
}

TEST_P(Rows, WaitForAPlaceOnceTheyAreUnderWay) {
  Serve([&](const CallContext&) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
    if (fetched_ == 3) return std::nullopt;
    if (fetched_ == 0) {
      begun_.Wake();
      go_on_.Await();
    }
    return Numbered(fetched_++);
  });
  TestStream stream(host_);
  begun_.Await();
  // The worker leaves the stream for a task that keeps it, as soon as it has fetched the first
  // message.
  auto occupied =
      std::async(std::launch::async, [&] { return std::make_unique<Occupied>(executor_); });
  go_on_.Wake();
  EXPECT_EQ(stream.Next(), 0);
  occupied.get()->Release();
  EXPECT_EQ(stream.Rest(), (std::vector<int>{1, 2}));
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_P(RowsOverASocket, EndWithGatewayDrainingWhenTheGatewayGoesAway) {
  Serve(Counting(1 << 30, fetched_, 1 << 10));
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  auto reader = std::async(std::launch::async, [&] { return stream.Rest(); });
  host_.Shutdown(absl::Seconds(20));
  const std::vector<int> rest = reader.get();
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "GATEWAY_DRAINING");
  EXPECT_EQ(Received(status).retries, 1);
  EXPECT_EQ(static_cast<int>(rest.size()) + 1, fetched_);  // nothing that was fetched is lost
}

TEST_P(RowsOverASocket, EndWithGatewayDrainingAlsoWhileTheyWaitForAPlace) {
  Serve([&](const CallContext&) -> absl::StatusOr<std::optional<grpc::ByteBuffer>> {
    begun_.Wake();
    go_on_.Await();
    return Numbered(fetched_++);
  });
  TestStream stream(host_);
  begun_.Await();
  auto occupied =
      std::async(std::launch::async, [&] { return std::make_unique<Occupied>(executor_); });
  go_on_.Wake();
  ASSERT_EQ(stream.Next(), 0);
  const std::unique_ptr<Occupied> worker = occupied.get();
  auto reader = std::async(std::launch::async, [&] { return stream.Rest(); });
  host_.Shutdown(absl::Seconds(20));  // while the worker is occupied
  reader.get();
  EXPECT_EQ(ReasonOf(stream.Finish()), "GATEWAY_DRAINING");
}

}  // namespace
}  // namespace relais::rpc
