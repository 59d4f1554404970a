// When a hub polls, and what failing polls do to its watchers.

#include <gtest/gtest.h>

#include "tests/support/test_hub.h"

namespace relais::watch {
namespace {

using Times = std::vector<std::int64_t>;

absl::Status Unavailable() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable) << "Down.";
}

class Polls : public testing::Test {
 protected:
  Polls() { hub_.Set("a", "1"); }

  TestHub hub_;
};

TEST_F(Polls, DoNotHappenWhileNobodyWatches) {
  hub_.hub().Invalidate();
  hub_.Pass(absl::Hours(1));
  EXPECT_EQ(hub_.polled_at(), Times{});
}

TEST_F(Polls, OnePollForManyReaders) {
  std::vector<Watcher> watchers;
  for (int i = 0; i < 100; ++i) watchers.emplace_back(hub_, "a");
  for (int i = 0; i < 100; ++i) watchers.emplace_back(hub_);
  hub_.Settle();
  EXPECT_EQ(hub_.polled_at(), Times{0});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(watchers[i].Next(), "item 1");
  for (int i = 100; i < 200; ++i) EXPECT_EQ(watchers[i].Next(), "a=1 restarted complete @1");
}

TEST_F(Polls, CountWhatWatchersSaveByThem) {
  hub_.Set("a", "1");
  const Watcher first(hub_);
  hub_.Settle();
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(hub_.hub().counts().saved(), 0) << "who is alone saves nothing";
  const HubCounts before = hub_.hub().counts();
  const Watcher second(hub_);
  const Watcher third(hub_, "a");
  hub_.Pass(absl::Seconds(30));
  const HubCounts after = hub_.hub().counts();
  EXPECT_GT(after.begun, before.begun);
  EXPECT_EQ(after.saved(), 2 * (after.begun - before.begun));
}

TEST_F(Polls, TellOfAnOutageToWhoLooks) {
  hub_.Set("a", "1");
  Watcher watcher(hub_);
  hub_.Settle();
  EXPECT_FALSE(hub_.hub().View().failing);
  hub_.FailWith(absl::UnavailableError("down"));
  hub_.Pass(absl::Seconds(5));
  const HubView view = hub_.hub().View();
  EXPECT_TRUE(view.failing);
  EXPECT_GE(view.age, absl::Seconds(5)) << "of what is known still";
}

TEST_F(Polls, AdaptiveInterval) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  hub_.Pass(absl::Seconds(20));
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000, 2500, 4750, 8125, 13187}));
  hub_.Set("a", "2");
  hub_.Pass(absl::Seconds(3));  // one that finds the change, then one soon after
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000, 2500, 4750, 8125, 13187, 20781, 21781}));
}

TEST_F(Polls, LastReaderGoneStopsPolling) {
  Watcher one(hub_, "a");
  Watcher other(hub_);
  hub_.Settle();
  one.Release();
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000}));
  other.Release();
  hub_.Pass(absl::Hours(1));
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000}));
  EXPECT_EQ(hub_.scheduler().waiting(), 0U);
}

TEST_F(Polls, LastReaderGoneCancelsThePollThatRuns) {
  HeldPoll held(hub_);
  Watcher watcher(hub_, "a");
  held.AwaitBegun();
  watcher.Release();
  hub_.Settle();  // it would wait for ever
  EXPECT_EQ(hub_.hub().counts().failed, 0);
  EXPECT_EQ(hub_.polled_at(), Times{0});
}

TEST_F(Polls, WhoComesWhileAPollIsBeingCancelledGetsAnother) {
  WakeUp begun;
  WakeUp release;
  hub_.Script([&](const CallContext& context) -> absl::StatusOr<PolledTable> {
    begun.Wake();
    release.Await();
    if (context.cancelled()) return absl::CancelledError();
    return PolledTable{{"a", "other", false}};
  });
  Watcher first(hub_, "a");
  begun.Await();
  first.Release();
  Watcher second(hub_, "a");
  hub_.Script(nullptr);
  release.Wake();
  hub_.Settle();
  hub_.Pass(absl::Milliseconds(100));  // the distance between two polls
  EXPECT_EQ(second.Next(), "item 1");
  EXPECT_EQ(hub_.polled_at(), (Times{0, 100}));
}

