// Every version of Orchestrator that the sandbox can be, as strict as it can be, and each way of
// logging in.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/options.h"
#include "tests/integration/robot/client.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::robot::RobotOperation;

struct Profile {
  int version;
  std::vector<std::string> login;  // settings of the connection; none: client credentials
};

class RobotVersions : public RobotTest, public testing::WithParamInterface<Profile> {
 protected:
  void SetUp() override {
    GatewayOptions options;
    options.sandbox.Of<sandbox::robot::Options>().version = GetParam().version;
    options.sandbox.Of<sandbox::robot::Options>().strict = true;
    options.orchestrator = GetParam().login;
    options.environment = {{"PASSWORD", "admin-password"}, {"TOKEN", "rt_demo-token"}};
    Start(std::move(options));
  }
};

const std::vector<std::string> kLoginByPassword = {
    "authentication.scheme=password", "authentication.tenancy_name=default",
    "authentication.user=admin", "authentication.password.env=PASSWORD"};
const std::vector<std::string> kToken = {"authentication.scheme=personal_access_token",
                                         "authentication.token.env=TOKEN"};

INSTANTIATE_TEST_SUITE_P(Profiles, RobotVersions,
                         testing::Values(Profile{9, kLoginByPassword},
                                         Profile{11, kLoginByPassword},
                                         Profile{16, kLoginByPassword}, Profile{16, {}},
                                         Profile{18, {}}, Profile{20, {}}, Profile{20, kToken}),
                         [](const auto& info) {
                           return absl::StrCat("Version", info.param.version, "Login", info.index);
                         });

TEST_P(RobotVersions, DoWhatTheirCallersAskFor) {
  const auto orchestrator =
      Ask(&RobotStub::GetOrchestrator, absl::StrCat("name: '", kOrchestratorName, "'"));
  EXPECT_EQ(orchestrator.readiness(), rb::Orchestrator::READINESS_READY);
  EXPECT_EQ(orchestrator.api_version(), absl::StrCat(GetParam().version, ".0"));
  const std::string parent = absl::StrCat("parent: '", kSharedFolder, "'");
  EXPECT_EQ(Ask(&RobotStub::ListRobots, parent).robots_size(), 10);
  EXPECT_EQ(Ask(&RobotStub::ListSessions, parent).sessions_size(), 5);
  EXPECT_EQ(Ask(&RobotStub::ListProcesses, parent).processes_size(), 4);
  const auto robot =
      Ask(&RobotStub::UpdateRobot,
          absl::StrCat("robot { name: '", RobotNamed(749),
                       "' description: 'new' } update_mask { paths: 'description' }"));
  EXPECT_EQ(robot.description(), "new");
  EXPECT_EQ(robot.license_key().empty(), false);
  const auto started =
      Ask(&RobotStub::StartJobs, absl::StrCat("process: '", kSharedFolder,
                                              "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002'"));
  ASSERT_EQ(started.jobs_size(), 1);
  EXPECT_EQ(Ask(&RobotStub::ListJobs, parent).jobs_size(), 1);
  RobotsWatch watch(gateway().robot_stub(), &RobotStub::WatchRobots, parent);
  rb::WatchRobotsResponse message;
  ASSERT_TRUE(watch.Read(message));
  EXPECT_TRUE(message.snapshot_complete());
  LogStream logs(
      gateway().robot_stub(), &RobotStub::TailRobotLogs,
      absl::StrCat(parent, " history_only: true filter { robot_display_name: 'DocBot' }"));
  rb::TailRobotLogsResponse batch;
  ASSERT_TRUE(logs.Read(batch)) << Describe(logs.End());
}

class RobotOf2019 : public RobotTest {
 protected:
  void SetUp() override { Begin(":memory:"); }
  void Begin(const std::string& state_file) {
    GatewayOptions options;
    options.sandbox.Of<sandbox::robot::Options>().version = 9;
    options.orchestrator = kLoginByPassword;
    options.environment = {{"PASSWORD", "admin-password"}};
    options.settings = {"state.settle_time=0.3s", "state.file=" + state_file};
    Start(std::move(options));
  }
  std::string Process() {
    return absl::StrCat("process: '", kSharedFolder,
                        "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002' ");
  }
};

