// What /status.json tells of a gateway at work, over real sockets, and that nobody is asked for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "tests/integration/exports/client.h"
#include "tests/integration/gateway.h"

namespace relais::integration {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

Json StatusOf(Gateway& gateway) {
  const std::string& address = gateway.server().admin_address();
  sandbox::PatientClient client(absl::StrCat("http://", address));
  const httplib::Result page = client.Get("/status.json");
  EXPECT_TRUE(page) << httplib::to_string(page.error());
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->get_header_value("Content-Type"), "application/json");
  EXPECT_THAT(page->get_header_value("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  return Json::parse(page->body);
}

// The first of a list whose member has that value; null: there is none.
Json First(const Json& list, const std::string& member, const std::string& value) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Json& one) { return one[member] == value; });
  return found == list.end() ? Json() : *found;
}

// The document once `holds`; it is made anew twice a second.
Json Await(Gateway& gateway, const std::function<bool(const Json&)>& holds) {
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  Json status = StatusOf(gateway);
  while (!holds(status) && absl::Now() < limit) {
    std::this_thread::yield();
    status = StatusOf(gateway);
  }
  EXPECT_TRUE(holds(status)) << status.dump(1);
  return status;
}

Json Erp(const Json& status) { return First(status["connections"], "service", "recordsql"); }

class Status : public GatewayTest {};

