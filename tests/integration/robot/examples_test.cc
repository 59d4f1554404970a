// Every request of the vendor's page on robots, through the gateway: what the upstream got, letter
// by letter, and the typed answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/options.h"
#include "tests/integration/robot/client.h"

namespace relais::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kNamespace[] = "UiPath.Server.Configuration.OData.";

class RobotExamples : public RobotTest {
 protected:
  // The upstream takes nothing that it need not take.
  void SetUp() override {
    GatewayOptions options;
    options.sandbox.Of<sandbox::robot::Options>().strict = true;
    Start(std::move(options));
  }

  // A list of sessions as the page asks for it.
  rb::ListSessionsResponse Sessions(const std::string& rest) {
    return Ask(&RobotStub::ListSessions,
               absl::StrCat("parent: '", kSharedFolder, "' page_size: 10 ", rest));
  }
};

TEST_F(RobotExamples, StateOfARobotById) {
  const auto response = Sessions("filter: 'robot.id = 749' read_mask { paths: 'reported_state' }");
  EXPECT_EQ(TakeLine(),
            "GET /odata/Sessions?$top=10&$filter=Robot%2FId%20eq%20749&$select=State,Id"
            "&$orderby=Id");
  ASSERT_EQ(response.sessions_size(), 1);
  EXPECT_EQ(response.sessions(0).reported_state(), rb::Session::REPORTED_STATE_AVAILABLE);

  const auto state = Ask(&RobotStub::GetRobotState, absl::StrCat("name: '", RobotNamed(749), "'"));
  EXPECT_THAT(TakeLine(), StartsWith("GET /odata/Sessions?$top=1000&$filter=Robot%2FId%20eq%20749&"
                                     "$select=Id,State,ReportingTime,IsUnresponsive"));
  EXPECT_EQ(state.state(), rb::RobotState::STATE_AVAILABLE);
  EXPECT_EQ(state.display_name(), "DocBot");
  ASSERT_EQ(state.sessions_size(), 1);
  EXPECT_EQ(state.sessions(0).name(), absl::StrCat(kSharedFolder, "/sessions/701"));
}

TEST_F(RobotExamples, StateOfARobotByName) {
  const auto named = [&](const std::string& name) {
    return Sessions(absl::StrCat("filter: \"robot.display_name = \\\"", name,
                                 "\\\"\" read_mask { paths: 'reported_state' }"));
  };
  EXPECT_EQ(named("DocBot").sessions(0).raw_state(), "Available");
  EXPECT_EQ(TakeLine(),
            "GET /odata/Sessions?$top=10&$filter=Robot%2FName%20eq%20%27DocBot%27&"
            "$select=State,Id&$orderby=Id");
  EXPECT_EQ(named("!~#$%^&*()_+=-").sessions(0).raw_state(), "Disconnected");
  EXPECT_EQ(
      TakeLine(),
      "GET /odata/Sessions?$top=10&$filter=Robot%2FName%20eq%20%27!~%23$%25%5E%26*()_%2B%3D-%27"
      "&$select=State,Id&$orderby=Id");
  EXPECT_EQ(named("O'Neil").sessions(0).raw_state(), "Busy");
  EXPECT_EQ(TakeLine(),
            "GET /odata/Sessions?$top=10&$filter=Robot%2FName%20eq%20%27O%27%27Neil%27&"
            "$select=State,Id&$orderby=Id");
}

TEST_F(RobotExamples, AvailableRobotsThatHaveBeatenWithinTwoMinutes) {
  const auto response = Sessions(
      "filter: 'reported_state = AVAILABLE' max_heartbeat_age { seconds: 120 } "
      "read_mask { paths: 'robot' }");
  const std::string line = TakeLine();
  EXPECT_THAT(line, StartsWith("GET /odata/Sessions?$top=10&$filter=State%20eq%20%27Available%27%20"
                               "and%20ReportingTime%20gt%20"));
  EXPECT_THAT(line, EndsWith("Z&$select=Robot,Id&$expand=Robot&$orderby=Id"));
  ASSERT_EQ(response.sessions_size(), 2);
  EXPECT_EQ(response.sessions(0).robot().name(), RobotNamed(749));
  EXPECT_EQ(response.sessions(0).robot().user_name(), "UIPATH\\MADALINA.BOBOC");

  const auto literal = Sessions(
      "filter: 'reported_state = AVAILABLE AND report_time > \"2018-03-05T03:48:04.147Z\"' "
      "read_mask { paths: 'robot' }");
  EXPECT_EQ(
      TakeLine(),
      "GET /odata/Sessions?$top=10&$filter=State%20eq%20%27Available%27%20and%20"
      "ReportingTime%20gt%202018-03-05T03:48:04.147Z&$select=Robot,Id&$expand=Robot&$orderby=Id");
  EXPECT_EQ(literal.sessions_size(), 2);
}

TEST_F(RobotExamples, DisconnectedRobots) {
  const auto response = Sessions(
      "filter: 'reported_state = DISCONNECTED' read_mask { paths: 'reported_state' paths: "
      "'report_time' paths: 'unresponsive' paths: 'robot' }");
  EXPECT_EQ(TakeLine(),
            "GET /odata/Sessions?$top=10&$filter=State%20eq%20%27Disconnected%27&"
            "$select=State,ReportingTime,IsUnresponsive,Robot,Id&$expand=Robot&$orderby=Id");
  ASSERT_EQ(response.sessions_size(), 2);
  EXPECT_EQ(response.sessions(0).state(), rb::RobotState::STATE_DISCONNECTED);
  EXPECT_EQ(response.sessions(0).report_time().nanos(), 930'000'000);
  EXPECT_EQ(response.sessions(1).robot().display_name(), "!~#$%^&*()_+=-");
}

