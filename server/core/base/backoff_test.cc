#include "server/core/base/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace relais {
namespace {

const BackoffPolicy kPolicy = {
    .first = absl::Milliseconds(100), .longest = absl::Milliseconds(350), .factor = 2.0};

TEST(Backoff, WaitsAtMostTheBoundWhichDoublesUpToTheLongest) {
  const std::vector<absl::Duration> bounds = {absl::Milliseconds(100), absl::Milliseconds(200),
                                              absl::Milliseconds(350), absl::Milliseconds(350)};
  std::vector<absl::Duration> longest(bounds.size(), absl::ZeroDuration());
  for (unsigned seed = 1; seed <= 500; ++seed) {
    Backoff backoff(kPolicy, seed);
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      const absl::Duration wait = backoff.Next();
      EXPECT_GE(wait, absl::ZeroDuration());
      EXPECT_LE(wait, bounds[i]);
      longest[i] = std::max(longest[i], wait);
    }
  }
  // Full jitter: the whole range is used.
  for (std::size_t i = 0; i < bounds.size(); ++i) EXPECT_GT(longest[i], bounds[i] * 0.9);
}

TEST(Backoff, SpreadsCallersThatStartTogether) {
  Backoff one(kPolicy, 1);
  Backoff other(kPolicy, 2);
  one.Next();
  other.Next();
  EXPECT_NE(one.Next(), other.Next());
}

}  // namespace
}  // namespace relais