TEST_F(Polls, InvalidateMakesFresh) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  hub_.Pass(absl::Seconds(10));
  const std::size_t polls = hub_.polled_at().size();
  hub_.Set("a", "2");
  hub_.hub().Invalidate();
  hub_.Settle();
  EXPECT_EQ(hub_.polled_at().size(), polls + 1);
  EXPECT_EQ(watcher.Next(), "item 2");
}

TEST_F(Polls, InvalidateMakesWhatIsKnownTooOldForNewReaders) {
  Watcher first(hub_, "a");
  hub_.Settle();
  hub_.hub().Invalidate();
  hub_.Set("a", "2");
  Watcher second(hub_, "a");
  EXPECT_EQ(second.Next(), "nothing");
  hub_.Pass(absl::Milliseconds(100));
  EXPECT_EQ(second.Next(), "item 2");
}

TEST_F(Polls, APollBegunBeforeInvalidateIsNotFresh) {
  HeldPoll held(hub_);
  Watcher first(hub_, "a");
  held.AwaitBegun();
  Watcher second(hub_, "a");
  hub_.hub().Invalidate();
  Watcher third(hub_, "a");
  hub_.Script(nullptr);
  held.Release();
  hub_.Settle();
  EXPECT_EQ(first.Next(), "item held");
  EXPECT_EQ(second.Next(), "item held");
  EXPECT_EQ(third.Next(), "nothing");
  hub_.Pass(absl::Milliseconds(100));
  EXPECT_EQ(third.Next(), "item 1");
}

TEST_F(Polls, AreNotLostWhenTheExecutorIsFull) {
  WakeUp begun;
  WakeUp release;
  ASSERT_TRUE(hub_.executor().Submit([&] {
    begun.Wake();
    release.Await();
  }));
  begun.Await();
  while (hub_.executor().Submit([] {})) continue;
  Watcher watcher(hub_, "a");
  EXPECT_EQ(watcher.Next(), "nothing");
  for (int i = 0; i < 5; ++i) hub_.scheduler().AdvanceBy(absl::Milliseconds(50));
  release.Wake();
  hub_.Settle();
  EXPECT_EQ(hub_.polled_at(), Times{});
  hub_.Pass(absl::Milliseconds(50));
  EXPECT_EQ(watcher.Next(), "item 1");
}

TEST_F(Polls, RetryAfterIsObeyed) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  hub_.FailWith(Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
                    .RetryAfter(absl::Seconds(50))
                << "Slow down.");
  hub_.Pass(absl::Seconds(1));
  hub_.Script(nullptr);
  hub_.hub().Invalidate();
  Watcher late(hub_, "a");  // not even then
  hub_.Pass(absl::Seconds(49.9));
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000}));
  hub_.Pass(absl::Seconds(0.1));
  EXPECT_EQ(hub_.polled_at(), (Times{0, 1000, 51000}));
  EXPECT_NE(late.Next().find("item 1"), std::string::npos);
}

TEST_F(Polls, BackoffOnErrorsAndTheWatchersOutliveThem) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  int left = 4;
  hub_.Script([&](const CallContext&) -> absl::StatusOr<PolledTable> {
    if (left-- > 0) return Unavailable();
    return PolledTable{{"a", "2", false}};
  });
  hub_.Pass(absl::Seconds(16));  // the back-offs are at most 1, 2, 4 and 8 s
  EXPECT_EQ(hub_.hub().counts().failed, 4);
  EXPECT_NE(watcher.Next().find("2"), std::string::npos);
  const Times times = hub_.polled_at();
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 100);
}

