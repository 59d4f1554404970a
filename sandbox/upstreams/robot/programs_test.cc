// Robot programs: what two public ones send, header by header, and what becomes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/orchestrator_client.h"

namespace relais::sandbox::robot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Strings = std::vector<std::string>;

constexpr char kRoot[] = "/org/tenant";
constexpr char kSide[] = "/org/tenant/orchestrator_/api/robotsservice/";
constexpr char kCapetrina[] = "fc157179-3724-4bb0-acd2-8261bef82d01";

class Programs : public testing::Test {
 protected:
  Programs() : sandbox_(Sandbox::Start({}).value()), program_(*sandbox_), office_(*sandbox_) {
    program_.folder.clear();
  }

  Answer Call(const char* verb, const Json& body) {
    return program_.Post(absl::StrCat(kSide, verb), body);
  }
  // On a robot, or on whichever is free.
  Json Start(std::int64_t robot = 0, const char* release = "1002") {
    Json info = {{"ReleaseKey", absl::StrCat("c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d", release)}};
    if (robot != 0) info["RobotIds"] = {robot};
    return office_
        .Post(absl::StrCat("/odata/Jobs/", kNamespace, "StartJobs"), {{"startInfo", info}})
        .body["value"]
        .at(0);
  }
  Json Look(const Json& job) {
    return office_.Get(absl::StrCat("/odata/Jobs(", job["Id"].dump(), ")")).body;
  }
  Json Session(std::int64_t robot) {
    return office_.Filter("Sessions", absl::StrCat("Robot/Id eq ", robot)).body["value"].at(0);
  }
  Strings Lines(const Json& job) {
    return OrchestratorClient::Column(
        office_.Filter("RobotLogs", absl::StrCat("JobKey eq ", job["Key"].get<std::string>())),
        "Message");
  }

  std::unique_ptr<Sandbox> sandbox_;
  OrchestratorClient program_;
  OrchestratorClient office_;  // of whoever starts jobs and reads what they left
};

