// What callers meet: paths, credentials, folders, versions, errors, robots and users.
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/orchestrator_client.h"
#include "sandbox/upstreams/robot/orchestrator_fixture.h"

namespace relais::sandbox::robot {
namespace {

using Strings = std::vector<std::string>;

class Orchestrator : public OrchestratorTest {
 protected:
  Answer Token(const std::string& form) {
    client_->token.clear();
    const auto result =
        client_->http().Post("/identity/connect/token", form, "application/x-www-form-urlencoded");
    return {result->status, Json::parse(result->body, nullptr, false), result->headers};
  }
  Strings Names(const std::string& path) {
    return OrchestratorClient::Column(client_->Get(path), "Name");
  }
};

TEST_F(Orchestrator, IsServedBelowEveryRootAndInAnyCase) {
  for (const char* root : {"", "/org/tenant", "/org/tenant/orchestrator_"}) {
    const Answer robot = client_->Get(absl::StrCat(root, "/ODATA/robots(216)"));
    EXPECT_EQ(robot.body["@odata.context"], absl::StrCat("http://127.0.0.1:", sandbox_->http_port(),
                                                         root, "/odata/$metadata#Robots/$entity"));
    EXPECT_EQ(robot.body["Name"], "Gustavee");
    EXPECT_EQ(robot.headers.find("api-supported-versions")->second, "20.0");
  }
  EXPECT_EQ(client_->Get("/odata/Nonsense").status, 404);
  EXPECT_EQ(client_->Put("/odata/Sessions", {}).status, 405);
  EXPECT_EQ(client_->http().Get("/identity/nowhere")->get_header_value("Content-Type"),
            "text/html");
}

TEST_F(Orchestrator, IssuesTokensForScopesAndRefusesExpiredOnes) {
  const std::string form = "grant_type=client_credentials&client_id=relais&client_secret=";
  EXPECT_EQ(Token(form + "wrong").body["error"], "invalid_client");
  const Answer granted = Token(form + "relais-secret&scope=OR.Robots.Read");
  ASSERT_EQ(granted.status, 200);
  EXPECT_EQ(granted.body["expires_in"], 3600);
  client_->token = granted.body["access_token"].get<std::string>();
  EXPECT_EQ(client_->Get("/odata/Robots(216)").status, 200);
  ExpectRefusal(client_->Delete("/odata/Robots(216)"), 403, 0);
  ExpectRefusal(client_->Get("/odata/RobotLogs"), 403, 0);
  const Answer may =
      client_->Get("/odata/Users/UiPath.Server.Configuration.OData.GetCurrentPermissions");
  EXPECT_EQ(may.body["Permissions"], Json({"Robots.View"}));
  sandbox_->AdvanceClock(absl::Hours(1));
  EXPECT_EQ(client_->Get("/odata/Robots(216)").status, 401);
  client_->token = Token(form + "relais-secret&scope=OR.Default OR.Users").text("access_token");
  EXPECT_EQ(client_->Get("/odata/RobotLogs").status, 200);
  client_->token.clear();
  EXPECT_EQ(client_->Get("/odata/Robots(216)").status, 401);
  EXPECT_EQ(client_->Get("/api/Status/Get").status, 200);
}

TEST_F(Orchestrator, KnowsPasswordsUpToVersion17Only) {
  const Json login = {{"TenancyName", "default"},
                      {"UsernameOrEmailAddress", "admin"},
                      {"Password", "admin-password"}};
  EXPECT_EQ(client_->Post("/api/Account/Authenticate", login).status, 404);
  BeginVersion(16);
  client_->token.clear();
  const Answer welcome = client_->Post("/api/Account/Authenticate", login);
  ASSERT_EQ(welcome.body["success"], true);
  client_->token = welcome.body["result"].get<std::string>();
  EXPECT_EQ(client_->Get("/odata/Robots(216)").status, 200);
  Json wrong = login;
  wrong["Password"] = "x";
  EXPECT_EQ(client_->Post("/api/Account/Authenticate", wrong).body["success"], false);
}

TEST_F(Orchestrator, FindsFoldersByEachOfFourHeaders) {
  client_->folder.clear();
  ExpectRefusal(client_->Get("/odata/Robots"), 400, 1101);
  const std::string path = "Départements/Finance";
  std::string wide;  // UTF-16LE
  for (const char* c : {"D", "\xE9", "p", "a", "r", "t", "e", "m", "e", "n",
                        "t", "s",    "/", "F", "i", "n", "a", "n", "c", "e"}) {
    wide += c[0];
    wide += '\0';
  }
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"X-UIPATH-OrganizationUnitId", "67543"},
           {"X-UIPATH-FolderKey", "6B1B5F0D-7d6a-4f3e-9a45-0d3f1a6c0003"},
           {"X-UIPATH-FolderPath", path},
           {"X-UIPATH-FolderPath-Encoded", absl::Base64Escape(wide)}}) {
    client_->more = {{name, value}};
    EXPECT_EQ(Names("/odata/Robots"), Strings{"FinBot"}) << name;
    client_->more = {{name, "nowhere"}};
    ExpectRefusal(client_->Get("/odata/Robots"), 400, 1100);
  }
}

