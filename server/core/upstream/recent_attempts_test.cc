#include "server/core/upstream/recent_attempts.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"

namespace relais {
namespace {

const absl::Time kBegin = absl::FromUnixSeconds(1'700'000'000);

TEST(RecentAttempts, HasNothingToShowBeforeTheFirst) {
  const RecentAttempts::View view = RecentAttempts().Look();
  EXPECT_TRUE(view.attempts.empty());
  EXPECT_FALSE(view.last_time);
  EXPECT_FALSE(view.last_failure);
  EXPECT_FALSE(view.failing);
}

TEST(RecentAttempts, KeepsTheLastSixtyOldestFirst) {
  RecentAttempts recent;
  for (int i = 0; i < 100; ++i) recent.Succeeded(absl::Milliseconds(i), kBegin + absl::Seconds(i));
  const RecentAttempts::View view = recent.Look();
  ASSERT_EQ(view.attempts.size(), RecentAttempts::kKept);
  EXPECT_EQ(view.attempts.front().latency, absl::Milliseconds(40));
  EXPECT_EQ(view.attempts.back().latency, absl::Milliseconds(99));
  EXPECT_EQ(view.last_time, kBegin + absl::Seconds(99));
}

TEST(RecentAttempts, RemembersTheLastFailureWhenTheUpstreamIsWellAgain) {
  RecentAttempts recent;
  recent.Failed(absl::Seconds(5), {Reason::kUpstreamTimeout, 0, kBegin});
  EXPECT_TRUE(recent.Look().failing);
  recent.Succeeded(absl::Milliseconds(3), kBegin + absl::Seconds(9));
  const RecentAttempts::View view = recent.Look();
  EXPECT_FALSE(view.failing);
  ASSERT_TRUE(view.last_failure);
  EXPECT_EQ(view.last_failure->reason, Reason::kUpstreamTimeout);
  EXPECT_EQ(view.last_failure->time, kBegin);
  EXPECT_TRUE(view.attempts.front().failed);
  EXPECT_FALSE(view.attempts.back().failed);
}

TEST(RecentAttempts, CountsALoginThatFailedAsNoAttempt) {
  RecentAttempts recent;
  recent.Failed({Reason::kGatewayCredentialRejected, 401, kBegin});
  const RecentAttempts::View view = recent.Look();
  EXPECT_TRUE(view.attempts.empty());
  EXPECT_TRUE(view.failing);
  EXPECT_EQ(view.last_failure->http_status, 401);
}

TEST(RecentAttempts, DoesNotBlameTheUpstreamForWhatCallersAskFor) {
  EXPECT_TRUE(ConcernsUpstream(Reason::kUpstreamUnreachable));
  EXPECT_TRUE(ConcernsUpstream(Reason::kGatewayCredentialRejected));
  EXPECT_FALSE(ConcernsUpstream(Reason::kResourceNotFound));
  EXPECT_FALSE(ConcernsUpstream(Reason::kUpstreamRejectedRequest));
  EXPECT_FALSE(ConcernsUpstream(Reason::kCallerCancelled));
}

}  // namespace
}  // namespace relais
