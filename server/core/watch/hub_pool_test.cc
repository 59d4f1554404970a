#include "server/core/watch/hub_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "tests/support/manual_scheduler.h"

namespace relais::watch {
namespace {

class HubPoolTest : public testing::Test {
 protected:
  HubOptions OptionsOf(const std::string& key) {
    ++made_;
    HubOptions options;
    options.name = key;
    options.poll = [this, key](const CallContext&) -> absl::StatusOr<PolledTable> {
      ++polls_;
      return PolledTable{{"item", key}};
    };
    options.rendering.item = [](const Item* item, const std::optional<Resume>&) {
      return item == nullptr ? std::string() : item->bytes();
    };
    return options;
  }

  std::shared_ptr<Subscription> Watch(const std::string& key) {
    auto subscription = pool_.For(key)->Watch("item", std::nullopt, [] {});
    (void)subscription->Next();
    return subscription;
  }

  ManualScheduler scheduler_;
  Executor executor_{1, 10};
  std::atomic<int> made_{0};
  std::atomic<int> polls_{0};
  HubPool pool_{scheduler_, executor_, [this](const std::string& key) { return OptionsOf(key); }};
};

TEST_F(HubPoolTest, MakesOneHubForAKey) {
  const auto first = Watch("a");
  const auto second = Watch("a");
  const auto third = Watch("b");
  EXPECT_EQ(made_, 2);
  EXPECT_EQ(pool_.counts().watchers, 3);
}

TEST_F(HubPoolTest, DropsWhatNobodyHasWatchedForAWhileAndRemembersItsCounts) {
  auto dropped = Watch("a");
  while (polls_ == 0) std::this_thread::yield();
  dropped.reset();
  const auto kept = Watch("b");
  for (int minutes = 0; minutes < 5; ++minutes) {
    scheduler_.AdvanceBy(absl::Minutes(1));
    (void)pool_.For("b");  // whoever comes looks around
  }
  const HubCounts counts = pool_.counts();
  EXPECT_EQ(counts.watchers, 1);
  EXPECT_GE(counts.begun, 1);
  const auto again = Watch("a");
  EXPECT_EQ(made_, 3);
}

TEST_F(HubPoolTest, KeepsAHubThatWasAskedForAgain) {
  Watch("a").reset();
  for (int i = 0; i < 10; ++i) {
    scheduler_.AdvanceBy(absl::Minutes(1));
    Watch("a").reset();
  }
  EXPECT_EQ(made_, 1);
}

TEST_F(HubPoolTest, ShowsWhatItsHubsKnow) {
  const auto watcher = Watch("a");
  while (pool_.counts().succeeded == 0) std::this_thread::yield();
  const std::vector<HubView> views = pool_.Views();
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].watchers, 1);
  EXPECT_EQ(views[0].age, absl::ZeroDuration());
  EXPECT_FALSE(views[0].failing);
}

TEST_F(HubPoolTest, EndsEveryWatcherOnShutdown) {
  const auto watcher = Watch("a");
  pool_.Shutdown();
  const News news = watcher->Next();
  ASSERT_TRUE(std::holds_alternative<absl::Status>(news));
  EXPECT_TRUE(HasReason(std::get<absl::Status>(news), Reason::kGatewayDraining));
}

}  // namespace
}  // namespace relais::watch
