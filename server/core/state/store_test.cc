// What every StateStore promises, shown for each that there is.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/core/state/sqlite_store.h"
#include "server/core/state/state_store.h"
#include "tests/support/temporary_folder.h"

namespace relais::state {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1'700'000'000);

Entry MakeEntry(const std::string& key, absl::Time created = kNoon) {
  return {.key = key,
          .fingerprint = "f-" + key,
          .marker = "m-" + key,
          .subject = "main",
          .created = created,
          .updated = created};
}

std::vector<std::string> KeysOf(const absl::StatusOr<std::vector<Entry>>& entries) {
  std::vector<std::string> keys;
  for (const Entry& entry : entries.value()) keys.push_back(entry.key);
  return keys;
}

struct Kind {
  std::string name;
  bool durable;  // opening it again shows what was there
};

class Store : public testing::TestWithParam<Kind> {
 protected:
  Store() { Reopen(); }

  void Reopen() {
    store_.reset();
    const std::string path = GetParam().durable ? folder_.path() + "/state.db" : ":memory:";
    auto opened = SqliteStore::Open(path);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  TemporaryFolder folder_;
  std::unique_ptr<StateStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, Store, testing::Values(Kind{"File", true}, Kind{"Memory", false}),
                         [](const auto& info) { return info.param.name; });

TEST_P(Store, KeepsWhatWasClaimedFirst) {
  EXPECT_EQ(store_->Claim(MakeEntry("a")).value(), std::nullopt);
  Entry other = MakeEntry("a", kNoon + absl::Hours(1));
  other.fingerprint = "another";
  other.phase = Phase::kDone;
  const std::optional<Entry> there = store_->Claim(other).value();
  ASSERT_TRUE(there);
  EXPECT_EQ(*there, MakeEntry("a"));
  EXPECT_EQ(store_->Read("a").value(), MakeEntry("a"));
  EXPECT_EQ(store_->Read("b").value(), std::nullopt);
}

TEST_P(Store, KeepsAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  Entry entry = MakeEntry("scope/with 'quotes'\nand é");
  entry.answer = bytes;
  entry.phase = Phase::kDone;
  entry.subject = "";
  ASSERT_EQ(store_->Claim(entry).value(), std::nullopt);
  EXPECT_EQ(store_->Read(entry.key).value(), entry);

  ASSERT_EQ(store_->Claim(MakeEntry("big")).value(), std::nullopt);
  const std::string megabytes(5'000'000, '\0');
  ASSERT_TRUE(store_->Complete("big", megabytes, kNoon).ok());
  EXPECT_EQ(store_->Read("big").value()->answer, megabytes);
}

TEST_P(Store, AdvancesAndNeverGoesBack) {
  ASSERT_TRUE(store_->Claim(MakeEntry("a")).ok());
  ASSERT_TRUE(store_->Advance("a", Phase::kSending, kNoon + absl::Seconds(1)).ok());
  ASSERT_TRUE(store_->Advance("a", Phase::kSending, kNoon + absl::Seconds(2)).ok());
  EXPECT_FALSE(store_->Advance("a", Phase::kBegun, kNoon + absl::Seconds(3)).ok());
  Entry expected = MakeEntry("a");
  expected.phase = Phase::kSending;
  expected.updated = kNoon + absl::Seconds(2);
  EXPECT_EQ(store_->Read("a").value(), expected);

  ASSERT_TRUE(store_->Complete("a", "first", kNoon + absl::Seconds(4)).ok());
  EXPECT_FALSE(store_->Complete("a", "second", kNoon + absl::Seconds(5)).ok());
  EXPECT_FALSE(store_->Advance("a", Phase::kSending, kNoon + absl::Seconds(6)).ok());
  expected.phase = Phase::kDone;
  expected.answer = "first";
  expected.updated = kNoon + absl::Seconds(4);
  EXPECT_EQ(store_->Read("a").value(), expected);
}

TEST_P(Store, HasNothingToAdvanceWhereThereIsNoEntry) {
  EXPECT_FALSE(store_->Advance("a", Phase::kSending, kNoon).ok());
  EXPECT_FALSE(store_->Complete("a", "answer", kNoon).ok());
  EXPECT_TRUE(store_->Forget("a").ok());
}

TEST_P(Store, ForgetsOneEntry) {
  ASSERT_TRUE(store_->Claim(MakeEntry("a")).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("b")).ok());
  ASSERT_TRUE(store_->Forget("a").ok());
  EXPECT_EQ(store_->Read("a").value(), std::nullopt);
  EXPECT_EQ(store_->Claim(MakeEntry("a", kNoon + absl::Hours(1))).value(), std::nullopt);
  EXPECT_TRUE(store_->Read("b").value().has_value());
}

TEST_P(Store, ListsWhatIsUnfinishedOldestFirst) {
  EXPECT_TRUE(KeysOf(store_->Unfinished()).empty());
  ASSERT_TRUE(store_->Claim(MakeEntry("new", kNoon + absl::Seconds(3))).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("old", kNoon)).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("done", kNoon)).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("sent", kNoon + absl::Seconds(1))).ok());
  ASSERT_TRUE(store_->Advance("sent", Phase::kSending, kNoon + absl::Hours(1)).ok());
  ASSERT_TRUE(store_->Complete("done", "", kNoon).ok());
  EXPECT_EQ(KeysOf(store_->Unfinished()), (std::vector<std::string>{"old", "sent", "new"}));
}