// Its StartJobs refuses members that it does not know, so that jobs bear no mark.
TEST_F(RobotOf2019, StartsJobsWithoutAMarkAndSaysWhatItCannotDo) {
  // The first reply of an Orchestrator tells its version.
  Ask(&RobotStub::ListProcesses, absl::StrCat("parent: '", kSharedFolder, "'"));
  EXPECT_EQ(Ask(&RobotStub::StartJobs, Process() + "jobs_count: 2").jobs_size(), 2);
  for (const char* more :
       {"reference: 'mine'", "priority: PRIORITY_HIGH", "strategy: STRATEGY_MODERN_JOBS_COUNT"}) {
    EXPECT_TRUE(Fails(Call(&RobotStub::StartJobs, Process() + more).status, grpc::UNIMPLEMENTED,
                      "UPSTREAM_UNSUPPORTED"))
        << more;
  }
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 1);
  // What cannot be found again is not sent again.
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  const std::string again = Process() + "request_id: '7f0d4a55-51c0-4f9e-8a55-0d6f8b1c2a31'";
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(Fails(Call(&RobotStub::StartJobs, again).status, grpc::UNKNOWN,
                      "SUBMISSION_OUTCOME_UNKNOWN"));
  }
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 2);
}

TEST_F(RobotOf2019, StartsJobsAlsoWhenNothingIsKnownOfItYet) {
  EXPECT_EQ(Ask(&RobotStub::StartJobs, Process() + "jobs_count: 2").jobs_size(), 2);
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 2) << "it refuses what it does not know, once";
  EXPECT_EQ(Ask(&RobotStub::StartJobs, Process() + "jobs_count: 2").jobs_size(), 2);
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 3);
}

// The mark is what it refuses, and with it the start.
TEST_F(RobotOf2019, HasStartedNothingWhenTheAnswerToTheFirstCallEverIsLost) {
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  const std::string start = Process() + "request_id: '7f0d4a55-51c0-4f9e-8a55-0d6f8b1c2a31'";
  const grpc::Status lost = Call(&RobotStub::StartJobs, start).status;
  EXPECT_TRUE(Fails(lost, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE")) << Describe(lost);
  EXPECT_EQ(FailureOf(lost).metadata["outcome"], "none");
  EXPECT_TRUE(FailureOf(lost).retry_after.has_value());
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 1);
  EXPECT_EQ(Ask(&RobotStub::StartJobs, start).jobs_size(), 1);
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 2);
}