TEST_F(Orchestrator, AnswersTheQueriesOfTheVendorsPage) {
  const auto states = [this](const std::string& filter) {
    return OrchestratorClient::Column(client_->Filter("Sessions", filter, "$top=10&$select=State"),
                                      "State");
  };
  EXPECT_EQ(states("Robot/Id eq 749"), Strings{"Available"});
  EXPECT_EQ(states("Robot/Name eq 'DocBot'"), Strings{"Available"});
  EXPECT_EQ(states("Robot/Name eq '!~#$%^&*()_+=-'"), Strings{"Disconnected"});
  EXPECT_EQ(states("Robot/Name eq 'O''Neil'"), Strings{"Busy"});
  const std::string since =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now() - absl::Minutes(2), absl::UTCTimeZone());
  const Answer active =
      client_->Filter("Sessions", "State eq 'Available' and ReportingTime gt " + since,
                      "$select=Robot&$expand=Robot");
  EXPECT_EQ(active.body["@odata.count"], 2);
  EXPECT_EQ(active.body["value"][0].size(), 1U);
  EXPECT_EQ(active.body["value"][1]["Robot"]["Name"], "mr-Rob");
  EXPECT_EQ(Names(absl::StrCat("/odata/Robots/", kNamespace,
                               "GetRobotsForProcess(processId=%27input_output_arguments_example"
                               "%27)")),
            (Strings{"Stan", "DocBot"}));
  ExpectRefusal(client_->Get(absl::StrCat("/odata/Robots/", kNamespace,
                                          "GetRobotsForProcess(processId=%27none%27)")),
                404, 1002);
}

TEST_F(Orchestrator, PagesSortsAndProjects) {
  EXPECT_EQ(Names("/odata/Robots?$orderby=Name%20desc&$top=2&$skip=1&$select=Name"),
            (Strings{"Spare79", "Spare120"}));
  EXPECT_EQ(client_->Get("/odata/Releases?$count=true&$top=1").body["@odata.count"], 4);
  EXPECT_FALSE(client_->Get("/odata/Releases?$top=1").body.contains("@odata.count"));
  const Answer nested = client_->Get("/odata/Sessions?$top=1&$expand=Robot($expand=License,User)");
  EXPECT_EQ(nested.body["value"][0]["Robot"]["User"]["UserName"], "admin");
  for (const char* wrong :
       {"$top=-1", "$top=1001", "$skip=x", "$select=Nothing", "$expand=State", "$orderby=Name%20up",
        "$filter=Nothing%20eq%201", "$frob=1", "$expand=Robot($expand=User($expand=Robot))"}) {
    ExpectRefusal(client_->Get(absl::StrCat("/odata/Sessions?", wrong)), 400, 1000);
  }
}