// As the simulator does that knows no more than its user's token.
TEST_F(Programs, ConnectBeatTakeAJobAndSendLogsForAUser) {
  program_.more = {{"X-ROBOT-MACHINE-ENCODED", "SE9TVC1weQ=="}, {"X-ROBOT-VERSION", "26.0"}};
  const Answer shared = program_.Get(absl::StrCat(kSide, "getsharedconnectiondata"));
  ASSERT_EQ(shared.status, 200);
  const std::string license = shared.text("licenseKey");
  EXPECT_THAT(shared.text("orchestratorUrl"), testing::EndsWith("/org/tenant/orchestrator_"));

  program_.token.clear();
  EXPECT_EQ(Call("startservice", Json::object()).status, 401);
  program_.more.emplace("X-ROBOT-LICENSE", license);
  ASSERT_EQ(Call("startservice", Json::object()).status, 200);
  EXPECT_EQ(Session(749)["HostMachineName"], "HOST-py");
  EXPECT_EQ(Session(749)["Version"], "26.0");

  const Json job = Start();
  sandbox_->AdvanceClock(absl::Seconds(60));  // until it beats, nobody else takes it
  const Json beat = {{"CommandState", "All"}, {"Heartbeats", Json::array()}};
  const Answer beaten = Call("heartbeatv2", beat);
  ASSERT_EQ(beaten.body["commands"].size(), 1U) << beaten.body.dump();
  EXPECT_TRUE(beaten.body["serviceSettingsStamp"].is_string());
  EXPECT_EQ(beaten.body["isUnattended"], true);
  const Json command = beaten.body["commands"][0];
  for (const char* text : {"robotKey", "robotName", "username"}) {
    EXPECT_TRUE(command[text].is_string()) << text;
  }
  EXPECT_EQ(command["robotType"], 0);
  EXPECT_EQ(command["machineId"], 131);
  EXPECT_EQ(command["hasLicense"], true);
  EXPECT_EQ(command["executionSettings"]["TracingLevel"], "Information");
  EXPECT_EQ(command["userDetails"]["email"], "admin@example.test");
  const Json& data = command["data"];
  for (const char* text : {"id", "packageId", "packageVersion", "targetFramework", "entryPointPath",
                           "inputArguments", "internalArguments", "feedId", "feedUrl", "source",
                           "jobSource", "processName", "processKey", "folderKey"}) {
    EXPECT_TRUE(data[text].is_string()) << text;
  }
  EXPECT_EQ(data["type"], "StartProcess");
  EXPECT_EQ(data["jobKey"], job["Key"]);
  EXPECT_EQ(data["folderId"], 36886);
  EXPECT_EQ(data["folderPath"], "Shared");
  EXPECT_EQ(data["credentialType"], 0);
  // The same command until the job runs: an answer may have been lost.
  EXPECT_EQ(Call("heartbeatv2", beat).body["commands"][0]["data"]["id"], data["id"]);

  const std::string package = absl::StrCat(
      kRoot, "/orchestrator_/odata/Processes/", kNamespace, "DownloadPackage(key='",
      data["packageId"].get<std::string>(), ":", data["packageVersion"].get<std::string>(), "')");
  const auto bytes =
      program_.http().Get(absl::StrCat(package, "?feedId=", data["feedId"].get<std::string>()),
                          {{"Authorization", "Bearer rt_demo-token"}});
  ASSERT_EQ(bytes->status, 200);
  EXPECT_THAT(bytes->body, AllOf(StartsWith("PK"), HasSubstr("content/project.json")));
  EXPECT_EQ(program_.Get(absl::StrReplaceAll(package, {{":1.0.0", ":9.9.9"}})).code(), 1002);

  Json report = {{"robotKey", command["robotKey"]},
                 {"jobState", "Running"},
                 {"jobKey", data["jobKey"]},
                 {"info", nullptr},
                 {"processKey", data["processKey"]},
                 {"outputArguments", nullptr},
                 {"robotState", "Busy"},
                 {"error", nullptr}};
  EXPECT_EQ(Call("SubmitJobState", Json::array({report})).status, 200);
  EXPECT_EQ(Look(job)["State"], "Running");
  EXPECT_EQ(Look(job)["HostMachineName"], "HOST-py");
  EXPECT_EQ(Session(749)["State"], "Busy");
  EXPECT_EQ(Call("heartbeatv2", beat).body["commands"].size(), 0U);

  Json line = {{"message", "working"},
               {"level", "Warn"},
               {"timeStamp", "2026-01-14T18:41:49.207+01:00"},
               {"organizationUnitId", data["folderId"]},
               {"processName", data["processName"]},
               {"fileName", "Main"},
               {"jobId", data["jobKey"]},
               {"robotName", command["robotName"]},
               {"machineId", command["machineId"]},
               {"machineName", "HOST"},
               {"fingerprint", "not-a-guid/1"}};
  const std::string submit = absl::StrCat(kRoot, "/orchestrator_/api/Logs/SubmitLogs");
  EXPECT_EQ(program_.Post(submit, Json::array({line.dump()})).status, 200);
  line["fingerprint"] = "not-a-guid/2";
  line["message"] = "still working";
  EXPECT_EQ(program_.Post(submit, Json::array({line.dump()})).status, 200);
  EXPECT_EQ(Lines(job), (Strings{"working", "still working"}));
  const Json rows = office_.Filter("RobotLogs", "Level eq 'Warn'").body["value"];
  EXPECT_EQ(rows[0]["MachineId"], 131);
  // Whatever a fingerprint looks like, it comes back as it was sent.
  EXPECT_EQ(Json::parse(rows[0]["RawMessage"].get<std::string>())["fingerprint"], "not-a-guid/1");
  EXPECT_EQ(Json::parse(rows[1]["RawMessage"].get<std::string>())["fingerprint"], "not-a-guid/2");

  report["jobState"] = "Faulted";
  report["robotState"] = "Available";
  report["outputArguments"] = R"({"rows":3})";
  report["error"] = {{"code", "PYTHON.FAILED"}, {"title", "Failed"}, {"category", "SYSTEM"}};
  EXPECT_EQ(Call("SubmitJobState", Json::array({report})).status, 200);
  const Json ended = Look(job);
  EXPECT_EQ(ended["State"], "Faulted");
  EXPECT_EQ(ended["OutputArguments"], R"({"rows":3})");
  EXPECT_EQ(ended["JobError"]["code"], "PYTHON.FAILED");
  EXPECT_EQ(Session(749)["State"], "Available");

  EXPECT_EQ(Call("stopservice", Json::object()).status, 204);
  EXPECT_EQ(Session(749)["State"], "Disconnected");
}

