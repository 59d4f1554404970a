// Sessions as those see and change them who look after machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/orchestrator_fixture.h"

namespace relais::sandbox::robot {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class Sessions : public OrchestratorTest {
 protected:
  int Maintain(const Json& body) {
    return client_->Post(Bound("Sessions", "SetMaintenanceMode"), body).status;
  }
  std::string MaintenanceOf(std::int64_t session) {
    const std::vector<std::string> modes =
        Column(Bound("Sessions",
                     absl::StrCat("GetMachineSessionRuntimes?$filter=SessionId%20eq%20", session)),
               "MaintenanceMode");
    return modes.empty() ? "" : modes[0];
  }
};

TEST_F(Sessions, NameTheirUsersAndTheRobotsOfEach) {
  client_->folder.clear();
  EXPECT_THAT(Texts(Bound("Sessions", "GetUsernames?$top=50&$skip=0")),
              ElementsAre("Alex", "UIPATH\\MADALINA.BOBOC", "UIPATH\\fin", "dragomirmir",
                          "uipath\\mircea.dragomir", "uipath\\oneil"));
  EXPECT_THAT(Texts(Bound("Sessions", "GetUsernames?$filter=contains($it,'FIN')")),
              ElementsAre("UIPATH\\fin"));
  const Answer robots =
      client_->Get(Bound("Sessions", "GetUserRobots?$filter=UserName%20eq%20'uipath%5Cspare'"));
  ASSERT_EQ(robots.body["value"].size(), 1U) << robots.body.dump();
  EXPECT_EQ(robots.body["value"][0]["RobotNames"], Json({"Spare79", "Spare119", "Spare120"}));
}

TEST_F(Sessions, TakeNoJobsInMaintenanceAndStopThoseTheyHave) {
  const Json running = StartJob("1002", {{"RobotIds", {749}}});
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(
      Maintain({{"sessionId", 701}, {"maintenanceMode", "Enabled"}, {"stopJobsStrategy", "Kill"}}),
      204);
  EXPECT_EQ(MaintenanceOf(701), "Enabled");
  EXPECT_EQ(MaintenanceOf(702), "Default");
  EXPECT_EQ(StateOf(running), "Terminating");
  const Json waiting = StartJob("1002", {{"RobotIds", {749}}});
  sandbox_->AdvanceClock(absl::Seconds(60));
  EXPECT_EQ(StateOf(waiting), "Pending");
  EXPECT_EQ(Maintain({{"sessionId", 701}, {"maintenanceMode", "Default"}}), 204);
  EXPECT_EQ(MaintenanceOf(701), "Default");
  EXPECT_EQ(StateOf(waiting), "Running");
  // An older client names the host.
  EXPECT_EQ(Maintain({{"hostName", "midragomir"},
                      {"maintenanceMode", "Enabled"},
                      {"allowedRobotTypes", Json::array()}}),
            204);
  EXPECT_EQ(MaintenanceOf(702), "Enabled");
  EXPECT_EQ(Maintain({{"sessionId", 4711}, {"maintenanceMode", "Enabled"}}), 404);
  EXPECT_EQ(Maintain({{"sessionId", 701}, {"maintenanceMode", "On"}}), 400);
  EXPECT_EQ(Maintain({{"maintenanceMode", "Enabled"}}), 400);
}

TEST_F(Sessions, AreDeletedWhenTheyAreInactive) {
  const std::string path = Bound("Sessions", "DeleteInactiveUnattendedSessions");
  const auto ids = [this] { return Column("/odata/Sessions", "Id"); };
  ExpectRefusal(client_->Post(path, {{"sessionIds", {718, 701}}}), 400, 1000);
  EXPECT_THAT(ids(), Contains("718"));  // all or nothing
  EXPECT_EQ(client_->Post(path, {{"sessionIds", {718}}}).status, 204);
  EXPECT_THAT(ids(), Not(Contains("718")));
  ExpectRefusal(client_->Post(path, {{"sessionIds", {718}}}), 404, 1002);
  ExpectRefusal(client_->Post(path, Json::object()), 400, 1009);
}

TEST_F(Sessions, HaveADebugModeForATime) {
  const std::string path = Bound("Sessions(701)", "ToggleMachineSessionDebugMode");
  EXPECT_TRUE(Session(701)["DebugModeExpirationDate"].is_null());
  EXPECT_EQ(client_->Post(path, {{"enabled", true}, {"minutes", 5}}).status, 204);
  EXPECT_TRUE(Session(701)["DebugModeExpirationDate"].is_string());
  EXPECT_EQ(client_->Post(path, {{"enabled", false}}).status, 204);
  EXPECT_TRUE(Session(701)["DebugModeExpirationDate"].is_null());
  EXPECT_EQ(client_->Post(path, {{"enabled", true}, {"minutes", 5}}).status, 204);
  sandbox_->AdvanceClock(absl::Minutes(6));
  EXPECT_TRUE(Session(701)["DebugModeExpirationDate"].is_null());
  ExpectRefusal(client_->Post(path, {{"enabled", true}, {"minutes", 0}}), 400, 1009);
}

// Asked for by a module for PowerShell, which walks through all folders.
TEST_F(Sessions, SayWhetherTheirRobotIsUpToDate) {
  const std::string expand = "$expand=Robot($expand=License,User),UpdateInfo";
  const auto info = [&] {
    return client_->Filter("Sessions", "Id eq 701", expand).body["value"].at(0)["UpdateInfo"];
  };
  EXPECT_EQ(info()["updateStatus"], "None");
  for (const auto& [version, status] :
       {std::pair("24.10.1", "Compliant"), std::pair("25.1.0", "NonCompliant")}) {
    EXPECT_EQ(
        client_
            ->Patch("/odata/Machines(131)",
                    {{"UpdatePolicy", {{"Type", "SpecificVersion"}, {"SpecificVersion", version}}}})
            .status,
        200);
    EXPECT_EQ(info()["updateStatus"], status);
    EXPECT_EQ(info()["targetUpdateVersion"], version);
  }
  EXPECT_FALSE(Session(701).contains("UpdateInfo"));
}

TEST_F(Sessions, ShowRuntimesOfATypeOrARobotAlone) {
  const auto runtimes = [this](const char* query) {
    return Column(Bound("Sessions", absl::StrCat("GetMachineSessionRuntimes?", query)),
                  "SessionId");
  };
  EXPECT_THAT(runtimes("runtimeType=Unattended"), ElementsAre("704", "718"));
  EXPECT_THAT(runtimes("robotId=749"), ElementsAre("701"));
}

}  // namespace
}  // namespace relais::sandbox::robot
