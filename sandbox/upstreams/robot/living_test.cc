// What happens by itself as time passes, and what robot programs report.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/orchestrator_client.h"

namespace relais::sandbox::robot {
namespace {

constexpr char kJobs[] = "/odata/Jobs/UiPath.Server.Configuration.OData.";

class Life : public testing::Test {
 protected:
  explicit Life(Options options = {}) {
    SandboxOptions all;
    all.Of<Options>() = std::move(options);
    sandbox_ = Sandbox::Start(std::move(all)).value();
    client_ = std::make_unique<OrchestratorClient>(*sandbox_);
  }
  Json Session(int robot) {
    return client_->Filter("Sessions", absl::StrCat("Robot/Id eq ", robot)).body["value"].at(0);
  }
  Json Admin(const std::string& path, const Json& body) { return client_->Post(path, body).body; }
  Json Start(const char* release, Json info = Json::object()) {
    info["ReleaseKey"] = absl::StrCat("c3f6a1f0-93b5-4a36-8b1c-5f3b0c6d", release);
    return client_->Post(absl::StrCat(kJobs, "StartJobs"), {{"startInfo", info}})
        .body["value"]
        .at(0);
  }
  std::string StateOf(const Json& job) {
    return client_->Get(absl::StrCat("/odata/Jobs(", job["Id"].dump(), ")")).body["State"];
  }
  int Stop(const Json& job, const char* strategy) {
    return client_
        ->Post(absl::StrCat("/odata/Jobs(", job["Id"].dump(),
                            ")/UiPath.Server.Configuration.OData.StopJob"),
               {{"strategy", strategy}})
        .status;
  }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<OrchestratorClient> client_;
};

TEST_F(Life, RobotsBeatEveryHalfMinuteUntilTheyFallSilent) {
  const std::string before = Session(749)["ReportingTime"];
  sandbox_->AdvanceClock(absl::Seconds(30));
  EXPECT_GT(Session(749)["ReportingTime"].get<std::string>(), before);
  EXPECT_EQ(Session(749)["IsUnresponsive"], false);
  Admin("/sandbox/robot/sessions", {{"robot", 749}, {"beating", false}});
  sandbox_->AdvanceClock(absl::Seconds(119));
  EXPECT_EQ(Session(749)["IsUnresponsive"], false);
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(Session(749)["IsUnresponsive"], true);
  EXPECT_EQ(Session(749)["State"], "Available");  // as it reported last
  const Json stats = client_->Get("/api/Stats/GetSessionsStats").body;
  EXPECT_EQ(stats[3]["title"], "Unresponsive");
  EXPECT_EQ(stats[3]["count"], 1);
}

TEST_F(Life, JobsRunAndWriteLogs) {
  const Json job = Start("1002", {{"InputArguments", "{}"}, {"Reference", "r-1"}});
  EXPECT_EQ(job["State"], "Pending");
  EXPECT_EQ(job["Reference"], "r-1");
  sandbox_->AdvanceClock(absl::Seconds(2));
  EXPECT_EQ(StateOf(job), "Running");
  EXPECT_EQ(Session(749)["State"], "Busy");
  EXPECT_EQ(client_->Delete("/odata/Robots(749)").status, 409);
  sandbox_->AdvanceClock(absl::Seconds(5));
  EXPECT_EQ(StateOf(job), "Successful");
  EXPECT_EQ(Session(749)["State"], "Available");
  const auto lines = OrchestratorClient::Column(
      client_->Filter("RobotLogs", "JobKey eq " + job["Key"].get<std::string>()), "Message");
  EXPECT_EQ(lines, (std::vector<std::string>{"TestingSequence_DOC execution started",
                                             "TestingSequence_DOC execution ended"}));
}

TEST_F(Life, JobsFailAreStoppedAndKilled) {
  const Json failing = Start("1003");
  const Json pending = Start("1002", {{"RobotIds", {1684}}});  // which never connects
  sandbox_->AdvanceClock(absl::Seconds(60));
  EXPECT_EQ(StateOf(failing), "Faulted");
  EXPECT_EQ(StateOf(pending), "Pending");
  EXPECT_EQ(Stop(pending, "SoftStop"), 200);
  EXPECT_EQ(StateOf(pending), "Stopped");
  EXPECT_EQ(Stop(pending, "Kill"), 409);
  for (const auto& [strategy, between, end] :
       {std::tuple("1", "Stopping", "Successful"), std::tuple("Kill", "Terminating", "Stopped")}) {
    const Json job = Start("1002");
    sandbox_->AdvanceClock(absl::Seconds(2));
    EXPECT_EQ(StateOf(job), "Running");
    EXPECT_EQ(Stop(job, strategy), 200);
    EXPECT_EQ(StateOf(job), between);
    sandbox_->AdvanceClock(absl::Seconds(2));
    EXPECT_EQ(StateOf(job), end);
  }
}

Options OnePerMinute() {
  Options options;
  options.job_lists_per_minute = 1;
  return options;
}

class RateLimited : public Life {
 protected:
  RateLimited() : Life(OnePerMinute()) {}
};

TEST_F(RateLimited, ListsOfJobsAreLimitedAndSingleJobsAreNot) {
  const Json job = Start("1002");
  EXPECT_EQ(client_->Get("/odata/Jobs?$top=10").status, 200);
  const Answer refused = client_->Get("/odata/Jobs?$top=10");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.find("X-RateLimit-Remaining")->second, "0");
  const int wait = std::stoi(refused.headers.find("Retry-After")->second);
  EXPECT_GE(wait, 50);
  EXPECT_LE(wait, 60);
  EXPECT_EQ(StateOf(job), "Pending");
  sandbox_->AdvanceClock(absl::Seconds(wait));
  EXPECT_EQ(client_->Get("/odata/Jobs?$top=10").status, 200);
}

}  // namespace
}  // namespace relais::sandbox::robot
