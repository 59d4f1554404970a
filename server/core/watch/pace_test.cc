#include "server/core/watch/pace.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/core/base/error.h"

namespace relais::watch {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

absl::Status Down() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable) << "Down.";
}

TEST(Pace, GrowsFromFastestToSlowestWhileNothingChanges) {
  const PollPolicy policy;
  Pace pace(policy);
  pace.Succeeded(kStart, /*changed=*/true);
  std::vector<double> waits;
  for (int i = 0; i < 8; ++i) {
    waits.push_back(absl::ToDoubleSeconds(pace.Due(false) - kStart));
    pace.Succeeded(kStart, /*changed=*/false);
  }
  EXPECT_EQ(waits, (std::vector<double>{1, 1.5, 2.25, 3.375, 5.0625, 7.59375, 10, 10}));
  pace.Succeeded(kStart, /*changed=*/true);
  EXPECT_EQ(pace.Due(false), kStart + absl::Seconds(1));
}

TEST(Pace, KeepsADistanceEvenWhenAPollIsWantedAtOnce) {
  const PollPolicy policy;
  Pace pace(policy);
  EXPECT_LE(pace.Due(true), kStart);
  pace.Begun(kStart);
  pace.Succeeded(kStart + absl::Milliseconds(5), true);
  EXPECT_EQ(pace.Due(true), kStart + absl::Milliseconds(100));
}

TEST(Pace, NeverPollsBeforeTheUpstreamWantsIt) {
  const PollPolicy policy;
  Pace pace(policy);
  absl::Status status = Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
                            .RetryAfter(absl::Seconds(45))
                        << "Slow down.";
  EXPECT_FALSE(pace.Failed(kStart, status));
  EXPECT_EQ(pace.Due(true), kStart + absl::Seconds(45));
  EXPECT_EQ(pace.Due(false), kStart + absl::Seconds(45));
}

TEST(Pace, BacksOffWithinItsBounds) {
  const PollPolicy policy{.errors_before_end = 1000, .failing_before_end = absl::Hours(10)};
  Pace pace(policy);
  absl::Time now = kStart;
  absl::Duration bound = absl::Seconds(1);
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(pace.Failed(now, Down()));
    EXPECT_LE(pace.Due(true), now + bound);
    bound = std::min(2 * bound, absl::Seconds(60));
    now = pace.Due(true);
  }
  EXPECT_GT(now - kStart, absl::Minutes(5));
}

TEST(Pace, GivesUpAfterSoManyFailuresInARow) {
  const PollPolicy policy;
  Pace pace(policy);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(pace.Failed(kStart, Down()));
  pace.Succeeded(kStart, false);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(pace.Failed(kStart, Down()));
  EXPECT_TRUE(pace.Failed(kStart, Down()));
}

TEST(Pace, GivesUpWhenTheNextPollWouldComeTooLate) {
  const PollPolicy policy;
  Pace pace(policy);
  absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                            .RetryAfter(absl::Seconds(61))
                        << "Maintenance.";
  EXPECT_TRUE(pace.Failed(kStart, status));
}

TEST(Pace, GivesUpAtOnceWhenTimeAloneHealsNothing) {
  for (const Reason reason :
       {Reason::kGatewayCredentialRejected, Reason::kAccessDenied, Reason::kUpstreamContractBroken,
        Reason::kResourceNotFound, Reason::kUpstreamRejectedRequest, Reason::kGatewayInternal}) {
    const PollPolicy policy;
    Pace pace(policy);
    absl::Status status = Error(absl::StatusCode::kInternal, reason) << "No.";
    EXPECT_TRUE(pace.Failed(kStart, status)) << ReasonName(reason);
  }
  for (const Reason reason :
       {Reason::kUpstreamFailed, Reason::kUpstreamTimeout, Reason::kUpstreamUnreachable,
        Reason::kUpstreamMalformedResponse, Reason::kUpstreamSaturated}) {
    const PollPolicy policy;
    Pace pace(policy);
    absl::Status status = Error(absl::StatusCode::kInternal, reason) << "Not now.";
    EXPECT_FALSE(pace.Failed(kStart, status)) << ReasonName(reason);
  }
}

}  // namespace
}  // namespace relais::watch
