#include "server/core/base/clock.h"

#include <gtest/gtest.h>

namespace relais {
namespace {

TEST(SteadyNow, BeginsWithTheWallClockAndNeverGoesBack) {
  absl::Time before = SteadyNow();
  EXPECT_LT(absl::AbsDuration(before - WallNow()), absl::Minutes(1));
  for (int i = 0; i < 1000; ++i) {
    const absl::Time now = SteadyNow();
    EXPECT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace relais