TEST_F(Polls, FailingForLongEndsAllWatchersWithTheError) {
  Watcher item(hub_, "a");
  Watcher collection(hub_);
  hub_.Settle();
  EXPECT_EQ(item.Next(), "item 1");
  EXPECT_EQ(item.Next(), "nothing");
  hub_.FailWith(Unavailable());
  hub_.Pass(absl::Seconds(17));
  EXPECT_EQ(hub_.hub().counts().failed, 5);
  EXPECT_GE(item.wakes(), 1);
  EXPECT_EQ(item.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(collection.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_TRUE(DetailsOf(item.last_end()).retry_after.has_value());
  EXPECT_EQ(hub_.hub().counts().watchers, 0);
}

TEST_F(Polls, AWatcherWhoComesDuringAnOutageIsTurnedAwayAtOnce) {
  hub_.FailWith(Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                    .RetryAfter(absl::Seconds(100))
                << "Maintenance.");
  Watcher first(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(first.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  hub_.Pass(absl::Seconds(40));
  Watcher second(hub_, "a");
  EXPECT_EQ(second.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(DetailsOf(second.last_end()).retry_after, absl::Seconds(60));
  EXPECT_EQ(hub_.polled_at(), Times{0});
  hub_.Pass(absl::Seconds(60));
  hub_.Script(nullptr);
  Watcher third(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(third.Next(), "item 1");
}

TEST_F(Polls, AWatcherWhoComesAfterAnOutageIsToldWhatIsTrueNow) {
  hub_.FailWith(Unavailable());
  Watcher first(hub_, "a");
  hub_.Settle();
  hub_.Pass(absl::Seconds(17));
  EXPECT_EQ(first.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  const std::size_t polls = hub_.polled_at().size();
  hub_.Pass(absl::Seconds(2));
  Watcher second(hub_, "a");  // the failure is old: another poll tells whether it lasts
  hub_.Settle();
  EXPECT_EQ(second.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(hub_.polled_at().size(), polls + 1);
  Watcher third(hub_, "a");  // this one is young
  EXPECT_EQ(third.Next(), "end UNAVAILABLE UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(hub_.polled_at().size(), polls + 1);
  hub_.Script(nullptr);
  hub_.Pass(absl::Seconds(1));
  Watcher fourth(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(fourth.Next(), "item 1");
}

TEST_F(Polls, AFailureThatWillNotPassEndsAllWatchersAtOnce) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  hub_.FailWith(Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected) << "No.");
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.Next(), "end INTERNAL GATEWAY_CREDENTIAL_REJECTED");
  EXPECT_FALSE(DetailsOf(watcher.last_end()).retry_after.has_value());
}

TEST_F(Polls, APollThatTakesTooLongIsATimeoutOfTheUpstream) {
  hub_.Script([](const CallContext& context) -> absl::StatusOr<PolledTable> {
    return context.Check(context.deadline());
  });
  Watcher watcher(hub_, "a");
  hub_.Settle();
  hub_.Pass(absl::Seconds(17));
  EXPECT_EQ(watcher.Next(), "end UNAVAILABLE UPSTREAM_TIMEOUT");
}

TEST_F(Polls, HaveADeadlineAndAnIdentity) {
  hub_.Script([this](const CallContext& context) -> absl::StatusOr<PolledTable> {
    EXPECT_EQ(context.deadline(), hub_.scheduler().Now() + absl::Seconds(30));
    EXPECT_FALSE(context.identity().request_id.empty());
    return PolledTable();
  });
  Watcher watcher(hub_);
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "restarted complete @1");
}

TEST_F(Polls, ShutdownCancelsThePollAndEndsAllWatchers) {
  HeldPoll held(hub_);
  Watcher watcher(hub_, "a");
  EXPECT_EQ(watcher.Next(), "nothing");
  held.AwaitBegun();
  hub_.hub().Shutdown();
  EXPECT_EQ(watcher.wakes(), 1);
  EXPECT_EQ(watcher.Next(), "end UNAVAILABLE GATEWAY_DRAINING");
  Watcher late(hub_, "a");
  EXPECT_EQ(late.Next(), "end UNAVAILABLE GATEWAY_DRAINING");
  hub_.hub().Shutdown();
}

TEST(PollHub, SubscriptionsMayOutliveIt) {
  auto hub = std::make_unique<TestHub>();
  Watcher watcher(*hub, "a");
  hub.reset();
  EXPECT_EQ(watcher.Next(), "end UNAVAILABLE GATEWAY_DRAINING");
}

}  // namespace
}  // namespace relais::watch