TEST_F(Status, LeadsThroughAnOutageAndBack) {
  GatewayOptions options;
  options.erp = {"limits.breaker_failures=1", "limits.max_attempts=1"};
  Start(std::move(options));
  EXPECT_EQ(Erp(StatusOf(gateway()))["readiness"], "unknown");
  gateway().Page(QueryOf(kCodePostal), 1);
  Json erp =
      Erp(Await(gateway(), [](const Json& status) { return Erp(status)["readiness"] == "ready"; }));
  EXPECT_EQ(erp["breaker"], "closed");
  EXPECT_TRUE(erp["last_error"].is_null());
  EXPECT_FALSE(erp["latency"]["milliseconds"].empty());

  Disturb({.status = 503});
  EXPECT_FALSE(gateway().Query(QueryOf(kCodePostal), 1).status.ok());
  const Json status = Await(
      gateway(), [](const Json& status) { return Erp(status)["readiness"] == "unreachable"; });
  erp = Erp(status);
  EXPECT_EQ(erp["breaker"], "open");
  EXPECT_EQ(erp["last_error"]["reason"], "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(erp["last_error"]["http_status"], 503);
  const Json failure = First(status["failures"]["recent"], "method", "QueryRecords");
  EXPECT_EQ(failure["reason"], "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(failure["code"], "UNAVAILABLE");
  EXPECT_EQ(failure["connection"], "sandbox");
  EXPECT_EQ(failure["count"], 1);
}

TEST_F(Status, TellsThatALoginIsRefused) {
  GatewayOptions options;
  options.environment["RELAIS_SANDBOX_PASSWORD"] = "not the account's";
  Start(std::move(options));
  EXPECT_FALSE(gateway().Query(QueryOf(kCodePostal), 1).status.ok());
  const Json status = Await(
      gateway(), [](const Json& status) { return Erp(status)["readiness"] == "login_refused"; });
  EXPECT_EQ(Erp(status)["last_error"]["reason"], "GATEWAY_CREDENTIAL_REJECTED");
  EXPECT_EQ(Erp(status)["breaker"], "closed");
}

TEST_F(Status, AsksNoUpstream) {
  (void)gateway();
  for (int i = 0; i < 50; ++i) StatusOf(gateway());
  const Json status = StatusOf(gateway());
  for (const Json& connection : status["connections"]) {
    for (const auto& [outcome, count] : connection["requests"].items())
      EXPECT_EQ(count, 0) << connection["service"] << " " << outcome;
  }
}

TEST_F(Status, CountsJobsByStateAndPollsThatWatchersShare) {
  GatewayOptions options;
  options.queue = {"poll_interval=0.1s", "idle_poll_interval=0.1s"};
  Start(std::move(options));
  sandbox::jobqueue::JobSeed seed;
  seed.status = sandbox::jobqueue::JobStatus::kRunning;
  for (int i = 0; i < 4; ++i) (void)sandbox::jobqueue::QueueOf(sandbox()).AddJob(seed);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<jobqueue::v1::WatchJobsResponse>>> watches;
  jobqueue::v1::WatchJobsRequest request;
  request.set_parent("queues/sandbox");
  for (int i = 0; i < 3; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    watches.push_back(gateway().queue_stub().WatchJobs(contexts.back().get(), request));
  }
  const auto queue = [](const Json& status) {
    return First(status["connections"], "service", "jobqueue");
  };
  const Json status = Await(gateway(), [&](const Json& status) {
    return queue(status)["watchers"] == 3 && queue(status)["polls"]["saved"] > 2;
  });
  const Json jobs = First(status["watched"], "noun", "job");
  EXPECT_EQ(jobs["service"], "jobqueue");
  EXPECT_EQ(jobs["watchers"], 3);
  EXPECT_EQ(jobs["collections"].at(0)["name"], "queues/sandbox");
  EXPECT_EQ(jobs["collections"].at(0)["states"]["RUNNING"], 4) << jobs;
  EXPECT_EQ(First(status["limits"], "name", "watches")["used"], 3);
  EXPECT_EQ(First(status["calls"]["methods"], "method", "WatchJobs")["open"], 3);
  for (const auto& context : contexts) context->TryCancel();
}

TEST_F(Status, ShowsRobotsByState) {
  grpc::ClientContext context;
  robot::v1::WatchRobotsRequest request;
  request.set_parent("orchestrators/sandbox/folders/Shared");
  const auto watch = gateway().robot_stub().WatchRobots(&context, request);
  const Json status = Await(gateway(), [](const Json& status) {
    const Json robots = First(status["watched"], "noun", "robot");
    return !robots.is_null() && !robots["states"].empty();
  });
  EXPECT_GT(First(status["watched"], "noun", "robot")["states"]["AVAILABLE"], 0);
  context.TryCancel();
}

class StatusOfExports : public ExportsTest {};

TEST_F(StatusOfExports, ShowsSchedulesWithTheirLastRuns) {
  Create("postcodes",
         "source { records { query { record_sql: "
         "'erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL' } } } "
         "schedule { daily {} time_zone: 'Europe/Paris' }");
  EXPECT_EQ(Run("postcodes").state(), ex::ExportRun::STATE_SUCCEEDED);
  const auto schedule = [](const Json& status) {
    return First(status["schedules"], "name", "exports/postcodes");
  };
  const Json shown = schedule(Await(gateway(), [&](const Json& status) {
    return !schedule(status).is_null() && !schedule(status)["last_run"].is_null();
  }));
  EXPECT_EQ(shown["last_run"]["state"], "SUCCEEDED");
  EXPECT_FALSE(shown["next_time"].is_null());
  EXPECT_FALSE(shown["last_success_time"].is_null());
  EXPECT_FALSE(shown["overdue"]);
}

TEST_F(StatusOfExports, ShowsRunsThatWaitWithWhatWentWrong) {
  Create("postcodes",
         "source { records { query { record_sql: "
         "'erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL' } } } "
         "retry { max_attempts: 5 initial_backoff { seconds: 600 } max_backoff { seconds: 600 } }");
  Disturb({.status = 503});
  ASSERT_TRUE(Call(&ExportStub::RunExport, "name: 'exports/postcodes'").status.ok());
  const Json status = Await(gateway(), [](const Json& status) {
    return !status["runs"].empty() && status["runs"].at(0)["state"] == "WAITING";
  });
  const Json& run = status["runs"].at(0);
  EXPECT_EQ(run["service"], "exports");
  EXPECT_THAT(run["name"].get<std::string>(), HasSubstr("exports/postcodes/runs/"));
  EXPECT_EQ(run["reason"], "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(run["attempt"], 1);
  EXPECT_FALSE(run["next_attempt_time"].is_null());
}

}  // namespace
}  // namespace relais::integration
