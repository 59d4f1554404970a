#include "server/core/base/log/log_budget.h"

#include <gtest/gtest.h>

namespace relais {
namespace {

TEST(LogBudget, WritesABurstAndThenSoManyASecond) {
  LogBudget budget(3, 2);
  absl::Time now = absl::UnixEpoch();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(budget.Take(now), 0u);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(budget.Take(now), std::nullopt);
  now += absl::Milliseconds(500);
  EXPECT_EQ(budget.Take(now), 40u) << "and says how many were left out";
  EXPECT_EQ(budget.Take(now), std::nullopt);
  now += absl::Hours(1);
  EXPECT_EQ(budget.Take(now), 1u);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(budget.Take(now), 0u);
  EXPECT_EQ(budget.Take(now), std::nullopt) << "never more than the burst at once";
}

}  // namespace
}  // namespace relais
