#include "server/services/robot/backend/robot_state.h"

#include <gtest/gtest.h>

#include <string>

#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using v1::RobotState;

const absl::Time kNow = absl::FromUnixSeconds(1'600'000'000);
const Heartbeat kHeartbeat = {.now = kNow, .unresponsive_after = absl::Seconds(120)};

v1::Session Session(const std::string& state, absl::Duration age, int id = 1) {
  v1::Session session;
  session.set_name("s/" + std::to_string(id));
  session.set_raw_state(state);
  session.set_reported_state(ReportedStateOf(state));
  session.mutable_report_time()->set_seconds(absl::ToUnixSeconds(kNow - age));
  return session;
}

RobotState::State StateAt(const std::string& state, absl::Duration age) {
  return StateOf(Session(state, age), kHeartbeat);
}

TEST(RobotState, IsWhatWasReportedWhileTheHeartbeatIsYoung) {
  EXPECT_EQ(StateAt("Available", absl::Seconds(119)), RobotState::STATE_AVAILABLE);
  EXPECT_EQ(StateAt("busy", absl::Seconds(120)), RobotState::STATE_BUSY);
  EXPECT_EQ(StateAt("Unknown", absl::ZeroDuration()), RobotState::STATE_UNKNOWN);
  EXPECT_EQ(StateAt("Dreaming", absl::ZeroDuration()), RobotState::STATE_UNKNOWN);
}

TEST(RobotState, IsUnresponsiveWhenTheHeartbeatIsOverdue) {
  EXPECT_EQ(StateAt("Available", absl::Seconds(121)), RobotState::STATE_UNRESPONSIVE);
  EXPECT_EQ(StateAt("Busy", absl::Hours(9)), RobotState::STATE_UNRESPONSIVE);
  v1::Session told = Session("Available", absl::ZeroDuration());
  told.set_unresponsive(true);  // the upstream's own threshold may be shorter
  EXPECT_EQ(StateOf(told, kHeartbeat), RobotState::STATE_UNRESPONSIVE);
}

TEST(RobotState, OfARobotThatHasGoneIsDisconnectedForEver) {
  EXPECT_EQ(StateAt("Disconnected", absl::Hours(24 * 365)), RobotState::STATE_DISCONNECTED);
}

TEST(RobotState, OfSeveralSessionsTheBestCounts) {
  const v1::Session gone = Session("Disconnected", absl::Hours(1), 10);
  const v1::Session silent = Session("Busy", absl::Hours(1), 9);
  const v1::Session here = Session("Available", absl::Seconds(1), 2);
  EXPECT_EQ(RobotStateOf("r", "R", {}, kHeartbeat).state(), RobotState::STATE_NEVER_CONNECTED);
  EXPECT_EQ(RobotStateOf("r", "R", {&gone}, kHeartbeat).state(), RobotState::STATE_DISCONNECTED);
  EXPECT_EQ(RobotStateOf("r", "R", {&gone, &silent}, kHeartbeat).state(),
            RobotState::STATE_UNRESPONSIVE);
  const RobotState all = RobotStateOf("r", "R", {&gone, &silent, &here}, kHeartbeat);
  EXPECT_EQ(all.state(), RobotState::STATE_AVAILABLE);
  ASSERT_EQ(all.sessions_size(), 3);
  EXPECT_EQ(all.sessions(0).name(), "s/2");
  EXPECT_EQ(all.sessions(2).name(), "s/10");
}

TEST(RobotState, DoesNotChangeWithEveryHeartbeat) {
  const v1::Session before = Session("Available", absl::Seconds(31));
  const v1::Session after = Session("Available", absl::Seconds(1));
  EXPECT_EQ(RobotStateOf("r", "R", {&before}, kHeartbeat).SerializeAsString(),
            RobotStateOf("r", "R", {&after}, kHeartbeat).SerializeAsString());
  const v1::Session silent = Session("Available", absl::Seconds(130));
  EXPECT_TRUE(RobotStateOf("r", "R", {&silent}, kHeartbeat).sessions(0).has_last_report_time());
}

}  // namespace
}  // namespace relais::robot
