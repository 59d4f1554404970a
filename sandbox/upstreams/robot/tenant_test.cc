// Users, folders, machines, settings and counts of a tenant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/orchestrator_fixture.h"

namespace relais::sandbox::robot {
namespace {

using ::testing::ElementsAre;

class Tenant : public OrchestratorTest {
 protected:
  Json Setting(const std::string& name) {
    return client_->Get(absl::StrCat("/odata/Settings('", name, "')")).body;
  }
  std::int64_t CountOf(const char* call, const char* title) {
    for (const Json& one : client_->Get(absl::StrCat("/api/Stats/", call)).body) {
      if (one["title"] == title) return one["count"].get<std::int64_t>();
    }
    return -1;
  }
};

TEST_F(Tenant, FindsUsersAndFoldersByTheirKeys) {
  client_->folder.clear();
  const Json user = client_->Get("/odata/Users(45)").body;
  const std::string by_key = absl::StrCat("GetByKey(identifier=", user["Key"].get<std::string>());
  EXPECT_EQ(client_->Get(Bound("Users", by_key + ")")).body, user);
  ExpectRefusal(client_->Get(Bound("Users", "GetByKey(identifier=0)")), 404, 1002);
  EXPECT_EQ(
      client_->Get(Bound("Folders", "GetByKey(identifier=6B1B5F0D-7d6a-4f3e-9a45-0d3f1a6c0003)"))
          .body["FullyQualifiedName"],
      "Départements/Finance");
  ExpectRefusal(client_->Get(Bound("Folders", "GetByKey(identifier=0)")), 404, 1002);
}

TEST_F(Tenant, LetsAUserWalkThroughFolders) {
  const auto names = [this](const char* query) {
    const Json page =
        client_->Get(absl::StrCat("/api/FoldersNavigation/GetFoldersForCurrentUser?", query)).body;
    std::vector<std::string> paths = {page["Count"].dump()};
    for (const Json& item : page["PageItems"]) paths.push_back(item["FolderPath"]);
    return paths;
  };
  EXPECT_THAT(names("take=2&skip=1"), ElementsAre("3", "Départements", "Départements/Finance"));
  EXPECT_THAT(names("searchText=SHA&take=10"), ElementsAre("1", "Shared"));
  EXPECT_THAT(names("folderTypes=Personal"), ElementsAre("0"));
  ExpectRefusal(client_->Get("/api/FoldersNavigation/GetFoldersForCurrentUser?take=101"), 400,
                1009);
}

TEST_F(Tenant, SaysWhichUsersHaveBusyRobots) {
  const std::string path = Bound("Users", "Validate(userIds=%5B88,45%5D)");
  EXPECT_EQ(client_->Get(path).body["value"], Json({{"88", false}, {"45", false}}));
  StartJob("1002", {{"RobotIds", {749}}});
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(client_->Get(path).body["value"], Json({{"88", true}, {"45", false}}));
  ExpectRefusal(client_->Get(Bound("Users", "Validate(userIds=[1])")), 404, 1002);
}

TEST_F(Tenant, KeepsSettingsAndHeedsThem) {
  const std::string threshold = "Scalability.Heartbeat.FailureThreshold";
  EXPECT_EQ(Setting(threshold)["Value"], "120");
  EXPECT_THAT(Column("/odata/Settings?$filter=Scope%20eq%20'Tenant'&$top=10&$skip=0", "Name"),
              ElementsAre(threshold, "Scalability.Heartbeat.Period"));
  const Json change = {{"Name", threshold}, {"Value", "300"}, {"Scope", "Tenant"}};
  EXPECT_EQ(client_->Put(absl::StrCat("/odata/Settings('", threshold, "')"), change).status, 200);
  EXPECT_EQ(Setting(threshold)["Value"], "300");
  client_->Post("/sandbox/robot/sessions", {{"robot", 749}, {"beating", false}});
  sandbox_->AdvanceClock(absl::Seconds(200));
  EXPECT_EQ(Session(701)["IsUnresponsive"], false);
  EXPECT_EQ(client_->Post(Bound("Settings", "DeleteBulk"), {{"settingNames", {threshold}}}).status,
            204);
  EXPECT_EQ(Session(701)["IsUnresponsive"], true);
  ExpectRefusal(client_->Get("/odata/Settings('None')"), 404, 1002);
  EXPECT_EQ(client_->Get("/odata/Robots('None')").status, 404);
}

TEST_F(Tenant, TellsHowRobotsExecute) {
  const auto level = [this](const char* scope) {
    const Json answer =
        client_
            ->Get(Bound("Settings",
                        absl::StrCat("GetExecutionSettingsConfiguration(scope=", scope, ")")))
            .body;
    return std::pair(answer["Scope"], answer["Configuration"].at(0)["DefaultValue"]);
  };
  EXPECT_EQ(level("0"), std::pair(Json("Global"), Json("Information")));
  EXPECT_EQ(level("1"), std::pair(Json("Robot"), Json("")));
  const Json settings = {{{"Name", "Robot.ExecutionSettings.TracingLevel"}, {"Value", "Verbose"}}};
  EXPECT_EQ(client_->Post(Bound("Settings", "UpdateBulk"), {{"settings", settings}}).status, 200);
  EXPECT_EQ(level("0").second, "Verbose");
  ExpectRefusal(client_->Get(Bound("Settings", "GetExecutionSettingsConfiguration(scope=2)")), 400,
                1009);
}

TEST_F(Tenant, AddsChangesAndRemovesMachines) {
  const Answer made = client_->Post("/odata/Machines", {{"name", "New"}, {"type", "Template"}});
  ASSERT_EQ(made.status, 201);
  const std::string path = absl::StrCat("/odata/Machines(", made.body["Id"].dump(), ")");
  EXPECT_EQ(client_->Get(path).body["LicenseKey"], made.body["LicenseKey"]);
  ExpectRefusal(client_->Post("/odata/Machines", {{"Name", "new"}}), 409, 1001);
  EXPECT_EQ(client_->Patch(path, {{"Description", "spare"}}).status, 200);
  EXPECT_EQ(client_->Get(path).body["Description"], "spare");
  EXPECT_EQ(client_->Get(path).body["Type"], "Template");
  EXPECT_EQ(client_->Delete(path).status, 204);
  ExpectRefusal(client_->Get(path), 404, 1002);
  ExpectRefusal(client_->Delete("/odata/Machines(131)"), 409, 1000);  // has robots
}

TEST_F(Tenant, CountsWhatItHas) {
  EXPECT_EQ(CountOf("GetCountStats", "Folders"), 3);
  const std::int64_t robots = CountOf("GetCountStats", "Robots");
  EXPECT_EQ(client_->Delete("/odata/Robots(79)").status, 204);
  EXPECT_EQ(CountOf("GetCountStats", "Robots"), robots - 1);
  StartJob("1002");
  StartJob("1003");
  sandbox_->AdvanceClock(absl::Seconds(60));
  EXPECT_EQ(CountOf("GetJobsStats", "Successful"), 1);
  EXPECT_EQ(CountOf("GetJobsStats", "Faulted"), 1);
  EXPECT_EQ(CountOf("GetJobsStats", "Canceled"), 0);
}

TEST_F(Tenant, HasAShorterStatusInItsOldestVersion) {
  EXPECT_EQ(client_->Get("/api/Status").status, 404);
  BeginVersion(11);
  client_->token.clear();
  EXPECT_EQ(client_->Get("/api/Status").status, 200);
}

TEST_F(Tenant, ReadsBodiesWithTextsInSingleQuotes) {
  const auto put = [this](const char* body) {
    return client_->http()
        .Patch("/odata/Machines(131)", {{"Authorization", "Bearer rt_demo-token"}}, body,
               "application/json")
        ->status;
  };
  EXPECT_EQ(put(R"({'Description': 'say "it\'s"', "Name": "it's"})"), 200);
  const Json machine = client_->Get("/odata/Machines(131)").body;
  EXPECT_EQ(machine["Description"], "say \"it's\"");
  EXPECT_EQ(machine["Name"], "it's");
  EXPECT_EQ(put("{'Description': 'open}"), 400);
  Options options;
  options.strict = true;
  Begin(options);
  EXPECT_EQ(put("{'Description': 'x'}"), 400);
}

}  // namespace
}  // namespace relais::sandbox::robot
