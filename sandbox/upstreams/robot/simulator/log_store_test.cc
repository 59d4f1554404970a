// Logs through the front: windows, levels, late rows, and a million of them.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/orchestrator_client.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"

namespace relais::sandbox::robot {
namespace {

class RobotLogs : public testing::Test {
 protected:
  void Begin(SandboxOptions options = {}) {
    sandbox_ = Sandbox::Start(std::move(options)).value();
    client_ = std::make_unique<OrchestratorClient>(*sandbox_);
  }
  void Add(LogEntry entry) {
    Simulator& simulator = SimulatorOf(*sandbox_);
    const std::lock_guard<std::mutex> lock(simulator.mutex);
    entry.source.folder = 36886;
    entry.source.robot = "Late";
    simulator.logs.Add(std::move(entry));
  }
  std::vector<std::string> Messages(const std::string& filter, const std::string& more = "") {
    return OrchestratorClient::Column(client_->Filter("RobotLogs", filter, more), "Message");
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<OrchestratorClient> client_;
};

using Strings = std::vector<std::string>;

TEST_F(RobotLogs, HaveTheRowsOfTheVendorsPage) {
  Begin();
  const Answer page = client_->Filter("RobotLogs", "RobotName eq 'DocBot'", "$top=100&$skip=200");
  EXPECT_EQ(page.body["@odata.count"], 202);
  ASSERT_EQ(page.body["value"].size(), 2U);
  const Json& first = page.body["value"][0];
  EXPECT_EQ(first["TimeStamp"], "2019-10-14T13:55:18.2473626Z");
  EXPECT_EQ(first["Id"], 0);
  const Json raw = Json::parse(first["RawMessage"].get<std::string>());
  EXPECT_EQ(raw["fingerprint"], "972a32c3-95d9-4264-ae5d-af589bf4f0b5");
  EXPECT_EQ(raw["robotName"], "G");
  EXPECT_EQ(
      Json::parse(page.body["value"][1]["RawMessage"].get<std::string>())["totalExecutionTime"],
      "00:02:03");
}

TEST_F(RobotLogs, AreFilteredByTimeLevelAndJob) {
  Begin();
  const std::string key = "JobKey eq e49c0012-ee01-45e4-884c-0ce1f2aa6fbb";
  EXPECT_EQ(Messages(key + " and TimeStamp gt 2019-10-14T13:55:18.2473626Z"),
            Strings{"TestingSequence_DOC execution ended"});
  EXPECT_EQ(Messages(key + " and TimeStamp ge 2019-10-14T13:55:18.2473626Z").size(), 2U);
  EXPECT_EQ(Messages(key, "$orderby=TimeStamp+desc&$top=1"),
            Strings{"TestingSequence_DOC execution ended"});
  EXPECT_EQ(Messages("Level ge 'Warn' and RobotName eq 'DocBot'"), Strings());
  client_->folder = "67543";
  EXPECT_EQ(Messages(key), Strings());
}

TEST_F(RobotLogs, EndAtTheWindowOfElasticsearch) {
  SandboxOptions options;
  options.Of<Options>().generated_logs = 25'000;
  Begin(options);
  const std::string bulk = "RobotName eq 'LogBot'";
  EXPECT_EQ(Messages(bulk, "$top=1000&$skip=9000").back(), "row 10000");
  const Answer beyond = client_->Filter("RobotLogs", bulk, "$top=1000&$skip=9001");
  EXPECT_EQ(beyond.status, 400);
  EXPECT_EQ(beyond.code(), 1000);
  EXPECT_NE(beyond.text("message").find("max_result_window"), std::string::npos);
  EXPECT_EQ(client_->Filter("RobotLogs", bulk, "$top=1").body["@odata.count"], 10'000);
  EXPECT_EQ(client_->Filter("RobotLogs/UiPath.Server.Configuration.OData.GetTotalCount", bulk)
                .body["value"],
            25'000);
}

TEST_F(RobotLogs, HaveIdsAndNoWindowInSql) {
  SandboxOptions options;
  options.Of<Options>().generated_logs = 25'000;
  options.Of<Options>().elasticsearch = false;
  Begin(options);
  const Answer page = client_->Filter("RobotLogs", "RobotName eq 'LogBot'", "$top=2&$skip=24998");
  EXPECT_EQ(page.body["@odata.count"], 25'000);
  EXPECT_EQ(OrchestratorClient::Column(page, "Message"), (Strings{"row 24999", "row 25000"}));
  EXPECT_NE(page.body["value"][0]["Id"], page.body["value"][1]["Id"]);
}

TEST_F(RobotLogs, AppearLateAndTwiceInTheirPlace) {
  Begin();
  const absl::Time noon = absl::FromUnixSeconds(1'700'000'000);
  Add({.source = {}, .time = noon, .message = "a"});
  Add({.source = {},
       .time = noon + absl::Seconds(2),
       .message = "c",
       .fingerprint = "00000000-0000-4000-8000-000000000001"});
  Add({.source = {},
       .time = noon + absl::Seconds(2),
       .message = "c",
       .fingerprint = "00000000-0000-4000-8000-000000000001"});
  Add({.source = {},
       .time = noon + absl::Seconds(1),
       .message = "b",
       .fingerprint = "",
       .seconds = -1,
       .visible_from = absl::Now() + absl::Seconds(60)});
  const std::string late = "RobotName eq 'Late'";
  EXPECT_EQ(Messages(late), (Strings{"a", "c", "c"}));
  sandbox_->AdvanceClock(absl::Seconds(61));
  EXPECT_EQ(Messages(late), (Strings{"a", "b", "c", "c"}));
}

}  // namespace
}  // namespace relais::sandbox::robot
