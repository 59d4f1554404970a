// Jobs by their keys, before they start, suspended, and as files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/robot/orchestrator_fixture.h"

namespace relais::sandbox::robot {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class JobCalls : public OrchestratorTest {
 protected:
  std::string KeyOf(const Json& job) { return job["Key"].get<std::string>(); }
  // Waits for an export as clients do, and fetches what it made.
  std::string Fetch(const Answer& asked) {
    EXPECT_EQ(asked.status, 200) << asked.body.dump();
    EXPECT_EQ(asked.body["Status"], "New");
    const std::string path = absl::StrCat("Exports(", asked.body["Id"].dump(), ")");
    const Json done = client_->Get("/odata/" + path).body;
    EXPECT_EQ(done["Status"], "Completed");
    const Json link = client_->Get(Bound(path, "GetDownloadLink")).body;
    EXPECT_EQ(link["Verb"], "GET");
    EXPECT_EQ(link["RequiresAuth"], false);
    const std::string uri = link["Uri"].get<std::string>();
    const auto file = client_->http().Get(uri.substr(uri.find("/api/")));
    EXPECT_EQ(file->status, 200);
    EXPECT_EQ(done["Size"], file->body.size());
    EXPECT_EQ(client_->http().Get(absl::StrCat(uri.substr(uri.find("/api/")), "x"))->status, 403);
    return file->body;
  }
};

// jobs get KEY, jobs start KEY, jobs stop K L of the official command line.
TEST_F(JobCalls, AreFoundStartedAndKilledByKeyWithoutAFolder) {
  const Json job = StartJob("1002");
  client_->folder.clear();
  const Answer info = client_->Get(absl::StrCat("/api/Jobs/GetJobInfo?jobKey=", KeyOf(job)));
  ASSERT_EQ(info.status, 200);
  EXPECT_EQ(info.body["id"], job["Id"]);
  EXPECT_EQ(info.body["state"], "Pending");
  EXPECT_EQ(info.body["organizationUnitId"], 36886);
  EXPECT_EQ(info.body["folderFullyQualifiedName"], "Shared");
  EXPECT_EQ(info.body["processName"], "TestingSequence_DOC");
  EXPECT_EQ(client_->Get(PathOf(job)).text("FolderKey"), job["FolderKey"]);
  ExpectRefusal(client_->Get("/api/Jobs/GetJobInfo?jobKey=0"), 404, 1002);
  ExpectRefusal(client_->Get("/api/Jobs/GetJobInfo"), 400, 1009);

  const Answer release = client_->Filter(absl::StrCat("Releases/", kNamespace, "ListReleases"),
                                         "Key eq 'c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1004'", "$top=1");
  EXPECT_EQ(OrchestratorClient::Column(release, "OrganizationUnitId"),
            std::vector<std::string>{"67543"});

  const std::string stop = Bound("Jobs", "ForceStopJobs");
  const Answer stopped = client_->Post(stop, {{"jobKeys", {KeyOf(job)}}});
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(OrchestratorClient::Column(stopped, "State"), std::vector<std::string>{"Stopped"});
  ExpectRefusal(client_->Post(stop, {{"jobKeys", {KeyOf(job)}}}), 409, 1000);
  ExpectRefusal(client_->Post(stop, {{"jobKeys", Json::array()}}), 400, 1009);
}

TEST_F(JobCalls, AreCheckedBeforeTheyStart) {
  const auto codes = [this](Json info) {
    info["ReleaseKey"] = "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002";
    const Answer answer =
        client_->Post(Bound("Jobs", "ValidateDynamicJob"), {{"startInfo", std::move(info)}});
    EXPECT_EQ(answer.body["IsValid"], answer.body["ErrorCodes"].empty());
    EXPECT_EQ(answer.body["Errors"].size(), answer.body["ErrorCodes"].size());
    return answer.body["ErrorCodes"].get<std::vector<std::string>>();
  };
  EXPECT_THAT(codes({{"InputArguments", "{}"}}), ElementsAre());
  EXPECT_THAT(codes({{"RobotIds", {749}}}), ElementsAre());
  EXPECT_THAT(codes({{"RobotIds", {4711}}}), ElementsAre("RobotNotFound"));
  EXPECT_THAT(codes({{"RobotIds", {1001}}}), ElementsAre("RobotNotAssignedToFolder"));
  EXPECT_THAT(codes({{"RobotIds", {759}}}), ElementsAre("TemplateNoHostsAvailable"));
  client_->Post(Bound("Sessions", "SetMaintenanceMode"),
                {{"sessionId", 702}, {"maintenanceMode", "Enabled"}});
  EXPECT_THAT(codes({{"RobotIds", {902}}}), ElementsAre("TemplateMaintenanceMode"));
  const Json job = StartJob("1002", {{"RobotIds", {749}}});
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(StateOf(job), "Running");
  EXPECT_THAT(codes({{"RobotIds", {749}}}), ElementsAre("RobotBusy"));
  const Answer existing = client_->Post(
      absl::StrCat(PathOf(job), "/", kNamespace, "ValidateExistingJob"), Json::object());
  EXPECT_EQ(existing.body["ErrorCodes"], Json({"RobotBusy"}));
  ExpectRefusal(
      client_->Post(Bound("Jobs", "ValidateDynamicJob"), {{"startInfo", {{"ReleaseKey", "none"}}}}),
      404, 1002);
}

TEST_F(JobCalls, GoOnWhenTheyWereSuspended) {
  client_->more = {{"X-ROBOT-LICENSE", "fc157179-3724-4bb0-acd2-8261bef82d01"}};
  const std::string side = "/api/robotsservice/";
  client_->Post(side + "StartService", Json::object());
  const Json job = StartJob("1002", {{"RobotIds", {216}}});
  const auto beat = [&] {
    const Json commands =
        client_->Post(side + "HeartbeatV2", {{"CommandState", "Pending"}}).body["commands"];
    return commands.empty() ? "" : commands[0]["data"]["type"].get<std::string>();
  };
  EXPECT_EQ(beat(), "StartProcess");
  const std::string resume = Bound("Jobs", "ResumeJob");
  ExpectRefusal(client_->Post(resume, {{"jobKey", KeyOf(job)}}), 409, 1000);
  for (const char* state : {"Running", "Suspended"}) {
    client_->Post(side + "SubmitJobState",
                  Json::array({{{"jobKey", KeyOf(job)}, {"jobState", state}}}));
  }
  EXPECT_EQ(beat(), "");
  EXPECT_EQ(client_->Post(resume, {{"jobKey", KeyOf(job)}}).body["State"], "Resumed");
  EXPECT_EQ(beat(), "StartProcess");
}

// The reader of 2019 knows neither references nor priorities, that of 2020 nothing newer.
TEST_F(JobCalls, AreStartedByWhatTheVersionKnowsAlone) {
  const auto start = [this](const Json& more) {
    Json info = {{"ReleaseKey", "c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1002"},
                 {"Strategy", "JobsCount"},
                 {"jobsCount", 1},
                 {"Source", "Manual"},
                 {"InputArguments", "{}"}};
    info.update(more);
    return client_->Post(Bound("Jobs", "StartJobs"), {{"startInfo", info}}).status;
  };
  const Json none = Json::object();
  const Json reference = {{"Reference", "mine"}};
  const Json modern = {{"Strategy", "ModernJobsCount"}};
  const Json run_as = {{"RunAsMe", true}};
  for (const auto& [version, more, status] :
       {std::tuple(9, none, 201), std::tuple(9, reference, 400), std::tuple(9, modern, 400),
        std::tuple(11, none, 201), std::tuple(11, reference, 201), std::tuple(11, modern, 201),
        std::tuple(11, run_as, 400), std::tuple(16, run_as, 201)}) {
    BeginVersion(version);
    EXPECT_EQ(start(more), status) << version << " " << more.dump();
  }
}

TEST_F(JobCalls, AreExportedWithTheFilterThatWasAsked) {
  const Json job = StartJob("1002");
  const Json other = StartJob("1003");
  const std::string file = Fetch(client_->Post(
      Bound("Jobs", absl::StrCat("Export?$filter=Id%20eq%20", job["Id"].dump(), "&$top=1")),
      Json::object()));
  EXPECT_THAT(file, StartsWith("Id,Key,ReleaseName,State,"));
  EXPECT_THAT(file, HasSubstr(absl::StrCat(job["Id"].dump(), ",", KeyOf(job),
                                           ",TestingSequence_DOC,Pending,")));
  EXPECT_THAT(file, Not(HasSubstr(KeyOf(other))));
}

TEST_F(JobCalls, HaveLogsThatAreExportedAndReported) {
  client_->Post(
      "/sandbox/robot/logs",
      {{"robot", "DocBot"}, {"rows", {{{"message", "say \"a, b\""}, {"level", "Error"}}}}});
  const std::string query = "?$filter=Level%20eq%20'Error'&$orderby=TimeStamp%20desc&$top=1000";
  const std::string file =
      Fetch(client_->Post(Bound("RobotLogs", "Export" + query), Json::object()));
  EXPECT_THAT(file, HasSubstr(",Error,,DocBot,,,,\"say \"\"a, b\"\"\"\r\n"));
  // More than a page.
  const std::string all = Fetch(client_->Post(
      Bound("RobotLogs", "Export?$filter=RobotName%20eq%20'DocBot'"), Json::object()));
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(all, "\r\n")).size(), 205U);
  // Until it was taken away, one call did it all.
  EXPECT_EQ(client_->Get(Bound("RobotLogs", "Reports" + query)).status, 404);
  BeginVersion(16);
  const auto report = client_->http().Get(
      Bound("RobotLogs", "Reports?$filter=Message%20eq%20'Step%207'"),
      {{"Authorization", "Bearer rt_demo-token"}, {"X-UIPATH-OrganizationUnitId", "36886"}});
  EXPECT_EQ(report->get_header_value("Content-Type"), "text/csv");
  EXPECT_THAT(report->body, HasSubstr(",Step 7\r\n"));
}

}  // namespace
}  // namespace relais::sandbox::robot