TEST_F(Orchestrator, ReplacesARobotByTheRulesOfItsVersion) {
  const Json whole = {{"LicenseKey", "8ec4t984-b2d7-44f2-b5be-0a64ee9a487b"},
                      {"MachineName", "MBOBOC"},
                      {"Name", "DocBot"},
                      {"Type", "Development"},
                      {"Id", 749},
                      {"Username", "UIPATH\\JustAnotherRobot"}};
  EXPECT_TRUE(client_->Put("/odata/Robots(749)", whole).body.is_null());
  const Answer robot = client_->Get("/odata/Robots(749)");
  EXPECT_EQ(robot.body["Username"], "UIPATH\\JustAnotherRobot");
  EXPECT_EQ(robot.body["ExecutionSettings"]["TracingLevel"], "Information");  // left as it was
  for (const char* name : {"LicenseKey", "MachineName", "Name", "Type", "Id"}) {
    Json less = whole;
    less.erase(name);
    ExpectRefusal(client_->Put("/odata/Robots(749)", less), 400, 1009);
  }
  ExpectRefusal(client_->Put("/odata/Robots(4711)", whole), 404, 1002);
  BeginVersion(11);
  EXPECT_EQ(client_->Put("/odata/Robots(749)", whole).body["Type"], "Development");
}

TEST_F(Orchestrator, CreatesAndDeletesRobots) {
  const Json robot = {{"Name", "New"}, {"type", "Unattended"}, {"hostingType", "Floating"}};
  const Answer made = client_->Post("/odata/Robots", robot);
  ASSERT_EQ(made.status, 201);
  ExpectRefusal(client_->Post("/odata/Robots", robot), 409, 1001);
  EXPECT_EQ(client_->Delete(absl::StrCat("/odata/Robots(", made.body["Id"].dump(), ")")).status,
            204);
  const std::string bulk = absl::StrCat("/odata/Robots/", kNamespace, "DeleteBulk");
  ExpectRefusal(client_->Post(bulk, {{"robotIds", Json::array()}}), 400, 1009);
  ExpectRefusal(client_->Post(bulk, {{"robotIds", {119, 4711}}}), 404, 1002);
  EXPECT_EQ(client_->Get("/odata/Robots(119)").status, 200);  // all or nothing
  EXPECT_EQ(client_->Post(bulk, {{"robotIds", {119, 120}}}).status, 204);
  ExpectRefusal(client_->Get("/odata/Robots(119)"), 404, 1002);
}

TEST_F(Orchestrator, KeepsCredentialsToThemselves) {
  const Json change = {{"UnattendedRobot", {{"Password", "new"}}}};
  EXPECT_EQ(client_->Patch("/odata/Users(88)", change).status, 200);
  ExpectRefusal(client_->Patch("/odata/Users(45)", change), 403, 0);
  Json user = client_->Get("/odata/Users(45)").body;
  EXPECT_TRUE(user["UnattendedRobot"]["Password"].is_null());
  user["UnattendedRobot"]["Password"] = "new";
  EXPECT_EQ(client_->Put("/odata/Users(45)", user).status, 200);
  EXPECT_TRUE(client_->Get("/odata/Users(45)").body["UnattendedRobot"]["Password"].is_null());
  user.erase("Type");
  ExpectRefusal(client_->Put("/odata/Users(45)", user), 400, 1009);
}

TEST_F(Orchestrator, IsStrictOnDemand) {
  EXPECT_EQ(client_->Get("/odata/Robots('216')").status, 200);
  Options options;
  options.strict = true;
  Begin(options);
  ExpectRefusal(client_->Get("/odata/Robots('216')"), 400, 1000);
  ExpectRefusal(client_->Get("/odata/Sessions"), 400, 1000);
  EXPECT_EQ(client_->Get("/odata/Sessions?$top=10").status, 200);
}

TEST_F(Orchestrator, HasEnvironmentsUpToVersion19Only) {
  EXPECT_EQ(client_->Get("/odata/Environments").status, 404);
  BeginVersion(18);
  EXPECT_EQ(client_->Get("/odata/Environments").status, 200);
}

}  // namespace
}  // namespace relais::sandbox::robot
