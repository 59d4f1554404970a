#include "server/rpc/calls/watch_source.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "server/core/watch/poll_hub.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

// A collection of numbers by key; its messages are those of Numbered, a heartbeat is empty.
class AHub {
 public:
  explicit AHub(Scheduler& scheduler) {
    watch::HubOptions options;
    options.poll = [this](const CallContext&) { return Poll(); };
    options.rendering.item = [](const watch::Item* item, const std::optional<watch::Resume>&) {
      return item == nullptr ? "" : item->bytes();
    };
    options.rendering.changes = [](const watch::Changes& changes) {
      std::string bytes;  // messages of which the last one wins, as Protobuf merges them
      for (const auto& item : changes.items) bytes += item->bytes();
      return bytes;
    };
    options.policy.fastest = options.policy.slowest = absl::Milliseconds(1);
    options.policy.closest = absl::ZeroDuration();
    hub_.emplace(scheduler, executor_, std::move(options));
  }

  void Set(const std::string& key, int number, bool terminal = false) {
    recordsql::v1::StreamRecordsResponse response;
    response.set_resume_token(std::to_string(number));
    const std::lock_guard lock(mu_);
    table_[key] = {key, response.SerializeAsString(), terminal};
  }
  watch::PollHub& hub() { return *hub_; }

 private:
  absl::StatusOr<watch::PolledTable> Poll() {
    const std::lock_guard lock(mu_);
    watch::PolledTable polled;
    for (const auto& [key, item] : table_) polled.push_back(item);
    return polled;
  }

  std::mutex mu_;
  std::map<std::string, watch::PolledItem> table_;  // under mu_
  Executor executor_{1, 4};
  std::optional<watch::PollHub> hub_;
};

class WatchOverGrpc : public testing::Test {
 protected:
  WatchOverGrpc() {
    host_.OnStreamAsState([this](const CallContext&, grpc::ByteBuffer&,
                                 StateWake wake) -> absl::StatusOr<std::shared_ptr<StateSource>> {
      return FromHub(key_.empty() ? numbers_.hub().WatchAll({}, std::move(wake))
                                  : numbers_.hub().Watch(key_, {}, std::move(wake)));
    });
    numbers_.Set("a", 1);
    host_.Start(Wire::kLoopback);
  }

  std::string key_ = "a";
  ThreadScheduler scheduler_;
  AHub numbers_{scheduler_};
  TestHost host_;
};

TEST_F(WatchOverGrpc, BringsEveryWatcherTheStateAndItsChanges) {
  std::vector<std::unique_ptr<TestStream>> streams;
  for (int i = 0; i < 20; ++i) streams.push_back(std::make_unique<TestStream>(host_));
  for (const auto& stream : streams) EXPECT_EQ(stream->Next(), 1);
  numbers_.Set("a", 2);
  for (const auto& stream : streams) EXPECT_EQ(stream->Next(), 2);
  numbers_.Set("a", 3, /*terminal=*/true);
  for (const auto& stream : streams) {
    EXPECT_EQ(stream->Next(), 3);
    EXPECT_EQ(stream->Next(), -1);
    EXPECT_TRUE(stream->Finish().ok());
  }
  EXPECT_EQ(numbers_.hub().counts().watchers, 0);
}

TEST_F(WatchOverGrpc, WatchesTheCollection) {
  key_.clear();
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 1);
  numbers_.Set("b", 2);
  EXPECT_EQ(stream.Next(), 2);
}

TEST_F(WatchOverGrpc, ForgetsAWatcherWhoseClientCancels) {
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 1);
  stream.Cancel();
  EXPECT_TRUE(Eventually([&] { return numbers_.hub().counts().watchers == 0; }));
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WatchOverGrpc, EndsNotFoundForAnUnknownKey) {
  key_ = "nothing";
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_EQ(ReasonOf(stream.Finish()), "RESOURCE_NOT_FOUND");
}

TEST_F(WatchOverGrpc, EndsWithTheHub) {
  TestStream stream(host_);
  EXPECT_EQ(stream.Next(), 1);
  numbers_.hub().Shutdown();
  EXPECT_EQ(stream.Next(), -1);
  EXPECT_EQ(ReasonOf(stream.Finish()), "GATEWAY_DRAINING");
}

TEST(BufferOf, SharesTheBytes) {
  const auto bytes = std::make_shared<const std::string>(1 << 20, 'x');
  grpc::ByteBuffer buffer = BufferOf(bytes);
  EXPECT_EQ(bytes.use_count(), 2);
  std::vector<grpc::Slice> slices;
  ASSERT_TRUE(buffer.Dump(&slices).ok());
  ASSERT_EQ(slices.size(), 1U);
  EXPECT_EQ(static_cast<const void*>(slices[0].begin()), bytes->data());
  slices.clear();
  buffer.Clear();
  EXPECT_EQ(bytes.use_count(), 1);
}

}  // namespace
}  // namespace relais::rpc
