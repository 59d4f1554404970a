// Robots and jobs, watched.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "tests/integration/robot/client.h"

namespace relais::integration {
namespace {

using sandbox::robot::RobotOperation;

using State = rb::RobotState::State;

class RobotWatching : public RobotTest {
 protected:
  static constexpr char kParent[] = "parent: 'orchestrators/sandbox/folders/36886'";

  // Reads until everything is told once.
  std::map<std::string, rb::RobotState> Snapshot(RobotsWatch& watch) {
    std::map<std::string, rb::RobotState> robots;
    rb::WatchRobotsResponse message;
    while (watch.Read(message)) {
      for (const auto& robot : message.robots()) robots[robot.name()] = robot;
      if (message.snapshot_complete()) return robots;
    }
    ADD_FAILURE() << Describe(watch.End());
    return robots;
  }
  // The next message that is no heartbeat.
  rb::WatchRobotsResponse Next(RobotsWatch& watch) {
    rb::WatchRobotsResponse message;
    while (watch.Read(message)) {
      if (message.robots_size() + message.removed_robots_size() > 0) return message;
    }
    ADD_FAILURE() << Describe(watch.End());
    return message;
  }
  void Report(std::int64_t robot, const std::function<void(sandbox::robot::RobotSession&)>& act) {
    In([&](Simulator& simulator) {
      for (auto& [id, session] : simulator.sessions) {
        if (session.robot == robot) act(session);
      }
    });
  }
  void AwaitPolls(int count) {
    const std::int64_t wanted = Asked(RobotOperation::kSessions) + count;
    Await([&] { return Asked(RobotOperation::kSessions) >= wanted; });
  }
};

TEST_F(RobotWatching, TellsAllRobotsThenWhatChanges) {
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, kParent);
  const auto robots = Snapshot(watch);
  EXPECT_EQ(robots.size(), 10U);
  EXPECT_EQ(robots.at(RobotNamed(749)).state(), rb::RobotState::STATE_AVAILABLE);
  EXPECT_EQ(robots.at(RobotNamed(772)).state(), rb::RobotState::STATE_BUSY);
  EXPECT_EQ(robots.at(RobotNamed(759)).state(), rb::RobotState::STATE_DISCONNECTED);
  EXPECT_EQ(robots.at(RobotNamed(1684)).state(), rb::RobotState::STATE_NEVER_CONNECTED);

  Report(749, [](auto& session) { session.state = "Busy"; });
  auto change = Next(watch);
  ASSERT_EQ(change.robots_size(), 1);
  EXPECT_EQ(change.robots(0).name(), RobotNamed(749));
  EXPECT_EQ(change.robots(0).state(), rb::RobotState::STATE_BUSY);

  // A robot that connects for the first time.
  In([](Simulator& simulator) {
    simulator.AddSession(1684, {.host = "Doc", .last = simulator.Now()});
  });
  change = Next(watch);
  EXPECT_EQ(change.robots(0).name(), RobotNamed(1684));
  EXPECT_EQ(change.robots(0).state(), rb::RobotState::STATE_AVAILABLE);
  // A second session of a robot.
  In([](Simulator& simulator) {
    simulator.AddSession(1684, {.host = "Other", .state = "Busy", .last = simulator.Now()});
  });
  change = Next(watch);
  EXPECT_EQ(change.robots(0).sessions_size(), 2);
  EXPECT_EQ(change.robots(0).state(), rb::RobotState::STATE_BUSY);
  // A robot that is made, and one that goes.
  In([](Simulator& simulator) {
    const std::int64_t id =
        simulator.AddRobot({{"MachineName", "Doc"}, {"Name", "New"}}, kSharedFolderId);
    simulator.AddSession(id, {.host = "Doc", .last = simulator.Now()});
  });
  EXPECT_EQ(Next(watch).robots(0).display_name(), "New");
  In([](Simulator& simulator) { simulator.RemoveRobot(902); });
  change = Next(watch);
  ASSERT_EQ(change.removed_robots_size(), 1);
  EXPECT_EQ(change.removed_robots(0), RobotNamed(902));
}

TEST_F(RobotWatching, TellsAtOnceWhatThisGatewayChanges) {
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, kParent);
  Snapshot(watch);
  Ask(&RobotStub::DeleteRobot, absl::StrCat("name: '", RobotNamed(79), "'"));  // it has no session
  EXPECT_EQ(Next(watch).removed_robots(0), RobotNamed(79));
  Ask(&RobotStub::UpdateRobot,
      absl::StrCat("robot { name: '", RobotNamed(1684),
                   "' display_name: 'Renamed' } update_mask { paths: 'display_name' }"));
  EXPECT_EQ(Next(watch).robots(0).display_name(), "Renamed");
}