// The first call looks for its folder and so learns the version; the start then bears no mark.
TEST_F(RobotOf2019, CannotBeAskedForAStartWithoutAMark) {
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  const std::string start =
      "process: "
      "'orchestrators/sandbox/folders/Shared/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002' "
      "request_id: '7f0d4a55-51c0-4f9e-8a55-0d6f8b1c2a31'";
  for (int i = 0; i < 2; ++i) {
    const grpc::Status unknown = Call(&RobotStub::StartJobs, start).status;
    EXPECT_TRUE(Fails(unknown, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN")) << Describe(unknown);
    EXPECT_EQ(FailureOf(unknown).metadata["outcome"], "unknown");
    EXPECT_FALSE(FailureOf(unknown).retry_after.has_value()) << "repeating it would not help";
  }
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 1);
}

TEST_F(RobotOf2019, StartsJobsAlsoWhenItsStateMayBeOlderThanTheJobs) {
  const TemporaryFolder folder;
  Begin(absl::StrCat(folder.path(), "/state.db"));
  const std::string start = Process() + "request_id: '7f0d4a55-51c0-4f9e-8a55-0d6f8b1c2a31'";
  EXPECT_EQ(Ask(&RobotStub::StartJobs, start).jobs_size(), 1);
}

TEST_F(RobotOf2019, SaysAtOnceWhatItCannotDoAlsoWhenNothingIsKnownOfItYet) {
  EXPECT_TRUE(Fails(Call(&RobotStub::StartJobs, Process() + "reference: 'mine'").status,
                    grpc::UNIMPLEMENTED, "UPSTREAM_UNSUPPORTED"));
}

class RobotAccess : public RobotTest {};

TEST_F(RobotAccess, ARefusedLoginIsReportedAndNotRepeatedForEveryCall) {
  GatewayOptions options;
  options.environment = {{"RELAIS_SANDBOX_ROBOT_SECRET", "wrong"}};
  Start(std::move(options));
  const auto orchestrator =
      Ask(&RobotStub::GetOrchestrator, absl::StrCat("name: '", kOrchestratorName, "'"));
  EXPECT_EQ(orchestrator.readiness(), rb::Orchestrator::READINESS_LOGIN_REFUSED);
  for (int i = 0; i < 5; ++i) {
    const grpc::Status status =
        Call(&RobotStub::ListRobots, absl::StrCat("parent: '", kSharedFolder, "'")).status;
    EXPECT_TRUE(Fails(status, grpc::INTERNAL, "GATEWAY_CREDENTIAL_REJECTED"));
  }
  EXPECT_EQ(Asked(RobotOperation::kToken), 1);
}

TEST_F(RobotAccess, AMissingScopeIsDenied) {
  GatewayOptions options;
  options.orchestrator = {"authentication.scope=OR.Robots.Read OR.Folders"};
  Start(std::move(options));
  const std::string parent = absl::StrCat("parent: '", kSharedFolder, "'");
  EXPECT_GT(Ask(&RobotStub::ListRobots, parent).robots_size(), 0);
  EXPECT_TRUE(
      Fails(Call(&RobotStub::ListJobs, parent).status, grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
  EXPECT_TRUE(
      Fails(Call(&RobotStub::DeleteRobot, absl::StrCat("name: '", RobotNamed(79), "'")).status,
            grpc::PERMISSION_DENIED, "ACCESS_DENIED"));
}

TEST_F(RobotAccess, ABaseUrlThatIsAPortalIsToldApart) {
  GatewayOptions options;
  options.orchestrator = {"limits.max_attempts=1"};
  Start(std::move(options));
  DisturbRobot(
      RobotOperation::kFolders,
      {.status = 200, .body = "<!doctype html><title>Portal</title>", .content_type = "text/html"});
  const auto orchestrator =
      Ask(&RobotStub::GetOrchestrator, absl::StrCat("name: '", kOrchestratorName, "'"));
  EXPECT_EQ(orchestrator.readiness(), rb::Orchestrator::READINESS_FAILING);
  EXPECT_NE(orchestrator.problem().find("base URL"), std::string::npos);
}

TEST_F(RobotAccess, TheUpstreamsOwnLimitOfListsIsPassedOn) {
  GatewayOptions options;
  options.sandbox.Of<sandbox::robot::Options>().job_lists_per_minute = 1;
  options.orchestrator = {"limits.max_attempts=1"};
  Start(std::move(options));
  const std::string parent = absl::StrCat("parent: '", kSharedFolder, "'");
  Ask(&RobotStub::ListJobs, parent);
  for (int i = 0; i < 10; ++i) {
    const grpc::Status status = Call(&RobotStub::ListJobs, parent).status;
    EXPECT_TRUE(Fails(status, grpc::RESOURCE_EXHAUSTED, "UPSTREAM_RATE_LIMITED"));
    EXPECT_GT(FailureOf(status).retry_after.value_or(absl::ZeroDuration()), absl::Seconds(50));
  }
  EXPECT_EQ(Asked(RobotOperation::kJobList), 2);  // the first refusal closes the gate
}

}  // namespace
}  // namespace relais::integration
