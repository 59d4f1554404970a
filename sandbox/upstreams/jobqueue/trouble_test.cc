// Faults, counters, the sandbox's own routes, tokens and settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "sandbox/http/patient_client.h"
#include "sandbox/settings.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/queue_client.h"
#include "sandbox/upstreams/jobqueue/upstream.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Trouble : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartQueue();
  QueueClient client_{*sandbox_};

  void Order(Operation operation, Fault fault) {
    fault.operation = operation;
    if (fault.count == 0) fault.count = 1;
    sandbox_->faults().Set({fault});
  }
  json AtSandbox(const std::string& path, const std::string& body = "") {
    const httplib::Result result =
        client_.http().Post("/sandbox/" + path, body, "application/json");
    return result ? json::parse(result->body, nullptr, false) : json();
  }
  httplib::Result Create() {
    const json request = {{"name", "Import"},
                          {"type", "ExcelImportJob"},
                          {"inputFileIds", {client_.Upload("a", "x")}},
                          {"parameters", R"([{"fileType":"Combined","filePath":"a"}])"}};
    return client_.http().Post(std::string(kQueuePath) + "/jobs", request.dump(),
                               "application/json");
  }
};

TEST_F(Trouble, LosesTheAnswerOfAJobThatWasCreated) {
  Fault fault;
  fault.lose_answer = true;
  Order(QueueOperation::kJobsCreate, fault);
  EXPECT_FALSE(Create());
  EXPECT_THAT(client_.Names(), ElementsAre("Import"));
  EXPECT_EQ(QueueOf(*sandbox_).Ledger().size(), 1u);
  EXPECT_EQ(Create()->status, 201);
}

TEST_F(Trouble, CutsTheConnectionBeforeAnythingWasDone) {
  Fault fault;
  fault.cut = Cut::kBeforeReply;
  Order(QueueOperation::kJobsCreate, fault);
  EXPECT_FALSE(Create());
  EXPECT_THAT(client_.Names(), IsEmpty());
}

TEST_F(Trouble, HoldsAnAnswerBackAfterTheWorkIsDone) {
  Fault fault;
  fault.hold_answer = absl::Hours(1);
  Order(QueueOperation::kJobsCreate, fault);
  std::thread caller([this] { (void)Create(); });
  QueueClient other(*sandbox_);
  while (other.Names().empty()) std::this_thread::yield();
  sandbox_->Stop();
  caller.join();
}

TEST_F(Trouble, AnswersErrorsForTheOperationItNames) {
  Fault fault;
  fault.status = 503;
  fault.retry_after = "2";
  Order(QueueOperation::kJobsList, fault);
  const std::string id = QueueOf(*sandbox_).AddJob({});
  EXPECT_EQ(client_.GetStatus("/jobs/" + id), 200);
  const httplib::Result result = client_.http().Get(std::string(kQueuePath) + "/jobs");
  EXPECT_EQ(result->status, 503);
  EXPECT_EQ(result->get_header_value("Retry-After"), "2");
  EXPECT_EQ(client_.GetStatus("/jobs"), 200);
}

TEST_F(Trouble, BreaksDownloadsOff) {
  const std::string path = std::string(kQueuePath) + "/jobs/" +
                           QueueOf(*sandbox_).AddOutput(1 << 20) +
                           "/outputs:export?fileName=output.bin";
  Fault cut;
  cut.cut = Cut::kMidBody;
  Order(QueueOperation::kOutputsGet, cut);
  size_t got = 0;
  const auto count = [&got](const char*, size_t size) {
    got += size;
    return true;
  };
  EXPECT_FALSE(client_.http().Get(path, count));
  EXPECT_EQ(got, 1u << 19);
  Fault shorter;
  shorter.truncate = Truncation{1000, false};
  Order(QueueOperation::kOutputsGet, shorter);
  EXPECT_EQ(client_.http().Get(path)->body.size(), 1000u);
  EXPECT_EQ(client_.http().Get(path)->body.size(), 1u << 20);
}

