// Streams that have nothing to tell: when they say so, and when they end.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/integration/robot/client.h"

namespace relais::integration {
namespace {

constexpr char kRobotsOf[] = "parent: 'orchestrators/sandbox/folders/36886' ";

class WatchTimes : public RobotTest {
 protected:
  void StartWith(std::vector<std::string> settings) {
    GatewayOptions options;
    options.settings = std::move(settings);
    Start(std::move(options));
  }
};

TEST_F(WatchTimes, AWatchSaysThatItLivesAsOftenAsItIsToldTo) {
  StartWith({"server.watches.heartbeat=100ms"});
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, kRobotsOf);
  rb::WatchRobotsResponse message;
  do {
    ASSERT_TRUE(watch.Read(message)) << Describe(watch.End());
  } while (!message.snapshot_complete());
  const absl::Time begin = absl::Now();
  for (int beat = 0; beat < 5; ++beat) {
    ASSERT_TRUE(watch.Read(message)) << Describe(watch.End());
    EXPECT_EQ(message.robots_size() + message.removed_robots_size(), 0);
    EXPECT_NE(message.resume_token(), "");
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10))
      << "five of those that come every 12 s are a minute";
}

TEST_F(WatchTimes, ATailSaysThatItLivesAsOftenAsItIsToldTo) {
  StartWith({"server.watches.heartbeat=100ms"});
  LogStream tail(gateway().robot_stub(), &RobotStub::TailRobotLogs,
                 absl::StrCat(kRobotsOf, "filter { robot_display_name: 'Nobody' }"));
  rb::TailRobotLogsResponse message;
  const absl::Time begin = absl::Now();
  for (int beat = 0; beat < 5; ++beat) {
    ASSERT_TRUE(tail.Read(message)) << Describe(tail.End());
    EXPECT_EQ(message.logs_size(), 0);
    EXPECT_NE(message.resume_token(), "");
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
}

TEST_F(WatchTimes, AWatchEndsWellAtItsAgeAndGoesOnWithItsToken) {
  StartWith({"server.watches.heartbeat=100ms", "server.watches.max_age=1s"});
  std::string token;
  for (int round = 0; round < 2; ++round) {
    RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots,
                      absl::StrCat(kRobotsOf, "resume_token: '", token, "'"));
    const absl::Time begin = absl::Now();
    for (rb::WatchRobotsResponse message; watch.Read(message);) {
      EXPECT_EQ(message.robots_size() > 0, token.empty()) << "round " << round;
      if (message.snapshot_complete()) token = message.resume_token();
    }
    EXPECT_TRUE(watch.End().ok()) << Describe(watch.End());
    EXPECT_GE(absl::Now() - begin, absl::Seconds(0.9));
    EXPECT_NE(token, "");
  }
}

}  // namespace
}  // namespace relais::integration