// By the upstream's clock, which the test moves on: heartbeats come every 30 s.
TEST_F(RobotWatching, ShowsTheLossOfAHeartbeatBetween121And150Seconds) {
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, kParent);
  Snapshot(watch);
  Report(749, [this](auto& session) {
    session.beating = false;
    session.last = sandbox::robot::SimulatorOf(sandbox()).Now();
  });
  for (int seconds = 0; seconds < 108; seconds += 36) {
    sandbox().AdvanceClock(absl::Seconds(36));
    AwaitPolls(2);
  }
  // Nothing was told so far: this comes first.
  Report(902, [](auto& session) { session.info = "marker"; });
  EXPECT_EQ(Next(watch).robots(0).name(), RobotNamed(902));
  sandbox().AdvanceClock(absl::Seconds(15));
  const auto change = Next(watch);
  EXPECT_EQ(change.robots(0).name(), RobotNamed(749));
  EXPECT_EQ(change.robots(0).state(), rb::RobotState::STATE_UNRESPONSIVE);
  EXPECT_TRUE(change.robots(0).sessions(0).has_last_report_time());
  const absl::Duration age = In([](Simulator& simulator) {
    for (const auto& [id, session] : simulator.sessions) {
      if (session.robot == 749) return simulator.Now() - session.last;
    }
    return absl::InfiniteDuration();
  });
  EXPECT_GE(age, absl::Seconds(120));
  EXPECT_LE(age, absl::Seconds(150));
  Report(749, [](auto& session) { session.beating = true; });
  EXPECT_EQ(Next(watch).robots(0).state(), rb::RobotState::STATE_AVAILABLE);
}

TEST_F(RobotWatching, ByPathAndByIdSeeTheSame) {
  RobotsWatch by_id(gateway().robot_stub(), &RobotStub::WatchRobots, kParent);
  RobotsWatch by_path(gateway().robot_stub(), &RobotStub::WatchRobots,
                      "parent: 'orchestrators/sandbox/folders/shared'");
  const auto expected = Snapshot(by_id);
  const auto robots = Snapshot(by_path);
  ASSERT_EQ(robots.size(), expected.size());
  for (const auto& [name, robot] : expected)
    EXPECT_EQ(robots.at(name).SerializeAsString(), robot.SerializeAsString());
  RobotsWatch nowhere(gateway().robot_stub(), &RobotStub::WatchRobots,
                      "parent: 'orchestrators/sandbox/folders/Nowhere'");
  EXPECT_TRUE(Fails(nowhere.End(), grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
}

TEST_F(RobotWatching, SurvivesExpiredTokensUnseen) {
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, kParent);
  Snapshot(watch);
  sandbox().ExpireTokens();
  AwaitPolls(2);
  Report(749, [](auto& session) { session.state = "Busy"; });
  EXPECT_EQ(Next(watch).robots(0).name(), RobotNamed(749));
}

TEST_F(RobotWatching, AJobIsFollowedToItsEnd) {
  const auto started = Ask(&RobotStub::StartJobs,
                           "process: 'orchestrators/sandbox/folders/36886/processes/"
                           "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1003'");
  RobotJobWatch watch(gateway().robot_stub(), &RobotStub::WatchJob,
                      absl::StrCat("name: '", started.jobs(0).name(), "'"));
  std::vector<rb::Job::State> states;
  rb::Job last;
  rb::WatchJobResponse message;
  while (watch.Read(message)) {
    if (!message.has_job()) continue;
    last = message.job();
    if (states.empty() || states.back() != last.state()) states.push_back(last.state());
    sandbox().AdvanceClock(absl::Seconds(2));
  }
  EXPECT_TRUE(watch.End().ok());
  EXPECT_EQ(states.back(), rb::Job::STATE_FAULTED);
  EXPECT_TRUE(last.has_end_time());
  EXPECT_NE(last.info(), "");
  EXPECT_EQ(Asked(RobotOperation::kJobList), 0);  // which the upstream would count
}

// Five folders with a hundred robots each, watched by very many.
TEST_F(RobotWatching, AskOncePerIntervalAndFolderHoweverManyWatch) {
  GatewayOptions options;
  options.sandbox.Of<sandbox::robot::Options>().generated_folders = 5;
  options.sandbox.Of<sandbox::robot::Options>().generated_robots = 500;
  options.orchestrator = {"poll_interval=1s", "idle_poll_interval=1s", "robots_interval=60s"};
  Start(std::move(options));
  const auto robots = [this] {
    return Asked(RobotOperation::kSessions) + Asked(RobotOperation::kList);
  };
  std::vector<std::unique_ptr<RobotsWatch>> watches;
  for (int i = 0; i < 200; ++i) {
    watches.push_back(std::make_unique<RobotsWatch>(
        gateway().robot_stub(), &RobotStub::WatchRobots,
        absl::StrCat("parent: 'orchestrators/sandbox/folders/", 300'001 + i % 5, "'")));
  }
  for (const auto& watch : watches) EXPECT_EQ(Snapshot(*watch).size(), 100U);
  const absl::Time begun = absl::Now();
  const std::int64_t before = robots();
  const std::int64_t sessions = Asked(RobotOperation::kSessions);
  Await([&] { return Asked(RobotOperation::kSessions) >= sessions + 15; });
  const double intervals = absl::ToDoubleSeconds(absl::Now() - begun);
  EXPECT_LE(static_cast<double>(robots() - before), 5 * (intervals + 1));
}

}  // namespace
}  // namespace relais::integration