TEST_F(Trouble, CountsRequestsByOperation) {
  client_.Await(client_.Import("A"));
  client_.GetStatus("/nothing");
  const TrafficCounts counts = sandbox_->traffic().Counts();
  EXPECT_EQ(counts.Of(QueueOperation::kFilesUpload), 1);
  EXPECT_EQ(counts.Of(QueueOperation::kJobsCreate), 1);
  EXPECT_GE(counts.Of(QueueOperation::kJobsGet), 1);
  EXPECT_EQ(counts.other, 1);
  const json shown = json::parse(client_.http().Get("/sandbox/requests")->body);
  EXPECT_EQ(shown["operations"]["jobs/create"], 1);
  EXPECT_EQ(shown["last"][0]["operation"], "files/upload");
}

absl::StatusOr<std::vector<Fault>> ReadFaults(const std::string& json) {
  return FaultsFromJson(json, OperationNamed);
}

TEST_F(Trouble, ReadsTheNamesOfItsOperationsInFaults) {
  for (const char* name : {"jobs/create", "recordsql/execute", "outputs/get", "any", "version"}) {
    EXPECT_TRUE(ReadFaults(R"({"faults":[{"operation":")" + std::string(name) + R"("}]})").ok());
  }
  const auto faults = ReadFaults(
      R"({"faults":[{"operation":"jobs/create","lose_answer":true,"hold_answer_ms":7}]})");
  ASSERT_TRUE(faults.ok());
  EXPECT_THAT(FaultsToJson(*faults), HasSubstr("\"hold_answer_ms\":7,\"lose_answer\":true"));
  EXPECT_FALSE(ReadFaults(R"({"faults":[{"operation":"jobs/create2"}]})").ok());
}

TEST_F(Trouble, IsWithinReachOfAdmins) {
  const json made = AtSandbox("jobqueue/output?bytes=10");
  EXPECT_EQ(client_.Output(made["id"], made["fileName"]).size(), 10u);
  const json jobs = AtSandbox("jobqueue/jobs", R"({"count":2,"name":"Seed","status":"Pending"})");
  EXPECT_THAT(client_.Names("?status=Pending"), ElementsAre("Seed 1", "Seed 2"));
  const std::string id = jobs["ids"][0];
  EXPECT_EQ(AtSandbox("jobqueue/state?id=" + id + "&status=Failed")["ok"], true);
  EXPECT_EQ(client_.Get("/jobs/" + id)["status"], "Failed");
  EXPECT_EQ(AtSandbox("jobqueue/change")["ok"], true);
  EXPECT_EQ(client_.Get("/jobs/" + id)["description"], "change 1");
  const json ledger = json::parse(client_.http().Get("/sandbox/jobqueue/ledger")->body);
  EXPECT_EQ(ledger.size(), 3u);
  EXPECT_EQ(ledger[1]["origin"], "seeded");
  for (const std::string path : {"output", "output?bytes=-1", "state?id=x&status=Odd", "nothing",
                                 "state?id=x&status=Failed", "concurrency?jobs=x"}) {
    EXPECT_TRUE(AtSandbox("jobqueue/" + path).contains("error")) << path;
  }
  EXPECT_TRUE(AtSandbox("jobqueue/jobs", R"({"count":"x"})").contains("error"));
}

class Tokens : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartQueue(WithBearers());
  PatientClient http_{"127.0.0.1", sandbox_->http_port()};

  static Options WithBearers() {
    Options options;
    options.sign_in = SignIn::kBearer;
    options.rotate_refresh_tokens = true;
    options.bearer_tokens = {{"fixed", "writer"}};
    return options;
  }
  json Ask(const std::string& form) {
    const httplib::Result result =
        http_.Post("/sandbox-oidc/token", form, "application/x-www-form-urlencoded");
    return result ? json::parse(result->body) : json();
  }
  int StatusWith(const std::string& token) {
    const httplib::Headers headers = {{"Authorization", "Bearer " + token}};
    return http_.Get(std::string(kQueuePath) + "/current-user", headers)->status;
  }
};

