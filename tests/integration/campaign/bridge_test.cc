// The bridge within the gateway: when its process dies, when its library refuses, when there is
// none. What it can do is in campaign_examples_test.cc.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "tests/integration/campaign/client.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

// The bridge that this process has started, by its command line; 0: none.
pid_t BridgePid() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    pid_t pid = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
    std::ifstream command_line(entry.path() / "cmdline");
    std::ifstream stat(entry.path() / "stat");
    std::string command((std::istreambuf_iterator<char>(command_line)), {});
    std::string word;
    int parent = 0;
    stat >> word >> word >> word >> parent;
    if (parent == getpid() && command.find("relais_campaign_bridge") != std::string::npos)
      return pid;
  }
  return 0;
}

class CampaignBridge : public CampaignTest {
 protected:
  grpc::Status ListModels() {
    return Try(&CampaignStub::ListModels, absl::StrCat("parent: '", kInstanceName, "'")).status;
  }
  cp::Instance::Readiness Readiness() {
    return Ask(&CampaignStub::GetInstance, absl::StrCat("name: '", kInstanceName, "'")).readiness();
  }
};

TEST_F(CampaignBridge, IsStartedAnewWhenItDiesAndNothingElseNotices) {
  StartOver(CampaignTransport::kBridge);
  EXPECT_TRUE(ListModels().ok());
  for (int i = 0; i < 2; ++i) {
    const pid_t pid = BridgePid();
    ASSERT_GT(pid, 0);
    kill(pid, SIGKILL);
    const grpc::Status status = ListModels();
    EXPECT_TRUE(status.ok()) << Describe(status);
    EXPECT_NE(BridgePid(), pid);
  }
}

TEST_F(CampaignBridge, ThatDiesDuringAStartLeavesItsOutcomeUnknown) {
  StartOver(CampaignTransport::kBridge);
  EXPECT_TRUE(ListModels().ok());
  Disturb(CampaignOperation::kAction, {.count = 1, .hold_answer = absl::Seconds(20)});
  std::thread killer([&] {
    while (Asked(CampaignOperation::kAction) == 0 || State()["runs"].empty())
      std::this_thread::yield();
    kill(BridgePid(), SIGKILL);
  });
  const auto reply = Try(&CampaignStub::RunSqlAction, absl::StrCat("parent: '", kInstanceName,
                                                                   "' action: 'Script' "
                                                                   "request_id: 'r'"));
  killer.join();
  EXPECT_TRUE(Fails(reply.status, grpc::UNKNOWN, "SUBMISSION_OUTCOME_UNKNOWN"));
  EXPECT_EQ(State()["runs"].size(), 1U) << "it runs, as somebody can see upstream";
  const std::string run =
      absl::StrCat(kInstanceName, "/actionRuns/", State()["runs"][0]["id"].get<std::int64_t>());
  Ask(&CampaignStub::ResolveSubmission, absl::StrCat("parent: '", kInstanceName,
                                                     "' method: 'RunSqlAction' "
                                                     "submission_request_id: 'r' action_run: '",
                                                     run, "'"));
  EXPECT_EQ(Ask(&CampaignStub::RunSqlAction,
                absl::StrCat("parent: '", kInstanceName, "' action: 'Script' request_id: 'r'"))
                .name(),
            run);
  EXPECT_EQ(State()["runs"].size(), 1U);
}

TEST_F(CampaignBridge, RefusalsOfTheLibraryHaveTheirReasons) {
  StartOver(CampaignTransport::kBridge);
  struct Case {
    const char* body;
    grpc::StatusCode code;
    const char* reason;
  };
  for (const Case& each : std::initializer_list<Case>{
           {R"({"error":{"family":"command","code":"E42"}})", grpc::UNKNOWN, "UPSTREAM_ERROR_CODE"},
           {R"({"error":{"family":"command","code":"not_found"}})", grpc::NOT_FOUND,
            "RESOURCE_NOT_FOUND"},
           {R"({"error":{"family":"command","code":"forbidden"}})", grpc::PERMISSION_DENIED,
            "ACCESS_DENIED"},
           {R"({"error":{"family":"value","code":"x"}})", grpc::INTERNAL,
            "UPSTREAM_MALFORMED_RESPONSE"}}) {
    Disturb(CampaignOperation::kRead, {.count = 1, .body = each.body});
    EXPECT_TRUE(Fails(ListModels(), each.code, each.reason)) << each.body;
  }
}

// The library tells of everything by an exception with a text: of a lost connection, of a refused
// login, of an action that it does not know. None of them proves that the action does not run.
TEST_F(CampaignBridge, NoTextOfTheLibraryMakesAnActionBeSentAgain) {
  StartOver(CampaignTransport::kBridge, {"session_pool=4"});
  EXPECT_TRUE(ListModels().ok());  // so that a session has been used before
  std::int64_t asked = Asked(CampaignOperation::kAction);
  for (const char* body :
       {R"x({"error":{"family":"command","code":"x","message":"Connexion perdue (login admin)"}})x",
        R"({"error":{"family":"command","code":"logon"}})",
        R"({"error":{"family":"command","code":"not_found"}})",
        R"({"error":{"family":"action","code":"failed"}})",
        R"({"error":{"family":"value","code":"x"}})"}) {
    Disturb(CampaignOperation::kAction, {.count = 1, .body = body});
    const std::string request =
        absl::StrCat("parent: '", kInstanceName, "' action: 'Script' request_id: 'r", asked, "'");
    for (int i = 0; i < 2; ++i) {
      EXPECT_TRUE(Fails(Try(&CampaignStub::RunSqlAction, request).status, grpc::UNKNOWN,
                        "SUBMISSION_OUTCOME_UNKNOWN"))
          << body;
    }
    EXPECT_EQ(Asked(CampaignOperation::kAction), ++asked) << body;
  }
}

TEST_F(CampaignBridge, TellsWhetherTheAccountIsGood) {
  StartOver(CampaignTransport::kBridge);
  EXPECT_EQ(Readiness(), cp::Instance::READINESS_READY);
  StartOver(CampaignTransport::kBridge, {"login=nobody"});
  EXPECT_EQ(Readiness(), cp::Instance::READINESS_LOGIN_REFUSED);
  StartOver(CampaignTransport::kBridge, {"bridge.module=no_such_library",
                                         "limits.connect_timeout=0.2s", "limits.max_attempts=1"});
  EXPECT_EQ(Readiness(), cp::Instance::READINESS_UNREACHABLE);
  EXPECT_TRUE(Fails(ListModels(), grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
}

TEST_F(CampaignBridge, EndsWithTheGateway) {
  StartOver(CampaignTransport::kBridge);
  EXPECT_TRUE(ListModels().ok());
  ASSERT_GT(BridgePid(), 0);
  StartOver(CampaignTransport::kHttp);
  EXPECT_EQ(BridgePid(), 0);
}

}  // namespace
}  // namespace relais::integration