TEST_F(RobotExamples, OneRobot) {
  const auto robot = Ask(&RobotStub::GetRobot, absl::StrCat("name: '", RobotNamed(216), "'"));
  EXPECT_EQ(TakeLine(), "GET /odata/Robots(216)");
  EXPECT_EQ(robot.display_name(), "Gustavee");
  EXPECT_EQ(robot.license_key(), "fc157179-3724-4bb0-acd2-8261bef82d01");
  EXPECT_EQ(robot.type(), rb::Robot::TYPE_DEVELOPMENT);
  EXPECT_TRUE(robot.password().empty());
  const auto nobody = Call(&RobotStub::GetRobot, absl::StrCat("name: '", RobotNamed(9), "'"));
  EXPECT_TRUE(Fails(nobody.status, grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  EXPECT_EQ(FailureOf(nobody.status).metadata["upstreamCode"], "1002");
}

TEST_F(RobotExamples, RobotsForAProcess) {
  const auto response =
      Ask(&RobotStub::ListProcessRobots,
          absl::StrCat("parent: '", kSharedFolder, "/processes/input_output_arguments_example'"));
  // The path as the upstream has decoded it.
  EXPECT_EQ(TakeLine(), absl::StrCat("GET /odata/Robots/", kNamespace,
                                     "GetRobotsForProcess(processId='input_output_arguments_"
                                     "example')?$top=1000&$orderby=Id"));
  ASSERT_EQ(response.robots_size(), 2);
  EXPECT_EQ(response.robots(0).name(), RobotNamed(759));
  // The same by the key of a process.
  const auto by_key = Ask(
      &RobotStub::ListProcessRobots,
      absl::StrCat("parent: '", kSharedFolder, "/processes/c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d1001'"));
  EXPECT_EQ(by_key.robots_size(), 2);
}

TEST_F(RobotExamples, LogsOfARobot) {
  const auto response =
      Ask(&RobotStub::ListRobotLogs,
          absl::StrCat("parent: '", kSharedFolder,
                       "' page_size: 100 skip: 200 filter { robot_display_name: 'DocBot' }"));
  EXPECT_EQ(TakeLine(),
            "GET /odata/RobotLogs?$top=100&$skip=200&$filter=RobotName%20eq%20%27DocBot"
            "%27&$orderby=TimeStamp%20desc");
  EXPECT_EQ(response.total_size(), 202);
  EXPECT_EQ(response.logs_size(), 2);
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(RobotExamples, ModifyingARobot) {
  const auto robot =
      Ask(&RobotStub::UpdateRobot,
          absl::StrCat("robot { name: '", RobotNamed(749),
                       "' type: TYPE_DEVELOPMENT user_name: 'UIPATH\\\\JustAnotherRobot' } "
                       "update_mask { paths: 'type' paths: 'user_name' }"));
  const auto lines = TakeLines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "GET /odata/Robots(749)");
  EXPECT_THAT(lines[1], StartsWith("PUT /odata/Robots(749) {"));
  EXPECT_THAT(lines[1], HasSubstr(R"("Type":"Development")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("Username":"UIPATH\\JustAnotherRobot")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("TracingLevel":"Information")"));
  EXPECT_EQ(lines[2], "GET /odata/Robots(749)");
  EXPECT_EQ(robot.type(), rb::Robot::TYPE_DEVELOPMENT);
  EXPECT_EQ(robot.execution_settings_size(), 8);
}

TEST_F(RobotExamples, DeletingRobots) {
  Ask(&RobotStub::DeleteRobot, absl::StrCat("name: '", RobotNamed(79), "'"));
  EXPECT_EQ(TakeLine(), "DELETE /odata/Robots(79)");
  const auto response = Ask(&RobotStub::BatchDeleteRobots,
                            absl::StrCat("parent: '", kOrchestratorName, "' names: '",
                                         RobotNamed(119), "' names: '", RobotNamed(120), "'"));
  EXPECT_EQ(TakeLine(), absl::StrCat("POST /odata/Robots/", kNamespace,
                                     R"(DeleteBulk {"robotIds":[119,120]})"));
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_TRUE(response.results(0).done());
  EXPECT_TRUE(response.results(1).done());
  EXPECT_FALSE(In([](Simulator& simulator) { return simulator.robots.contains(119); }));
}

TEST_F(RobotExamples, TheGatewaysOwnUnattendedPassword) {
  const auto response =
      Ask(&RobotStub::UpdateUnattendedCredentials,
          absl::StrCat("name: '", kOrchestratorName, "/users/me' password: 'new'"));
  EXPECT_EQ(response.name(), absl::StrCat(kOrchestratorName, "/users/88"));
  const auto lines = TakeLines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[1], StartsWith("PATCH /odata/Users(88) {\"UnattendedRobot\":"));
  EXPECT_EQ(In([](Simulator& simulator) {
              return simulator.users.at(88)["UnattendedRobot"]["Password"];
            }),
            "new");
}

TEST_F(RobotExamples, TheUnattendedPasswordOfAnotherRobot) {
  Ask(&RobotStub::UpdateUnattendedCredentials,
      absl::StrCat("name: '", kOrchestratorName, "/users/45' password: 'new'"));
  const auto lines = TakeLines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1], "GET /odata/Users(45)");
  EXPECT_THAT(lines[2], StartsWith("PUT /odata/Users(45) {"));
  const Json user = In([](Simulator& simulator) { return simulator.users.at(45); });
  EXPECT_EQ(user["UnattendedRobot"]["Password"], "new");
  EXPECT_EQ(user["UnattendedRobot"]["UserName"], "uipath\\john.smith");
  EXPECT_EQ(user["RolesList"], Json({"Administrator"}));
}

}  // namespace
}  // namespace relais::integration