// As the one does that signs in with a machine's credentials.
TEST_F(Programs, SignInAsAMachineAndAreToldToStop) {
  const std::string form = absl::StrCat(
      "grant_type=client_credentials&scope=OrchestratorApiUserAccess&client_id=", kCapetrina,
      "&client_secret=");
  const auto token = [&](const std::string& secret) {
    return program_.http().Post(absl::StrCat(kRoot, "/identity_/connect/token"), form + secret,
                                "application/x-www-form-urlencoded");
  };
  EXPECT_EQ(token("wrong")->status, 400);
  program_.token = Json::parse(token("machine-secret")->body)["access_token"].get<std::string>();
  program_.more = {{"X-ROBOT-MACHINE-ENCODED", "SE9TVA=="},
                   {"X-UIPATH-INSTALLATION-ID", "0987654321"}};
  EXPECT_EQ(Call("StartService", {{"ServiceUserName", nullptr}, {"JobKey", nullptr}}).status, 200);
  EXPECT_EQ(program_.Get("/odata/Robots(216)").status, 403);

  const Json job = Start(216);
  const Json beat = {{"ServiceUserName", nullptr}, {"CommandState", 0}, {"JobKey", nullptr}};
  const Json command = Call("HeartbeatV2", beat).body["commands"].at(0);
  EXPECT_EQ(command["data"]["jobKey"], job["Key"]);
  const auto report = [&](int job_state, int robot_state) {
    return Call("SubmitJobState", Json::array({{{"RobotKey", command["robotKey"]},
                                                {"JobKey", job["Key"]},
                                                {"JobState", job_state},
                                                {"RobotState", robot_state},
                                                {"Info", "told"}}}))
        .status;
  };
  EXPECT_EQ(report(1, 1), 200);
  EXPECT_EQ(Look(job)["Info"], "told");
  EXPECT_EQ(office_
                .Post(absl::StrCat("/odata/Jobs(", job["Id"].dump(), ")/", kNamespace, "StopJob"),
                      {{"strategy", "Kill"}})
                .status,
            200);
  const Json stop = Call("HeartbeatV2", beat).body["commands"].at(0);
  EXPECT_EQ(stop["data"]["type"], "StopProcess");
  EXPECT_EQ(Look(job)["State"], "Terminating");
  EXPECT_EQ(report(6, 0), 200);
  EXPECT_EQ(Look(job)["State"], "Stopped");
  EXPECT_EQ(Call("HeartbeatV2", beat).body["commands"].size(), 0U);

  // One row by the older call, with the key that came in the command.
  program_.token.clear();
  program_.more = {
      {"Authorization",
       absl::StrCat("UiRobot ",
                    command["authSettings"]["Auth.OAuth.RobotOAuthSecret"].get<std::string>())}};
  EXPECT_EQ(program_
                .Post(absl::StrCat(kRoot, "/orchestrator_/api/Logs"),
                      {{"message", "one"}, {"level", "Information"}, {"jobId", job["Key"]}})
                .status,
            200);
  EXPECT_EQ(Lines(job), Strings{"one"});
  EXPECT_EQ(program_.Post(absl::StrCat(kRoot, "/orchestrator_/api/Logs"), Json::array()).status,
            400);
}

TEST_F(Programs, OpenASessionOfOneRobotAndAskForWhatIsPending) {
  program_.more = {{"X-ROBOT-LICENSE", kCapetrina}, {"X-ROBOT-MACHINE", "HOST"}};
  const Answer begun = Call("BeginSession", {{"UserName", "uipath\\john.smith"}});
  ASSERT_EQ(begun.status, 200) << begun.body.dump();
  const Json key = begun.body["robotKey"];
  const Json job = Start(216);
  const Json beat = {{"commandState", "Pending"},
                     {"heartbeats", {{{"robotKey", key}, {"robotState", 1}}}}};
  EXPECT_EQ(Call("heartbeatv2", beat).body["commands"][0]["data"]["jobKey"], job["Key"]);
  EXPECT_EQ(Call("heartbeatv2", beat).body["commands"].size(), 0U);  // given once
  EXPECT_EQ(Session(216)["State"], "Busy");
  EXPECT_EQ(Session(216)["HostMachineName"], "HOST");
  // Silence tells.
  sandbox_->AdvanceClock(absl::Seconds(121));
  EXPECT_EQ(Session(216)["IsUnresponsive"], true);
  Call("heartbeatv2", beat);
  EXPECT_EQ(Session(216)["IsUnresponsive"], false);
  for (const char* state : {"Running", "Successful"}) {
    Call("SubmitJobState",
         Json::array({{{"robotKey", key}, {"jobKey", job["Key"]}, {"jobState", state}}}));
    EXPECT_EQ(Look(job)["State"], state);
  }
  EXPECT_EQ(Lines(job), Strings{});  // a program writes its own
  EXPECT_EQ(Call("EndSession", {{"robotKey", key}}).status, 204);
  EXPECT_EQ(Session(216)["State"], "Disconnected");
  // The key that it was given is a credential.
  program_.token.clear();
  program_.folder = "36886";
  program_.more = {{"Authorization", "UiRobot " + key.get<std::string>()}};
  EXPECT_EQ(program_.Get("/odata/Robots(216)").status, 200);
}

}  // namespace
}  // namespace relais::sandbox::robot
