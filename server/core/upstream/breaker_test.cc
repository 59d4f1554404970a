#include "server/core/upstream/breaker.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/core/base/error.h"

namespace relais {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);
constexpr BreakerPolicy kPolicy = {};

Breaker::Pass Admitted(Breaker& breaker, absl::Time now) {
  auto pass = breaker.Admit(now);
  EXPECT_TRUE(pass.ok()) << pass.status();
  return *pass;
}

void FailTimes(Breaker& breaker, int times, absl::Time now) {
  for (int i = 0; i < times; ++i) breaker.Failed(Admitted(breaker, now), now);
}

TEST(Breaker, StaysClosedWhileAnAnswerComesNowAndThen) {
  Breaker breaker(kPolicy);
  for (int i = 0; i < 10; ++i) {
    FailTimes(breaker, 4, kStart);
    breaker.Succeeded(Admitted(breaker, kStart));
  }
  EXPECT_EQ(breaker.state(kStart), Breaker::State::kClosed);
}

TEST(Breaker, OpensAfterFailuresInARowAndSaysWhenToComeBack) {
  Breaker breaker(kPolicy);
  FailTimes(breaker, 5, kStart);
  EXPECT_EQ(breaker.state(kStart), Breaker::State::kOpen);
  const absl::Status refused = breaker.Admit(kStart + absl::Seconds(2)).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(refused, Reason::kUpstreamUnavailable));
  EXPECT_EQ(DetailsOf(refused).retry_after, absl::Seconds(3));
}

TEST(Breaker, IgnoresWhatItsCallersAbandoned) {
  Breaker breaker(kPolicy);
  FailTimes(breaker, 4, kStart);
  for (int i = 0; i < 20; ++i) breaker.Abandoned(Admitted(breaker, kStart));
  EXPECT_EQ(breaker.state(kStart), Breaker::State::kClosed);
  FailTimes(breaker, 1, kStart);
  EXPECT_EQ(breaker.state(kStart), Breaker::State::kOpen);
}

TEST(Breaker, LetsOneProbeThroughAfterThePause) {
  Breaker breaker(kPolicy);
  FailTimes(breaker, 5, kStart);
  const absl::Time later = kStart + absl::Seconds(5);
  EXPECT_EQ(breaker.state(later), Breaker::State::kHalfOpen);
  const Breaker::Pass probe = Admitted(breaker, later);
  const absl::Status refused = breaker.Admit(later).status();
  EXPECT_TRUE(HasReason(refused, Reason::kUpstreamUnavailable));
  EXPECT_GT(DetailsOf(refused).retry_after, absl::ZeroDuration());
  EXPECT_EQ(breaker.state(later), Breaker::State::kHalfOpen);
  breaker.Succeeded(probe);
  EXPECT_EQ(breaker.state(later), Breaker::State::kClosed);
  EXPECT_TRUE(breaker.Admit(later).ok());
}

TEST(Breaker, PausesTwiceAsLongAfterEveryFailedProbeUpToTheLongest) {
  Breaker breaker(kPolicy);
  absl::Time now = kStart;
  FailTimes(breaker, 5, now);
  for (const int seconds : std::vector<int>{5, 10, 20, 40, 60, 60}) {
    EXPECT_FALSE(breaker.Admit(now + absl::Seconds(seconds) - absl::Nanoseconds(1)).ok());
    now += absl::Seconds(seconds);
    breaker.Failed(Admitted(breaker, now), now);
  }
}

TEST(Breaker, StartsWithTheFirstPauseAgainOnceItWasClosed) {
  Breaker breaker(kPolicy);
  FailTimes(breaker, 5, kStart);
  const absl::Time later = kStart + absl::Seconds(5);
  FailTimes(breaker, 1, later);  // the probe: the pause is now 10 s
  const absl::Time closed = later + absl::Seconds(10);
  breaker.Succeeded(Admitted(breaker, closed));
  FailTimes(breaker, 5, closed);
  EXPECT_EQ(DetailsOf(breaker.Admit(closed).status()).retry_after, absl::Seconds(5));
}

TEST(Breaker, SendsAnotherProbeWhenTheCallerOfOneGivesUp) {
  Breaker breaker(kPolicy);
  FailTimes(breaker, 5, kStart);
  const absl::Time later = kStart + absl::Seconds(5);
  breaker.Abandoned(Admitted(breaker, later));
  EXPECT_TRUE(breaker.Admit(later).ok());
  EXPECT_FALSE(breaker.Admit(later).ok());
}

TEST(Breaker, TellsAProbeFromRequestsThatWereOnTheirWay) {
  Breaker breaker(kPolicy);
  const Breaker::Pass slow = Admitted(breaker, kStart);
  const Breaker::Pass left = Admitted(breaker, kStart);
  FailTimes(breaker, 5, kStart);
  const absl::Time later = kStart + absl::Seconds(5);
  const Breaker::Pass probe = Admitted(breaker, later);
  breaker.Failed(slow, later);  // neither ends the probe nor lengthens the pause
  breaker.Abandoned(left);
  EXPECT_FALSE(breaker.Admit(later).ok());
  breaker.Succeeded(probe);
  EXPECT_EQ(breaker.state(later), Breaker::State::kClosed);
}

TEST(Breaker, ClosesOnALateAnswerToo) {
  Breaker breaker(kPolicy);
  const Breaker::Pass slow = Admitted(breaker, kStart);
  FailTimes(breaker, 5, kStart);
  breaker.Succeeded(slow);
  EXPECT_EQ(breaker.state(kStart), Breaker::State::kClosed);
}

}  // namespace
}  // namespace relais