TEST_F(Tokens, AreIssuedToClientsAndExpire) {
  const json about = json::parse(http_.Get("/sandbox-oidc/.well-known/openid-configuration")->body);
  EXPECT_EQ(about["token_endpoint"],
            "http://127.0.0.1:" + std::to_string(sandbox_->http_port()) + "/sandbox-oidc/token");
  const json granted =
      Ask("grant_type=client_credentials&client_id=relais&client_secret=relais-secret");
  EXPECT_EQ(granted["token_type"], "Bearer");
  EXPECT_EQ(granted["expires_in"], 600);
  EXPECT_EQ(StatusWith(granted["access_token"]), 200);
  sandbox_->AdvanceClock(absl::Minutes(10));
  EXPECT_EQ(StatusWith(granted["access_token"]), 401);
  EXPECT_EQ(StatusWith("fixed"), 200);
  EXPECT_EQ(StatusWith("other"), 401);
}

TEST_F(Tokens, AreRefreshedOnceWhenRefreshTokensRotate) {
  const std::string form = "grant_type=refresh_token&client_id=relais&refresh_token=";
  const json granted = Ask(form + "demo-refresh-token");
  EXPECT_EQ(StatusWith(granted["access_token"]), 200);
  EXPECT_EQ(Ask(form + "demo-refresh-token")["error"], "invalid_grant");
  EXPECT_EQ(StatusWith(Ask(form + granted["refresh_token"].get<std::string>())["access_token"]),
            200);
}

TEST_F(Tokens, AreNotIssuedToOthers) {
  EXPECT_EQ(Ask("grant_type=client_credentials&client_id=relais")["error"], "invalid_client");
  EXPECT_EQ(Ask("grant_type=client_credentials&client_id=relais&client_secret=x")["error"],
            "invalid_client");
  EXPECT_EQ(Ask("grant_type=password&client_id=relais")["error"], "unsupported_grant_type");
  EXPECT_THAT(http_.Get("/mi_servicelayer/Health/v2.svc")->get_header_value("WWW-Authenticate"),
              StartsWith("Bearer redirecturi=\"http://localhost:32284\", authority=\"http://127"));
}

TEST(QueueSettings, AreReadStrictly) {
  SandboxOptions options;
  const absl::Status status = ReadSettings("s.yaml", R"(jobqueue:
  accounts: [{user: A, password: "1", permission: write}]
  sign_in: anonymous
  version: "25.1"
  concurrency: 4
  job_ms: 1500
  dates: naive
  bearer_tokens: {abc: A}
  jobs: [{name: Seed, type: ComparisonTable, status: Running}]
)",
                                           options);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(options.Of<Options>().accounts.at(0).permission, Permission::kWrite);
  EXPECT_EQ(options.Of<Options>().sign_in, SignIn::kAnonymous);
  EXPECT_EQ(options.Of<Options>().version, "25.1");
  EXPECT_EQ(options.Of<Options>().job_time, absl::Milliseconds(1500));
  EXPECT_EQ(options.Of<Options>().bearer_tokens.at("abc"), "A");
  EXPECT_EQ(options.Of<Options>().jobs.at(0).status, JobStatus::kRunning);
  const auto error = [](const std::string& text) {
    SandboxOptions out;
    return std::string(ReadSettings("s.yaml", "jobqueue:\n  " + text, out).message());
  };
  EXPECT_THAT(error("version: 26.2"), StartsWith("s.yaml:2: '26.2' is not one of 24.2, 25.1"));
  EXPECT_THAT(error("purge: 1"), HasSubstr("unknown key 'purge' in jobqueue"));
  EXPECT_THAT(error("concurrency: -1"), HasSubstr("at least 0"));
  EXPECT_THAT(error("accounts: []"), HasSubstr("accounts is a list"));
  EXPECT_THAT(error("jobs: [{status: Odd}]"), HasSubstr("not a status"));
}

}  // namespace
}  // namespace relais::sandbox::jobqueue
