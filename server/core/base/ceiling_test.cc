#include "server/core/base/ceiling.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "server/core/base/error.h"

namespace relais {
namespace {

TEST(Ceiling, GivesUntilNothingIsLeft) {
  Ceiling ceiling("watches", 3);
  Share two;
  EXPECT_TRUE(two.Take(ceiling, 2));
  {
    Share one;
    EXPECT_TRUE(one.Take(ceiling));
    EXPECT_EQ(ceiling.used(), 3);
    Share more;
    EXPECT_FALSE(more.Take(ceiling));
    EXPECT_FALSE(two.Take(ceiling));
  }
  EXPECT_EQ(ceiling.used(), 2);
  EXPECT_EQ(ceiling.refused(), 2u);
  EXPECT_FALSE(two.Take(ceiling, 2)) << "not in part";
  EXPECT_TRUE(two.Take(ceiling));
  two.Release();
  two.Release();
  EXPECT_EQ(ceiling.used(), 0);
}

TEST(Ceiling, WithoutALimitGivesAnyAmount) {
  Ceilings ceilings;
  Share share;
  EXPECT_TRUE(share.Take(ceilings.spool_bytes, std::int64_t{1} << 62));
  EXPECT_TRUE(share.Take(ceilings.spool_bytes, std::int64_t{1} << 61));
}

TEST(Ceiling, SaysWhichLimitIsReachedAndWhenToCallAgain) {
  const absl::Status status = Ceiling("uploads", 4).Error();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, Reason::kGatewayLimitReached);
  EXPECT_GT(details.retry_after.value_or(absl::ZeroDuration()), absl::ZeroDuration());
  ASSERT_EQ(details.metadata.size(), 1u);
  EXPECT_EQ(details.metadata[0].second, "server.limits.uploads");
}

TEST(Ceiling, IsNeverExceededByManyAtOnce) {
  Ceiling ceiling("streams", 5);
  std::atomic<bool> exceeded = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        Share share;
        if (share.Take(ceiling) && ceiling.used() > 5) exceeded = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(ceiling.used(), 0);
}

}  // namespace
}  // namespace relais
