// Robots by folder, machine and user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/orchestrator_fixture.h"

namespace relais::sandbox::robot {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

class RobotLists : public OrchestratorTest {};

TEST_F(RobotLists, ReachAcrossFolders) {
  client_->folder.clear();
  EXPECT_THAT(Column(Bound("Robots", "FindAllAcrossFolders?$top=1000"), "Name"),
              IsSupersetOf({"DocBot", "FinBot", "Gustavee"}));
  const Answer found = client_->Get(
      Bound("Robots", "FindAllAcrossFolders?$filter=Id%20eq%20749&$expand=User&$top=1"));
  EXPECT_EQ(found.body["value"][0]["User"]["EmailAddress"], "admin@example.test");
  EXPECT_THAT(Column(Bound("Robots", "GetConfiguredRobots?$top=50"), "Name"),
              ElementsAre("Gustavee", "DocBot"));
  EXPECT_THAT(Texts(Bound("Robots", "GetUsernames?$filter=endswith($it,'smith')")),
              ElementsAre("uipath\\john.smith"));
}

TEST_F(RobotLists, AreCutByFolderAndMachine) {
  EXPECT_THAT(Column(Bound("Robots", "GetFolderRobots(folderId=36886,machineId=131)"), "Name"),
              ElementsAre("DocBot"));
  EXPECT_THAT(Column(Bound("Robots", "GetFolderRobots(folderId=67543)"), "Name"),
              ElementsAre("FinBot"));
  const Answer robots = client_->Get(
      Bound("Robots", "GetRobotsFromFolder(folderId=36886)?$filter=Name%20eq%20'Gustavee'"));
  const Json robot = robots.body["value"].at(0);
  EXPECT_EQ(robot["UserEmail"], "john.smith@example.test");
  EXPECT_EQ(robot["UserFullName"], "John Smith");
  EXPECT_EQ(robot["UserType"], "User");
  ExpectRefusal(client_->Get(Bound("Robots", "GetRobotsFromFolder")), 400, 1000);
}

TEST_F(RobotLists, MapMachinesToTheirLicenceKeys) {
  const Json list =
      client_->Get(Bound("Robots", "GetMachineNameToLicenseKeyMappings")).body["value"];
  EXPECT_THAT(
      list,
      Contains(Json({{"Key", "CAPETRINA"}, {"Value", "fc157179-3724-4bb0-acd2-8261bef82d01"}})));
  EXPECT_EQ(client_->Get("/odata/Robots(216)").body["LicenseKey"],
            "fc157179-3724-4bb0-acd2-8261bef82d01");
}

TEST_F(RobotLists, LetAttendedRobotsBecomeFloating) {
  const std::string path = Bound("Robots", "ConvertToFloating");
  EXPECT_EQ(client_->Post(path, {{"robotId", 216}}).status, 200);
  const Json robot = client_->Get("/odata/Robots(216)").body;
  EXPECT_EQ(robot["HostingType"], "Floating");
  EXPECT_TRUE(robot["MachineName"].is_null());
  ExpectRefusal(client_->Post(path, {{"robotId", 216}}), 400, 1000);
  ExpectRefusal(client_->Post(path, {{"robotId", 749}}), 400, 1000);  // works unattended
  ExpectRefusal(client_->Post(path, {{"robotId", 4711}}), 404, 1002);
  // It now works on any machine.
  client_->more = {{"X-ROBOT-LICENSE", "5a1f6c0e-7f0b-4c5a-9d6e-000000000131"}};
  EXPECT_EQ(client_->Post("/api/robotsservice/BeginSession", {{"userName", "uipath\\john.smith"}})
                .body["machineId"],
            131);
}

TEST_F(RobotLists, FollowTheirEnvironments) {
  BeginVersion(18);
  EXPECT_EQ(client_->Get("/odata/Environments(3)").body["Name"], "Group1");
  ExpectRefusal(client_->Get("/odata/Environments(9)"), 404, 1002);
  const auto members = [this] {
    return Column(Bound("Environments", "GetRobotsForEnvironment(key=3)"), "Id");
  };
  EXPECT_THAT(members(), ElementsAre("749", "759"));
  EXPECT_EQ(client_->Post(Bound("Environments(3)", "AddRobot"), {{"robotId", "216"}}).status, 204);
  EXPECT_EQ(client_->Post(Bound("Environments(3)", "RemoveRobot"), {{"robotId", 759}}).status, 204);
  EXPECT_THAT(members(), ElementsAre("216", "749"));
  EXPECT_EQ(client_->Get("/odata/Robots(216)").body["RobotEnvironments"], "Group1");
  EXPECT_EQ(client_
                ->Post(Bound("Environments(3)", "SetRobots"),
                       {{"addedRobotIds", {759}}, {"removedRobotIds", {216, 749}}})
                .status,
            204);
  EXPECT_THAT(members(), ElementsAre("759"));
}

}  // namespace
}  // namespace relais::sandbox::robot
