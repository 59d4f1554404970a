// What changes robots and jobs, and what cannot be changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/robot/operations.h"
#include "tests/integration/robot/client.h"

namespace relais::integration {
namespace {

using sandbox::robot::RobotOperation;

constexpr char kProcess[] =
    "orchestrators/sandbox/folders/36886/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002";

class RobotChanges : public RobotTest {
 protected:
  Reply<rb::Robot> Update(const std::string& fields, const std::string& rest) {
    return Call(&RobotStub::UpdateRobot, absl::StrCat("robot { name: '", RobotNamed(749), "' ",
                                                      fields, " } update_mask { ", rest));
  }
  Json Password() {
    return In([](Simulator& simulator) { return simulator.robots.at(749).entity["Password"]; });
  }
};

TEST_F(RobotChanges, PasswordsFollowTheUpstreamsRule) {
  ASSERT_TRUE(Update("password: 'one'", "paths: 'password' }").status.ok());
  EXPECT_EQ(Password(), "one");
  // Another field alone leaves the credentials as they are.
  ASSERT_TRUE(Update("description: 'x'", "paths: 'description' }").status.ok());
  EXPECT_EQ(Password(), "one");
  // A new user name without a password drops the old one.
  ASSERT_TRUE(Update("user_name: 'uipath\\\\other'", "paths: 'user_name' }").status.ok());
  EXPECT_TRUE(Password().is_null());
  ASSERT_TRUE(Update("user_name: 'uipath\\\\third' password: 'two'",
                     "paths: 'user_name' paths: 'password' }")
                  .status.ok());
  EXPECT_EQ(Password(), "two");
}

TEST_F(RobotChanges, AnEtagTellsOfChangesInBetween) {
  const auto robot = Ask(&RobotStub::GetRobot, absl::StrCat("name: '", RobotNamed(749), "'"));
  const std::string rest = absl::StrCat("paths: 'description' } etag: '", robot.etag(), "'");
  ASSERT_TRUE(Update("description: 'first'", rest).status.ok());
  EXPECT_TRUE(
      Fails(Update("description: 'second'", rest).status, grpc::ABORTED, "RESOURCE_CONFLICT"));
  EXPECT_EQ(In([](Simulator& simulator) { return simulator.robots.at(749).entity["Description"]; }),
            "first");
}

TEST_F(RobotChanges, EveryBadFieldIsToldAtOnce) {
  const grpc::Status status =
      Update("display_name: 'much too long for a robot' type: TYPE_OTHER",
             "paths: 'display_name' paths: 'type' paths: 'license_key' paths: 'hosting_type' }")
          .status;
  EXPECT_TRUE(Violates(status, "robot.display_name"));
  EXPECT_TRUE(Violates(status, "robot.type"));
  EXPECT_TRUE(Violates(status, "update_mask"));
  EXPECT_TRUE(Violates(status, "robot.hosting_type"));
  EXPECT_EQ(Asked(RobotOperation::kGet), 0);
  EXPECT_TRUE(Violates(Update("", "}").status, "update_mask"));
}

TEST_F(RobotChanges, OfARobotThatMayNotBeChangedAreExplained) {
  DisturbRobot(RobotOperation::kChange,
               {.count = 1, .status = 400, .body = R"({"message":"Invalid.","errorCode":1000})"});
  const grpc::Status modern = Update("description: 'x'", "paths: 'description' }").status;
  EXPECT_TRUE(Fails(modern, grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"));
  EXPECT_THAT(modern.error_message(), ::testing::HasSubstr("modern folders"));
  In([](Simulator& simulator) {
    auto& job = simulator.CreateJob(502, 749, Json::object());
    job.driven = true;
    job.entity["State"] = "Running";
  });
  EXPECT_TRUE(Fails(Update("machine_name: 'Elsewhere'", "paths: 'machine_name' }").status,
                    grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"));
  EXPECT_TRUE(
      Fails(Call(&RobotStub::DeleteRobot, absl::StrCat("name: '", RobotNamed(749), "'")).status,
            grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"));
}

TEST_F(RobotChanges, OfABatchGoFolderByFolder) {
  const std::string finance = "orchestrators/sandbox/folders/67543/robots/";
  const auto response =
      Ask(&RobotStub::BatchSetRobotsEnabled,
          absl::StrCat("parent: '", kOrchestratorName, "' names: '", RobotNamed(749), "' names: '",
                       finance, "4711' names: '", RobotNamed(902), "' names: '", finance, "1001'"));
  EXPECT_EQ(Asked(RobotOperation::kChange), 2);
  ASSERT_EQ(response.results_size(), 4);
  EXPECT_TRUE(response.results(0).done());
  EXPECT_FALSE(response.results(1).done());
  EXPECT_EQ(response.results(1).reason(), "RESOURCE_NOT_FOUND");
  EXPECT_TRUE(response.results(2).done());
  EXPECT_FALSE(response.results(3).done());  // all or none within a folder
  EXPECT_NE(response.results(3).problem().find("Nothing was done to any robot of this folder"),
            std::string::npos);
  EXPECT_EQ(In([](Simulator& simulator) { return simulator.robots.at(902).entity["Enabled"]; }),
            false);
}

TEST_F(RobotChanges, JobsAreStartedStoppedAndStartedAnew) {
  const auto started =
      Ask(&RobotStub::StartJobs,
          absl::StrCat("process: '", kProcess,
                       "' jobs_count: 2 input_arguments: '{\"in\":1}' reference: 'invoice 7'"));
  ASSERT_EQ(started.jobs_size(), 2);
  EXPECT_EQ(started.jobs(0).state(), rb::Job::STATE_PENDING);
  EXPECT_EQ(started.jobs(0).reference(), "invoice 7");
  EXPECT_EQ(started.jobs(0).input_arguments(), R"({"in":1})");
  const std::string& name = started.jobs(0).name();
  const auto stopped =
      Ask(&RobotStub::StopJob, absl::StrCat("name: '", name, "' strategy: STRATEGY_KILL"));
  EXPECT_EQ(stopped.name(), name);
  sandbox().AdvanceClock(absl::Seconds(5));
  const auto by_key = Ask(&RobotStub::GetJob, absl::StrCat("name: '", kSharedFolder, "/jobs/",
                                                           started.jobs(0).key(), "'"));
  EXPECT_EQ(by_key.name(), name);
  EXPECT_EQ(by_key.state(), rb::Job::STATE_STOPPED);
  const auto again = Ask(&RobotStub::RestartJob, absl::StrCat("name: '", name, "'"));
  EXPECT_NE(again.name(), name);
  EXPECT_EQ(again.state(), rb::Job::STATE_PENDING);
  EXPECT_TRUE(Fails(Call(&RobotStub::RestartJob, absl::StrCat("name: '", again.name(), "'")).status,
                    grpc::FAILED_PRECONDITION, "PRECONDITION_FAILED"));
}

TEST_F(RobotChanges, AStartIsCheckedBeforeItIsSent) {
  const grpc::Status status =
      Call(&RobotStub::StartJobs,
           absl::StrCat("process: '", kSharedFolder,
                        "/processes/package' strategy: STRATEGY_ALL jobs_count: 3 robots: '",
                        RobotNamed(749), "' robots: 'x' input_arguments: '[1]' reference: '",
                        std::string(81, 'x'), "'"))
          .status;
  for (const char* field :
       {"process", "robots", "robots[1]", "jobs_count", "input_arguments", "reference"})
    EXPECT_TRUE(Violates(status, field)) << field;
  EXPECT_EQ(Asked(RobotOperation::kJobStart), 0);
}

// A wrong name hides nothing of what else is wrong.
TEST_F(RobotChanges, AStartOfNothingIsCheckedWhole) {
  const grpc::Status status = Call(&RobotStub::StartJobs,
                                   "process: 'orchestrators/sandbox/processes/x' jobs_count: -1 "
                                   "input_arguments: '{\"in\":'")
                                  .status;
  for (const char* field : {"process", "jobs_count", "input_arguments"})
    EXPECT_TRUE(Violates(status, field)) << field;
}

class RobotStarts : public RobotChanges {
 protected:
  void Begin(std::vector<std::string> settings = {}) {
    GatewayOptions options;
    options.settings = {"state.settle_time=0.3s"};
    options.orchestrator = std::move(settings);
    Start(std::move(options));
    request_ = absl::StrCat("process: '", kProcess, "' reference: 'mine' request_id: 'once'");
  }
  std::size_t Jobs() {
    return In([](Simulator& simulator) { return simulator.jobs.size(); });
  }

  std::string request_;
};

// The answer is lost after the jobs were made: they are found by their mark.
TEST_F(RobotStarts, AreFoundAgainWhenTheirAnswerIsLost) {
  Begin();
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  const auto first = Ask(&RobotStub::StartJobs, request_);
  ASSERT_EQ(first.jobs_size(), 1);
  EXPECT_EQ(first.jobs(0).reference(), "mine");
  EXPECT_EQ(Jobs(), 1U);
  EXPECT_EQ(Ask(&RobotStub::StartJobs, request_).jobs(0).name(), first.jobs(0).name());
  EXPECT_EQ(Jobs(), 1U);
}

TEST_F(RobotStarts, AreFoundByTheirRequestId) {
  Begin();
  const auto started = Ask(&RobotStub::StartJobs, request_);
  ASSERT_EQ(started.jobs_size(), 1);
  EXPECT_EQ(started.jobs(0).request_id(), "once");
  const auto with = [this](const std::string& filter) {
    return Ask(&RobotStub::ListJobs, absl::StrCat("parent: '", kSharedFolder, "' filter: '",
                                                  absl::StrReplaceAll(filter, {{"`", "\""}}), "'"));
  };
  const auto found = with("request_id = `once`");
  ASSERT_EQ(found.jobs_size(), 1);
  EXPECT_EQ(found.jobs(0).name(), started.jobs(0).name());
  EXPECT_EQ(found.jobs(0).reference(), "mine");
  EXPECT_EQ(with("request_id = `onc`").jobs_size(), 0);
  EXPECT_EQ(with("request_id = `nce`").jobs_size(), 0);
  EXPECT_TRUE(Violates(Call(&RobotStub::ListJobs, absl::StrCat("parent: '", kSharedFolder,
                                                               "' filter: 'request_id < \"a\"'"))
                           .status,
                       "filter"));
}

// More of them than a page of the upstream.
TEST_F(RobotStarts, AreAllFoundAgainHoweverMany) {
  Begin();
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  EXPECT_EQ(Ask(&RobotStub::StartJobs, request_ + " jobs_count: 1500").jobs_size(), 1500);
  EXPECT_EQ(Jobs(), 1500U);
}

// Nobody can be asked while the call lasts; the gateway goes on asking when its caller has gone.
TEST_F(RobotStarts, AreLookedForWhenTheirCallIsOver) {
  Begin({"limits.max_attempts=1"});
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  DisturbRobot(RobotOperation::kJobList, {.status = 503});
  EXPECT_TRUE(Fails(Call(&RobotStub::StartJobs, request_).status, grpc::UNKNOWN,
                    "SUBMISSION_OUTCOME_UNKNOWN"));
  const std::int64_t asked = Asked(RobotOperation::kJobList);
  sandbox().faults().Clear();
  Await([&] { return Asked(RobotOperation::kJobList) > asked; });
  const auto found = Ask(&RobotStub::StartJobs, request_);
  ASSERT_EQ(found.jobs_size(), 1);
  EXPECT_EQ(found.jobs(0).reference(), "mine");
  EXPECT_EQ(Jobs(), 1U);
}

// The request never arrives: the upstream says that it has nothing, and the call fails.
TEST_F(RobotStarts, ThatNeverArrivedMayBeTriedAgain) {
  Begin();
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .cut = sandbox::Cut::kBeforeReply});
  const grpc::Status lost = Call(&RobotStub::StartJobs, request_).status;
  EXPECT_FALSE(lost.ok());
  EXPECT_EQ(Jobs(), 0U);
  EXPECT_EQ(Ask(&RobotStub::StartJobs, request_).jobs_size(), 1);
  EXPECT_EQ(Jobs(), 1U);
}

TEST_F(RobotStarts, WithoutAMarkAreReportedAsUnknown) {
  Begin({"mark_jobs=false"});
  DisturbRobot(RobotOperation::kJobStart, {.count = 1, .lose_answer = true});
  const grpc::Status lost = Call(&RobotStub::StartJobs, request_).status;
  EXPECT_TRUE(Fails(lost, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  EXPECT_TRUE(Fails(Call(&RobotStub::StartJobs, request_).status, grpc::UNKNOWN,
                    "SUBMISSION_OUTCOME_UNKNOWN"));
  EXPECT_EQ(Jobs(), 1U);
}

}  // namespace
}  // namespace relais::integration
