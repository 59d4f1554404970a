#include "server/status/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "server/core/base/executor.h"
#include "server/core/upstream/breaker.h"
#include "server/gateway/connection.h"
#include "server/rpc/calls/call.h"
#include "server/status/shown_text.h"
#include "tests/support/manual_scheduler.h"

namespace relais::status {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

struct TestConnection final : gateway::Connection {
  Executor& workers() const override { return executor; }
  const Breaker& breaker() const override { return breaker_of_upstream; }
  watch::HubCounts polling() const override { return counts; }
  std::vector<watch::HubView> watched() const override { return views; }

  mutable Executor executor{2, 8};
  Breaker breaker_of_upstream{BreakerPolicy{.failures = 1}};
  watch::HubCounts counts;
  std::vector<watch::HubView> views;
};

class TestService final : public gateway::Service {
 public:
  void AddTo(rpc::Host&) override {}
  std::vector<const gateway::Connection*> connections() const override { return {}; }
  gateway::Scheduled Show(std::size_t) const override { return scheduled; }

  gateway::Scheduled scheduled;
};

class Document : public testing::Test {
 protected:
  Document() {
    connection_.name = "main";
    connection_.display_name = "The queue";
  }

  Json Make() {
    return Json::parse(MakeDocument({.version = "1.2.3",
                                     .serving = [this] { return serving_; },
                                     .scheduler = scheduler_,
                                     .ceilings = ceilings_,
                                     .runtime = runtime_,
                                     .metrics = metrics_,
                                     .upstreams = {{"queue", &connection_}},
                                     .services = {{"timer", &service_}}},
                                    start_));
  }
  Json OnlyConnection() { return Make()["connections"].at(0); }

  // Something at every place of the document.
  void FillAll() {
    connection_.metrics.recent.Succeeded(absl::Milliseconds(12), scheduler_.Wall());
    connection_.metrics.recent.Failed(absl::Seconds(1),
                                      {Reason::kUpstreamUnavailable, 503, scheduler_.Wall()});
    connection_.views = {{.name = "queues/main",
                          .noun = "job",
                          .watchers = 3,
                          .states = {{"RUNNING", 2}},
                          .age = absl::Seconds(4)}};
    method_.metrics.started->Increment();
    method_.metrics.open->Increment();
    AddFailure("main");
    service_.scheduled.schedules = {{.name = "exports/a", .last_state = "SUCCEEDED"}};
    service_.scheduled.runs = {{.name = "exports/a/runs/b",
                                .state = "RUNNING",
                                .slot = scheduler_.Wall(),
                                .percent = 40,
                                .reason = "UPSTREAM_TIMEOUT"}};
  }
  void AddFailure(const std::string& connection) {
    runtime_.failures().Add({.method = &method_,
                             .code = absl::StatusCode::kUnavailable,
                             .reason = Reason::kUpstreamUnavailable,
                             .connection = connection,
                             .call_id = "call-1",
                             .time = scheduler_.Wall()});
  }

