#include "server/rpc/calls/state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "server/rpc/calls/mailbox.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

// Publishes to the only watcher, as a hub does: holding it weakly.
class State : public testing::TestWithParam<Wire> {
 protected:
  State() {
    host_.OnStreamAsState([this](const CallContext&, grpc::ByteBuffer&,
                                 StateWake wake) -> absl::StatusOr<std::shared_ptr<StateSource>> {
      auto writer = std::make_shared<Mailbox>(std::move(wake));
      writer_ = writer;
      writer->Publish(Numbered(0));
      subscribed_.Wake();
      return std::shared_ptr<StateSource>(writer.get(), [this, writer](StateSource*) mutable {
        writer.reset();
        released_.Wake();
      });
    });
  }

  void Serve() { host_.Start(GetParam()); }

  std::shared_ptr<Mailbox> Writer() {
    subscribed_.Await();
    return writer_.lock();
  }

  std::weak_ptr<Mailbox> writer_;
  WakeUp subscribed_;
  WakeUp released_;
  TestHost host_;
};

INSTANTIATE_TEST_SUITE_P(Wires, State, testing::Values(Wire::kInProcess, Wire::kLoopback),
                         [](const auto& wire) {
                           return wire.param == Wire::kInProcess ? "InProcess" : "Loopback";
                         });

TEST_P(State, SendsTheCurrentValueAtOnceAndThenChanges) {
  Serve();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  for (int i = 1; i < 20; ++i) {
    Writer()->Publish(Numbered(i));
    EXPECT_EQ(stream.Next(), i);
  }
  Writer()->End(absl::OkStatus());
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_P(State, ReleasesTheSubscriptionWhenTheStreamEnds) {
  Serve();
  {
    TestStream stream(host_);
    EXPECT_EQ(stream.Next(), 0);
    Writer()->End(absl::OkStatus());
    EXPECT_TRUE(stream.Finish().ok());
  }
  MustEnd("the subscription", [&] { released_.Await(); });
  EXPECT_TRUE(Eventually([&] { return writer_.expired(); }));
}

TEST_P(State, GivesASlowReaderTheNewestNeverBackwards) {
  Serve();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  constexpr int kNewest = 2000;
  for (int i = 1; i <= kNewest; ++i) Writer()->Publish(Numbered(i, 32 << 10));
  Writer()->End(absl::OkStatus());
  const std::vector<int> seen = stream.Rest();
  EXPECT_TRUE(stream.Finish().ok());
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), std::less_equal<>()));
  EXPECT_EQ(seen.back(), kNewest);
  EXPECT_LT(seen.size(), 200U);  // the rest was replaced before it was sent
}

// A source that has always something and counts how often it is asked.
class Spring final : public StateSource {
 public:
  StateNews Next() override { return Numbered(asked++, 64 << 10); }
  std::atomic<int> asked{0};
};

TEST_P(State, AsksItsSourceOnlyForWhatItCanSend) {
  const auto spring = std::make_shared<Spring>();
  WakeUp subscribed;
  StateWake wake;
  TestHost host;
  host.OnStreamAsState([&](const CallContext&, grpc::ByteBuffer&,
                           StateWake given) -> absl::StatusOr<std::shared_ptr<StateSource>> {
    wake = std::move(given);
    subscribed.Wake();
    return spring;
  });
  host.Start(GetParam());
  TestStream stream(host);
  EXPECT_EQ(stream.Next(), 0);
  subscribed.Await();
  for (int i = 0; i < 1000; ++i) wake();
  EXPECT_LT(spring->asked, 200);  // the client has read one message
  for (int i = 1; i < 300; ++i) EXPECT_EQ(stream.Next(), i);
  stream.Cancel();
  stream.Rest();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(Eventually([&] { return spring.use_count() == 1; }));
  wake();  // into the void
}

TEST_P(State, SendsThePendingValueBeforeTheEnd) {
  Serve();
  TestStream stream(host_);
  const auto writer = Writer();
  writer->Publish(Numbered(1));
  writer->Publish(Numbered(2));
  writer->End(Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound) << "It is gone.");
  writer->Publish(Numbered(3));
  writer->End(absl::OkStatus());
  const std::vector<int> seen = stream.Rest();
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back(), 2);
  EXPECT_EQ(ReasonOf(stream.Finish()), "RESOURCE_NOT_FOUND");
}

TEST_P(State, EndsWithTheErrorOfARefusedRequest) {
  TestHost host;
  host.OnStreamAsState([](const CallContext&, grpc::ByteBuffer&,
                          const StateWake&) -> absl::StatusOr<std::shared_ptr<StateSource>> {
    return InvalidRequest({{"name", "is missing"}});
  });
  host.Start(GetParam());
  TestStream stream(host);
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_EQ(ReasonOf(stream.Finish()), "INVALID_REQUEST");
}

TEST_P(State, EndsWhenTheClientCancels) {
  Serve();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  stream.Cancel();
  MustEnd("the subscription", [&] { released_.Await(); });
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Whoever still holds the writer may publish into the void.
  if (const auto writer = Writer()) writer->Publish(Numbered(1));
}

TEST_P(State, EndsAtTheCallersDeadline) {
  Serve();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(60));
  const auto reader = host_.stub().StreamRecords(&context, recordsql::v1::StreamRecordsRequest());
  recordsql::v1::StreamRecordsResponse response;
  while (reader->Read(&response)) continue;
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  MustEnd("the subscription", [&] { released_.Await(); });
}

TEST_P(State, EndsWithGatewayDrainingWhenTheGatewayGoesAway) {
  Serve();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  host_.Shutdown(absl::Seconds(20));
  EXPECT_EQ(stream.Next(), -1);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "GATEWAY_DRAINING");
}

TEST_P(State, TakesValuesFromManyThreads) {
  Serve();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 0);
  const auto writer = Writer();
  std::vector<std::future<void>> publishers;
  for (int p = 0; p < 4; ++p) {
    publishers.push_back(std::async(std::launch::async, [&] {
      for (int i = 0; i < 500; ++i) writer->Publish(Numbered(7));
    }));
  }
  auto reader = std::async(std::launch::async, [&] { return stream.Rest(); });
  for (auto& publisher : publishers) publisher.get();
  writer->Publish(Numbered(8));
  writer->End(absl::OkStatus());
  EXPECT_EQ(reader.get().back(), 8);
  EXPECT_TRUE(stream.Finish().ok());
}

}  // namespace
}  // namespace relais::rpc
