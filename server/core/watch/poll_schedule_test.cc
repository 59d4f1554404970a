#include "server/core/watch/poll_schedule.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/core/base/error.h"

namespace relais::watch {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

absl::Status Down() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable) << "Down.";
}

TEST(PollSchedule, GrowsFromFastestToSlowestWhileNothingChanges) {
  const PollPolicy policy;
  PollSchedule schedule(policy);
  schedule.Succeeded(kStart, /*changed=*/true);
  std::vector<double> waits;
  for (int i = 0; i < 8; ++i) {
    waits.push_back(absl::ToDoubleSeconds(schedule.Due(false) - kStart));
    schedule.Succeeded(kStart, /*changed=*/false);
  }
  EXPECT_EQ(waits, (std::vector<double>{1, 1.5, 2.25, 3.375, 5.0625, 7.59375, 10, 10}));
  schedule.Succeeded(kStart, /*changed=*/true);
  EXPECT_EQ(schedule.Due(false), kStart + absl::Seconds(1));
}

TEST(PollSchedule, KeepsADistanceEvenWhenAPollIsWantedAtOnce) {
  const PollPolicy policy;
  PollSchedule schedule(policy);
  EXPECT_LE(schedule.Due(true), kStart);
  schedule.Begun(kStart);
  schedule.Succeeded(kStart + absl::Milliseconds(5), true);
  EXPECT_EQ(schedule.Due(true), kStart + absl::Milliseconds(100));
}

TEST(PollSchedule, NeverPollsBeforeTheUpstreamWantsIt) {
  const PollPolicy policy;
  PollSchedule schedule(policy);
  absl::Status status = Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
                            .RetryAfter(absl::Seconds(45))
                        << "Slow down.";
  EXPECT_FALSE(schedule.Failed(kStart, status));
  EXPECT_EQ(schedule.Due(true), kStart + absl::Seconds(45));
  EXPECT_EQ(schedule.Due(false), kStart + absl::Seconds(45));
}

TEST(PollSchedule, BacksOffWithinItsBounds) {
  const PollPolicy policy{.errors_before_end = 1000, .failing_before_end = absl::Hours(10)};
  PollSchedule schedule(policy);
  absl::Time now = kStart;
  absl::Duration bound = absl::Seconds(1);
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(schedule.Failed(now, Down()));
    EXPECT_LE(schedule.Due(true), now + bound);
    bound = std::min(2 * bound, absl::Seconds(60));
    now = schedule.Due(true);
  }
  EXPECT_GT(now - kStart, absl::Minutes(5));
}

TEST(PollSchedule, GivesUpAfterSoManyFailuresInARow) {
  const PollPolicy policy;
  PollSchedule schedule(policy);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(schedule.Failed(kStart, Down()));
  schedule.Succeeded(kStart, false);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(schedule.Failed(kStart, Down()));
  EXPECT_TRUE(schedule.Failed(kStart, Down()));
}

TEST(PollSchedule, GivesUpWhenTheNextPollWouldComeTooLate) {
  const PollPolicy policy;
  PollSchedule schedule(policy);
  absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                            .RetryAfter(absl::Seconds(61))
                        << "Maintenance.";
  EXPECT_TRUE(schedule.Failed(kStart, status));
}

TEST(PollSchedule, GivesUpAtOnceWhenTimeAloneHealsNothing) {
  for (const Reason reason :
       {Reason::kGatewayCredentialRejected, Reason::kAccessDenied, Reason::kUpstreamContractBroken,
        Reason::kResourceNotFound, Reason::kUpstreamRejectedRequest, Reason::kGatewayInternal}) {
    const PollPolicy policy;
    PollSchedule schedule(policy);
    absl::Status status = Error(absl::StatusCode::kInternal, reason) << "No.";
    EXPECT_TRUE(schedule.Failed(kStart, status)) << ReasonName(reason);
  }
  for (const Reason reason :
       {Reason::kUpstreamFailed, Reason::kUpstreamTimeout, Reason::kUpstreamUnreachable,
        Reason::kUpstreamMalformedResponse, Reason::kUpstreamSaturated}) {
    const PollPolicy policy;
    PollSchedule schedule(policy);
    absl::Status status = Error(absl::StatusCode::kInternal, reason) << "Not now.";
    EXPECT_FALSE(schedule.Failed(kStart, status)) << ReasonName(reason);
  }
}

}  // namespace
}  // namespace relais::watch