TEST_P(Store, PrunesTheOldestFirstAndNoMoreThanAsked) {
  for (int i = 0; i < 10; ++i) {
    Entry entry = MakeEntry(std::to_string(i), kNoon + absl::Seconds(i));
    entry.phase = Phase::kDone;
    ASSERT_TRUE(store_->Claim(entry).ok());
  }
  EXPECT_EQ(store_->Prune(kNoon + absl::Seconds(5), 3).value(), 3);
  EXPECT_EQ(store_->Read("2").value(), std::nullopt);
  EXPECT_TRUE(store_->Read("3").value().has_value());
  EXPECT_EQ(store_->Prune(kNoon + absl::Seconds(5), 100).value(), 2);
  EXPECT_EQ(store_->Prune(kNoon + absl::Seconds(5), 100).value(), 0);
  EXPECT_TRUE(store_->Read("5").value().has_value());
}

TEST_P(Store, PrunesNothingThatIsNotDone) {
  for (const Phase phase : {Phase::kBegun, Phase::kSending, Phase::kDone}) {
    Entry entry = MakeEntry(std::to_string(static_cast<int>(phase)), kNoon);
    entry.phase = phase;
    ASSERT_TRUE(store_->Claim(entry).ok());
  }
  EXPECT_EQ(store_->Prune(absl::InfiniteFuture(), 100).value(), 1);
  EXPECT_EQ(store_->Unfinished()->size(), 2u);
}

TEST_P(Store, StillHasEverythingWhenItIsOpenedAgain) {
  if (!GetParam().durable) GTEST_SKIP() << "lasts as long as the store";
  ASSERT_TRUE(store_->Claim(MakeEntry("begun")).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("sent")).ok());
  ASSERT_TRUE(store_->Advance("sent", Phase::kSending, kNoon).ok());
  ASSERT_TRUE(store_->Claim(MakeEntry("done")).ok());
  ASSERT_TRUE(store_->Complete("done", "answer", kNoon).ok());
  for (int i = 0; i < 2; ++i) {
    Reopen();
    EXPECT_EQ(store_->Read("begun").value(), MakeEntry("begun"));
    EXPECT_EQ(store_->Read("sent").value()->phase, Phase::kSending);
    EXPECT_EQ(store_->Read("done").value()->answer, "answer");
  }
}

// Of many threads that claim the same keys, one gets each; nothing is lost between them.
TEST_P(Store, GivesEachKeyToOneOfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kKeys = 40;
  std::atomic<int> got = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kKeys; ++i) {
        const std::string key = std::to_string(i);
        if (store_->Claim(MakeEntry(key)).value().has_value()) continue;
        ++got;
        EXPECT_TRUE(store_->Advance(key, Phase::kSending, kNoon).ok());
        EXPECT_TRUE(store_->Complete(key, "answer of " + key, kNoon).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(got, kKeys);
  EXPECT_TRUE(store_->Unfinished().value().empty());
  for (int i = 0; i < kKeys; ++i) {
    EXPECT_EQ(store_->Read(std::to_string(i)).value()->answer, "answer of " + std::to_string(i));
  }
}

}  // namespace
}  // namespace relais::state
