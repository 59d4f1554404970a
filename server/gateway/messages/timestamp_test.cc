#include "server/gateway/messages/timestamp.h"

#include <gtest/gtest.h>

namespace relais::gateway {
namespace {

TEST(Timestamp, IsTheSameTimeBothWays) {
  for (const absl::Time time :
       {absl::UnixEpoch(), absl::FromUnixNanos(1700000000123456789), absl::FromUnixNanos(-1),
        absl::UnixEpoch() - absl::Hours(24) * 719162}) {
    const google::protobuf::Timestamp timestamp = ToTimestamp(time);
    EXPECT_GE(timestamp.nanos(), 0) << time;
    EXPECT_LT(timestamp.nanos(), 1000000000) << time;
    EXPECT_EQ(ToTime(timestamp), time);
  }
}

}  // namespace
}  // namespace relais::gateway
