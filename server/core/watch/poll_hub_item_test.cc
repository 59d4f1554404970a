// Watchers of one item.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/test_hub.h"

namespace relais::watch {
namespace {

class WatchOfAnItem : public testing::Test {
 protected:
  WatchOfAnItem() { hub_.Set("a", "1"); }

  TestHub hub_;
};

TEST_F(WatchOfAnItem, IsWokenForTheFirstState) {
  HeldPoll held(hub_);
  Watcher watcher(hub_, "a");
  EXPECT_EQ(watcher.Next(), "nothing");
  held.Release();
  hub_.Settle();
  EXPECT_EQ(watcher.wakes(), 1);
  EXPECT_EQ(watcher.Next(), "item held");
}

TEST_F(WatchOfAnItem, GivesTheCurrentStateAndThenChanges) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Set("a", "2");
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.wakes(), 1);
  EXPECT_EQ(watcher.Next(), "item 2");
}

TEST_F(WatchOfAnItem, LateJoinerGetsCurrentState) {
  Watcher first(hub_, "a");
  hub_.Settle();
  Watcher late(hub_, "a");
  EXPECT_EQ(late.Next(), "item 1");
  EXPECT_EQ(hub_.polled_at().size(), 1U);  // what is known is fresh enough
}

TEST_F(WatchOfAnItem, LateJoinerWaitsWhenWhatIsKnownIsOld) {
  Watcher first(hub_, "a");
  hub_.Settle();
  hub_.Pass(absl::Seconds(8));  // polls are rare by now
  hub_.Set("a", "2");
  const std::size_t polls = hub_.polled_at().size();
  Watcher late(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(hub_.polled_at().size(), polls + 1);
  EXPECT_EQ(late.Next(), "item 2");
}

TEST_F(WatchOfAnItem, EqualAnswersAreSilent) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Pass(absl::Seconds(10));
  EXPECT_GT(hub_.polled_at().size(), 4U);
  EXPECT_EQ(watcher.wakes(), 0);
}

TEST_F(WatchOfAnItem, IsNotWokenForOtherItems) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Set("b", "1");
  hub_.Pass(absl::Seconds(3));
  EXPECT_EQ(watcher.wakes(), 0);
}

TEST_F(WatchOfAnItem, NewestWinsForASlowReader) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  for (int i = 2; i <= 50; ++i) {
    hub_.Set("a", std::to_string(i));
    hub_.Pass(absl::Seconds(1));
  }
  EXPECT_EQ(watcher.wakes(), 1);  // woken once, until it asks
  EXPECT_EQ(watcher.Next(), "item 50");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST_F(WatchOfAnItem, SharesOneMessageAmongAllWatchers) {
  Watcher one(hub_, "a");
  Watcher other(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(one.Next(), "item 1");
  EXPECT_EQ(other.Next(), "item 1");
  EXPECT_EQ(one.last_bytes(), other.last_bytes());
}

TEST_F(WatchOfAnItem, TerminalEndsOk) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  hub_.Set("a", "done", /*terminal=*/true);
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.Next(), "item done");
  EXPECT_EQ(watcher.Next(), "end OK");
  EXPECT_EQ(watcher.Next(), "end OK");
  EXPECT_EQ(hub_.hub().counts().watchers, 0);
}

TEST_F(WatchOfAnItem, VanishedJobEndsNotFound) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Remove("a");
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.wakes(), 1);
  EXPECT_EQ(watcher.Next(), "end NOT_FOUND RESOURCE_NOT_FOUND");
  EXPECT_EQ(watcher.last_end().message(), "The job does not exist, or does not exist any more.");
}

TEST_F(WatchOfAnItem, UnknownJobEndsNotFoundOnceAPollHasSaidSo) {
  Watcher watcher(hub_, "nothing");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "end NOT_FOUND RESOURCE_NOT_FOUND");
}

TEST_F(WatchOfAnItem, UnknownJobMayBeYoungerThanWhatIsKnown) {
  Watcher first(hub_, "a");
  hub_.Settle();
  hub_.Set("b", "new");
  Watcher young(hub_, "b");
  Watcher unknown(hub_, "c");
  EXPECT_EQ(young.Next(), "nothing");
  EXPECT_EQ(unknown.Next(), "nothing");
  hub_.Pass(absl::Milliseconds(100));
  EXPECT_EQ(hub_.polled_at().size(), 2U);
  EXPECT_EQ(young.wakes(), 1);
  EXPECT_EQ(young.Next(), "item new");
  EXPECT_EQ(unknown.Next(), "end NOT_FOUND RESOURCE_NOT_FOUND");
}

