// Watchers of the whole collection.

#include <gtest/gtest.h>

#include "tests/support/test_hub.h"

namespace relais::watch {
namespace {

PollPolicy WithTombstones(std::size_t tombstones) {
  PollPolicy policy;
  policy.tombstones = tombstones;
  return policy;
}

PollPolicy WithMessageBytes(std::size_t bytes) {
  PollPolicy policy;
  policy.message_bytes = bytes;
  return policy;
}

void Change(TestHub& hub, const std::string& key, const std::string& bytes) {
  hub.Set(key, bytes);
  hub.Pass(absl::Seconds(1));
}

TEST(WatchOfACollection, GivesASnapshotAndThenChanges) {
  TestHub hub;
  hub.Set("a", "1");
  hub.Set("b", "1");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=1 b=1 restarted complete @1");
  EXPECT_EQ(watcher.Next(), "nothing");
  Change(hub, "b", "2");
  EXPECT_EQ(watcher.wakes(), 1);
  EXPECT_EQ(watcher.Next(), "b=2 complete @2");
  hub.Remove("a");
  Change(hub, "c", "1");
  EXPECT_EQ(watcher.Next(), "c=1 -a complete @3");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST(WatchOfACollection, TellsThatThereIsNothing) {
  TestHub hub;
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "restarted complete @1");
}

TEST(WatchOfACollection, CutsALargeSnapshot) {
  TestHub hub(WithMessageBytes(4));
  for (char key = 'a'; key < 'f'; ++key) hub.Set(std::string(1, key), "1");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=1 b=1 restarted @none");
  EXPECT_EQ(watcher.Next(), "c=1 d=1 @none");
  EXPECT_EQ(watcher.Next(), "e=1 complete @1");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST(WatchOfACollection, ChangesWithinASnapshotAreNotLost) {
  TestHub hub(WithMessageBytes(4));
  for (char key = 'a'; key < 'f'; ++key) hub.Set(std::string(1, key), "1");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=1 b=1 restarted @none");
  hub.Remove("a");
  hub.Set("bb", "1");
  Change(hub, "e", "2");
  EXPECT_EQ(watcher.Next(), "bb=1 c=1 @none");
  EXPECT_EQ(watcher.Next(), "d=1 e=2 complete @1");
  EXPECT_EQ(watcher.Next(), "bb=1 -a complete @1");
  EXPECT_EQ(watcher.Next(), "e=2 complete @2");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST(WatchOfACollection, NewestWinsForASlowReader) {
  TestHub hub;
  hub.Set("a", "0");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=0 restarted complete @1");
  for (int i = 1; i < 20; ++i) Change(hub, "a", std::to_string(i));
  EXPECT_EQ(watcher.Next(), "a=19 complete @20");
}

TEST(WatchOfACollection, RendersAMessageOnceForAllWatchers) {
  TestHub hub;
  hub.Set("a", "1");
  std::vector<Watcher> watchers;
  for (int i = 0; i < 10; ++i) watchers.emplace_back(hub);
  hub.Settle();
  for (Watcher& watcher : watchers) EXPECT_EQ(watcher.Next(), "a=1 restarted complete @1");
  Change(hub, "a", "2");
  for (Watcher& watcher : watchers) {
    EXPECT_EQ(watcher.Next(), "a=2 complete @2");
    EXPECT_EQ(watcher.last_bytes(), watchers.front().last_bytes());
    EXPECT_EQ(watcher.Next(), "nothing");
  }
  hub.Pass(absl::Seconds(12));
  for (Watcher& watcher : watchers) EXPECT_EQ(watcher.Next(), "heartbeat: complete @2");
  EXPECT_EQ(hub.rendered(), 3);
}

TEST(WatchOfACollection, ResumeWithoutChangeBeginsWithAHeartbeat) {
  TestHub hub;
  hub.Set("a", "1");
  Watcher first(hub);
  hub.Settle();
  first.Next();
  Watcher watcher(hub, std::nullopt, Resume{hub.epoch(), 1});
  EXPECT_EQ(watcher.Next(), "heartbeat: complete @1");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST(WatchOfACollection, ResumeAfterChangesGivesThemAlone) {
  TestHub hub;
  hub.Set("a", "1");
  hub.Set("b", "1");
  Watcher first(hub);
  hub.Settle();
  first.Next();
  first.Release();
  hub.Remove("a");
  hub.Pass(absl::Minutes(20));  // nobody watches
  Watcher watcher(hub, std::nullopt, Resume{hub.epoch(), 1});
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "-a complete @2");
}

TEST(WatchOfACollection, ResumedChangesAreCompleteWithTheirLastMessage) {
  TestHub hub(WithMessageBytes(1));
  hub.Set("a", "1");
  Watcher first(hub);
  hub.Settle();
  first.Next();
  hub.Set("b", "1");
  Change(hub, "c", "1");
  Watcher watcher(hub, std::nullopt, Resume{hub.epoch(), 1});
  EXPECT_EQ(watcher.Next(), "b=1 @none");
  EXPECT_EQ(watcher.Next(), "c=1 complete @2");
  EXPECT_EQ(first.Next(), "b=1 complete @1");  // it knew everything before
  EXPECT_EQ(first.Next(), "c=1 complete @2");
}

TEST(WatchOfACollection, ResumeAcrossEpochsRestarts) {
  TestHub hub;
  hub.Set("a", "1");
  Watcher first(hub);
  hub.Settle();
  first.Next();
  for (const Resume resume :
       {Resume{hub.epoch() + 2, 1}, Resume{hub.epoch(), 7}, Resume{hub.epoch(), 0}, Resume{0, 1}}) {
    Watcher watcher(hub, std::nullopt, resume);
    EXPECT_EQ(watcher.Next(), "a=1 restarted complete @1");
  }
}

TEST(WatchOfACollection, WhoIsBehindTheTombstonesRestarts) {
  TestHub hub(WithTombstones(2));
  for (char key = 'a'; key < 'h'; ++key) hub.Set(std::string(1, key), "1");
  Watcher slow(hub);
  Watcher quick(hub);
  hub.Settle();
  slow.Next();
  quick.Next();
  for (char key = 'a'; key < 'f'; ++key) {
    hub.Remove(std::string(1, key));
    hub.Pass(absl::Seconds(1));
    EXPECT_EQ(quick.Next(), absl::StrCat("-", std::string(1, key), " complete @", key - 'a' + 2));
  }
  EXPECT_EQ(slow.Next(), "f=1 g=1 restarted complete @6");
  EXPECT_EQ(slow.Next(), "nothing");
  Watcher resuming(hub, std::nullopt, Resume{hub.epoch(), 1});
  EXPECT_EQ(resuming.Next(), "f=1 g=1 restarted complete @6");
}

TEST(WatchOfACollection, TombstonesLostWithinASnapshotRestartIt) {
  PollPolicy policy = WithTombstones(1);
  policy.message_bytes = 4;
  TestHub hub(policy);
  for (char key = 'a'; key < 'f'; ++key) hub.Set(std::string(1, key), "1");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=1 b=1 restarted @none");
  hub.Remove("a");
  hub.Pass(absl::Seconds(1));
  hub.Remove("b");
  hub.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.Next(), "c=1 d=1 @none");
  EXPECT_EQ(watcher.Next(), "e=1 complete @1");
  EXPECT_EQ(watcher.Next(), "c=1 d=1 restarted @none");
  EXPECT_EQ(watcher.Next(), "e=1 complete @3");
  EXPECT_EQ(watcher.Next(), "nothing");
}

TEST(WatchOfACollection, HeartbeatBeforeTheSnapshotPromisesNothing) {
  TestHub hub;
  hub.FailWith(Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                   .RetryAfter(absl::Seconds(40))
               << "Down.");
  Watcher watcher(hub);
  EXPECT_EQ(watcher.Next(), "nothing");
  hub.Pass(absl::Seconds(12));
  EXPECT_EQ(watcher.Next(), "heartbeat: @none");
}

// A collection that is one thing in parts.

TEST(WatchOfOneThing, EndsWhenAllItsPartsAreToldAndTerminal) {
  TestHub hub({}, /*one_thing=*/true);
  hub.Set("a", "1", /*terminal=*/true);
  hub.Set("b", "1");
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "a=1 b=1 restarted complete @1");
  EXPECT_EQ(watcher.Next(), "nothing");
  hub.Set("b", "2", /*terminal=*/true);
  hub.Pass(absl::Seconds(1));
  EXPECT_EQ(watcher.Next(), "b=2 complete @2");
  EXPECT_EQ(watcher.Next(), "end OK");
  Watcher late(hub);
  hub.Settle();
  EXPECT_EQ(late.Next(), "a=1 b=2 restarted complete @2");
  EXPECT_EQ(late.Next(), "end OK");
  Watcher again(hub, std::nullopt, Resume{hub.epoch(), 2});
  hub.Settle();
  EXPECT_EQ(again.Next(), "a=1 b=2 restarted complete @2");
  EXPECT_EQ(again.Next(), "end OK");
}

TEST(WatchOfOneThing, IsNotFoundWhenThereIsNothing) {
  TestHub hub({}, /*one_thing=*/true);
  Watcher watcher(hub);
  hub.Settle();
  EXPECT_EQ(watcher.Next(), "end NOT_FOUND RESOURCE_NOT_FOUND");
  hub.Set("a", "1");
  Watcher second(hub);  // the last poll is young, but older than this
  EXPECT_EQ(second.Next(), "nothing");
  hub.Pass(absl::Seconds(1));
  EXPECT_EQ(second.Next(), "a=1 restarted complete @2");
  hub.Remove("a");
  hub.Pass(absl::Seconds(1));
  EXPECT_EQ(second.Next(), "end NOT_FOUND RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace relais::watch
