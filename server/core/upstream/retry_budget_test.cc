#include "server/core/upstream/retry_budget.h"

#include <gtest/gtest.h>

namespace relais {
namespace {

TEST(RetryBudget, AllowsAShareOfTheTrafficBeyondItsReserve) {
  RetryBudget budget(20, 10.0);
  int retries = 0;
  for (int call = 0; call < 1000; ++call) {
    budget.Earn();
    while (budget.Spend()) ++retries;
  }
  EXPECT_GE(retries, 200);
  EXPECT_LE(retries, 210);
}

TEST(RetryBudget, SavesNoMoreThanItsReserve) {
  RetryBudget budget(20, 3.0);
  for (int call = 0; call < 1000; ++call) budget.Earn();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.Spend());
  EXPECT_FALSE(budget.Spend());
}

TEST(RetryBudget, OfZeroPerCentAllowsNothing) {
  RetryBudget budget(0);
  budget.Earn();
  EXPECT_FALSE(budget.Spend());
}

}  // namespace
}  // namespace relais