TEST_F(WatchOfAnItem, UnknownJobMayBeYoungerThanThePollThatRuns) {
  HeldPoll held(hub_);
  Watcher first(hub_, "a");
  held.AwaitBegun();
  hub_.Set("b", "new");
  Watcher young(hub_, "b");
  hub_.Script(nullptr);
  held.Release();
  hub_.Settle();
  EXPECT_EQ(young.Next(), "nothing");
  hub_.Pass(absl::Milliseconds(100));
  EXPECT_EQ(young.Next(), "item new");
}

TEST_F(WatchOfAnItem, HeartbeatWhenIdle) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Pass(absl::Seconds(11));
  EXPECT_EQ(watcher.wakes(), 0);
  for (int i = 1; i < 10; ++i) {
    hub_.Pass(absl::Seconds(i == 1 ? 1 : 12));
    EXPECT_EQ(watcher.wakes(), i);
    EXPECT_EQ(watcher.Next(), "heartbeat: beat with token");
    EXPECT_EQ(watcher.Next(), "nothing");
  }
}

TEST_F(WatchOfAnItem, HeartbeatEvenBeforeTheFirstState) {
  hub_.FailWith(Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                    .RetryAfter(absl::Seconds(40))
                << "Down.");
  Watcher watcher(hub_, "a");
  Watcher resuming(hub_, "a", ResumeOf("1"));
  EXPECT_EQ(watcher.Next(), "nothing");
  EXPECT_EQ(resuming.Next(), "nothing");
  hub_.Pass(absl::Seconds(12));
  EXPECT_EQ(watcher.Next(), "heartbeat: beat");
  EXPECT_EQ(resuming.Next(), "heartbeat: beat with token");
}

TEST_F(WatchOfAnItem, HeartbeatsOfVeryManyPauseSoThatChangesGetThrough) {
  std::vector<Watcher> watchers;
  for (int i = 0; i < 600; ++i) watchers.emplace_back(hub_, "a");
  hub_.Settle();
  for (Watcher& watcher : watchers) {
    watcher.Next();
    EXPECT_EQ(watcher.Next(), "nothing");
  }
  const auto beaten = [&watchers] {
    return std::count_if(watchers.begin(), watchers.end(), [](Watcher& watcher) {
      return watcher.Next() == "heartbeat: beat with token";
    });
  };
  hub_.Pass(absl::Seconds(12));
  EXPECT_EQ(beaten(), 256);
  hub_.Pass(absl::Milliseconds(10));
  EXPECT_EQ(beaten(), 256);
  hub_.Pass(absl::Milliseconds(10));
  EXPECT_EQ(beaten(), 600 - 2 * 256);
}

TEST_F(WatchOfAnItem, HeartbeatsOfManyComeTogether) {
  std::vector<Watcher> watchers;
  for (int i = 0; i < 10; ++i) {
    watchers.emplace_back(hub_, "a");
    hub_.Settle();
    hub_.Pass(absl::Milliseconds(100));
    watchers.back().Next();
    EXPECT_EQ(watchers.back().Next(), "nothing");
  }
  hub_.Pass(absl::Seconds(11.2));
  for (Watcher& watcher : watchers) EXPECT_EQ(watcher.Next(), "heartbeat: beat with token");
}

TEST_F(WatchOfAnItem, MaxAgeEndsOk) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  std::string news;
  absl::Duration age;
  for (; news != "end OK" && age < absl::Hours(1); age += absl::Seconds(1)) {
    hub_.Pass(absl::Seconds(1));
    while ((news = watcher.Next()) != "nothing" && news != "end OK") continue;
  }
  EXPECT_GE(age, absl::Minutes(30));
  EXPECT_LE(age, absl::Minutes(30) + absl::Seconds(12));
}

TEST_F(WatchOfAnItem, MaxAgeEndsOneWhoSeesChangesAllTheTime) {
  Watcher watcher(hub_, "a");
  hub_.Settle();
  std::string news;
  int i = 0;
  for (; news != "end OK" && i < 400; ++i) {
    hub_.Set("a", std::to_string(i));
    hub_.Pass(absl::Seconds(10));
    news = watcher.Next();
  }
  EXPECT_EQ(i, 180);
}

TEST_F(WatchOfAnItem, ResumeWithoutChangeBeginsWithAHeartbeat) {
  Watcher watcher(hub_, "a", ResumeOf("1"));
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "heartbeat: beat with token");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub_.Set("a", "2");
  hub_.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.Next(), "item 2");
}

TEST_F(WatchOfAnItem, ResumeAfterAChangeBeginsWithTheItem) {
  Watcher watcher(hub_, "a", ResumeOf("0"));
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item 1");
}

TEST_F(WatchOfAnItem, ResumeOfATerminalStateStillEnds) {
  hub_.Set("a", "done", /*terminal=*/true);
  Watcher watcher(hub_, "a", ResumeOf("done"));
  hub_.Settle();
  EXPECT_EQ(watcher.Next(), "item done");
  EXPECT_EQ(watcher.Next(), "end OK");
}

}  // namespace
}  // namespace relais::watch