  ManualScheduler scheduler_;
  const absl::Time start_ = scheduler_.Now();
  Serving serving_;
  Ceilings ceilings_;
  prometheus::Registry registry_;
  rpc::ServerMetrics metrics_{registry_};
  rpc::Runtime runtime_{scheduler_, {}};
  const rpc::MethodInfo method_ =
      rpc::DescribeMethod(metrics_, "unary", "relais.queue.v1.QueueService", "GetJob");
  TestConnection connection_;
  TestService service_;
};

TEST_F(Document, TellsWhetherTheGatewayServes) {
  scheduler_.AdvanceBy(absl::Seconds(90));
  Json gateway = Make()["gateway"];
  EXPECT_EQ(gateway["version"], "1.2.3");
  EXPECT_EQ(gateway["state"], "serving");
  EXPECT_EQ(gateway["uptime_seconds"], 90.0);
  EXPECT_EQ(gateway["start_time"], "2023-11-14T22:13:20.000Z");
  serving_ = {.problem = "the state file is lost"};
  gateway = Make()["gateway"];
  EXPECT_EQ(gateway["state"], "not_ready");
  EXPECT_EQ(gateway["problem"], "the state file is lost");
  serving_ = {.problem = "draining", .draining = true};
  EXPECT_EQ(Make()["gateway"]["state"], "draining");
}

TEST_F(Document, KnowsNothingOfAnUpstreamThatNobodyHasAsked) {
  const Json shown = OnlyConnection();
  EXPECT_EQ(shown["service"], "queue");
  EXPECT_EQ(shown["name"], "main");
  EXPECT_EQ(shown["display_name"], "The queue");
  EXPECT_EQ(shown["readiness"], "unknown");
  EXPECT_EQ(shown["breaker"], "closed");
  EXPECT_TRUE(shown["last_error"].is_null());
  EXPECT_TRUE(shown["latency"]["milliseconds"].empty());
}

TEST_F(Document, TellsOfAnOutageAndThatItIsOver) {
  RecentAttempts& recent = connection_.metrics.recent;
  recent.Succeeded(absl::Milliseconds(12), scheduler_.Wall());
  EXPECT_EQ(OnlyConnection()["readiness"], "ready");
  recent.Failed(absl::Seconds(1), {Reason::kUpstreamUnavailable, 503, scheduler_.Wall()});
  (void)connection_.breaker_of_upstream.Failed(*connection_.breaker_of_upstream.Admit(start_),
                                               start_);
  Json shown = OnlyConnection();
  EXPECT_EQ(shown["readiness"], "unreachable");
  EXPECT_EQ(shown["breaker"], "open");
  EXPECT_EQ(shown["last_error"], (Json{{"reason", "UPSTREAM_UNAVAILABLE"},
                                       {"http_status", 503},
                                       {"time", "2023-11-14T22:13:20.000Z"}}));
  EXPECT_EQ(shown["latency"], (Json{{"milliseconds", {12.0, 1000.0}}, {"failed", {1}}}));
  recent.Succeeded(absl::Milliseconds(9), scheduler_.Wall());
  shown = OnlyConnection();
  EXPECT_EQ(shown["readiness"], "ready");
  EXPECT_EQ(shown["last_error"]["http_status"], 503) << "what was, is told with its time";
}

TEST_F(Document, TellsTroublesApart) {
  const auto after = [this](Reason reason) {
    connection_.metrics.recent.Failed({reason, 0, scheduler_.Wall()});
    return OnlyConnection()["readiness"];
  };
  EXPECT_EQ(after(Reason::kUpstreamUnreachable), "unreachable");
  EXPECT_EQ(after(Reason::kGatewayCredentialRejected), "login_refused");
  EXPECT_EQ(after(Reason::kUpstreamMalformedResponse), "failing");
}

TEST_F(Document, CountsWhatIsWatchedByKindAndState) {
  connection_.views = {
      {.name = "a",
       .noun = "robot",
       .watchers = 1,
       .states = {{"BUSY", 2}},
       .age = absl::Seconds(3)},
      {.name = "b", .noun = "robot", .watchers = 4, .states = {{"BUSY", 1}, {"FAULTED", 1}}},
      {.name = "c", .noun = "job", .watchers = 1, .states = {{"RUNNING", 1}}}};
  const Json watched = Make()["watched"];
  ASSERT_EQ(watched.size(), 2U);
  EXPECT_EQ(watched[0]["noun"], "job");
  EXPECT_EQ(watched[1]["noun"], "robot");
  EXPECT_EQ(watched[1]["watchers"], 5);
  EXPECT_EQ(watched[1]["states"], (Json{{"BUSY", 3}, {"FAULTED", 1}}));
  const Json& most = watched[1]["collections"].at(0);
  EXPECT_EQ(most["name"], "b") << "that most watch, first";
  EXPECT_TRUE(most["age_seconds"].is_null());
  EXPECT_EQ(watched[1]["collections"].at(1)["age_seconds"], 3.0);
}

TEST_F(Document, ShowsLimitsCallsAndFailures) {
  FillAll();
  ASSERT_TRUE(ceilings_.watches.TryTake(7));
  const Json shown = Make();
  EXPECT_EQ(shown["limits"].at(1)["name"], "watches");
  EXPECT_EQ(shown["limits"].at(1)["used"], 7);
  EXPECT_EQ(shown["calls"]["methods"].at(0)["method"], "GetJob");
  EXPECT_EQ(shown["calls"]["methods"].at(0)["open"], 1);
  EXPECT_EQ(shown["failures"]["total"], 1);
  EXPECT_EQ(shown["failures"]["recent"].at(0)["reason"], "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(shown["failures"]["recent"].at(0)["code"], "UNAVAILABLE");
  EXPECT_EQ(shown["runs"].at(0)["percent"], 40.0);
}

TEST_F(Document, IsSmallWhateverNamesAndNumbersOthersChoose) {
  const std::string hostile = "<script>\xFF\u202E" + std::string(1 << 20, 'x');
  for (int i = 0; i < 5000; ++i)
    connection_.views.push_back(
        {.name = i < 5 ? hostile : hostile.substr(0, 1000), .noun = "job", .watchers = 1});
  for (int i = 0; i < 300; ++i) AddFailure(absl::StrCat(i, hostile.substr(0, 10'000)));
  connection_.display_name = hostile;
  for (int i = 0; i < 500; ++i)
    connection_.metrics.recent.Succeeded(absl::Hours(1), scheduler_.Wall());
  const std::string document = Make().dump();
  EXPECT_LT(document.size(), 100'000U);
  const Json shown = Json::parse(document);
  EXPECT_EQ(shown["watched"].at(0)["collections_total"], 5000);
  EXPECT_EQ(shown["failures"]["recent"].size(), rpc::RecentFailures::kMost);
  const std::string name = shown["watched"].at(0)["collections"].at(0)["name"];
  EXPECT_EQ(name, ShownText(hostile));
}

void CollectNames(const Json& json, std::set<std::string>& names) {
  if (json.is_array()) {
    for (const Json& item : json) CollectNames(item, names);
  }
  if (!json.is_object()) return;
  for (const auto& [name, value] : json.items()) {
    names.insert(name);
    // The members of these are not ours: states, and outcomes of requests.
    if (name != "states" && name != "requests") CollectNames(value, names);
  }
}

// The names in the first cells of the tables of docs/status.md, "a" of "b[].a".
std::set<std::string> DescribedNames() {
  std::set<std::string> names;
  std::ifstream file("docs/status.md");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    const std::vector<std::string> parts = absl::StrSplit(line.substr(2, line.find(" | ", 2)), '`');
    for (std::size_t i = 1; i < parts.size(); i += 2)
      names.insert(parts[i].substr(parts[i].rfind('.') + 1));
  }
  return names;
}

TEST_F(Document, HasTheMembersThatItsDescriptionNamesAndNoOthers) {
  FillAll();
  std::ifstream file("docs/status.md");
  std::ostringstream docs;
  docs << file.rdbuf();
  std::set<std::string> names;
  CollectNames(Make(), names);
  EXPECT_GT(names.size(), 50U);
  for (const std::string& name : names)
    EXPECT_THAT(docs.str(), HasSubstr(absl::StrCat("`", name, "`"))) << "in docs/status.md";
  const std::set<std::string> described = DescribedNames();
  EXPECT_GT(described.size(), 40U);
  for (const std::string& name : described) EXPECT_EQ(names.count(name), 1U) << name;
}

}  // namespace
}  // namespace relais::status
