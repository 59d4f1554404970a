// The gateway is killed at each of its failpoints, and started again over the same state.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "server/core/base/failpoint.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submissions.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/temporary_folder.h"

namespace relais::state {
namespace {

// An upstream that outlives the gateway: a file with a line for every job it has taken.
class Ledger {
 public:
  explicit Ledger(std::string path) : path_(std::move(path)) {}

  std::vector<std::string> markers() const {
    std::vector<std::string> lines;
    std::ifstream in(path_);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  Steps steps() const {
    Steps steps;
    steps.send = [this](const CallContext&, const std::string& marker) -> Answer {
      std::ofstream(path_, std::ios::app) << marker << std::endl;
      return "job of " + marker;
    };
    steps.find = [this](const CallContext&,
                        const std::string& marker) -> absl::StatusOr<std::optional<std::string>> {
      for (const std::string& taken : markers()) {
        if (taken == marker) return "job of " + marker;
      }
      return std::nullopt;
    };
    return steps;
  }

 private:
  const std::string path_;
};

class AKilledGateway : public testing::TestWithParam<std::string_view> {
 protected:
  Answer SubmitInANewLife() {
    ManualScheduler scheduler;
    scheduler.SkipWaits();
    const auto store = SqliteStore::Open(folder_.path() + "/state.db");
    if (!store.ok()) return store.status();
    Submissions submissions(**store, scheduler, SubmissionPolicy());
    return submissions.Once(CallContext(),
                            {.scope = "jobqueue/CreateJob/queues/main",
                             .subject = "main",
                             .request_id = "id",
                             .payload = "payload"},
                            ledger_.steps());
  }

  TemporaryFolder folder_;
  Ledger ledger_{folder_.path() + "/ledger"};
};

INSTANTIATE_TEST_SUITE_P(At, AKilledGateway, testing::ValuesIn(FailpointNames("submission.")),
                         [](const auto& info) {
                           return std::string(info.param.substr(info.param.find('.') + 1));
                         });

TEST_P(AKilledGateway, HasSubmittedOnceWhenItIsAskedAgain) {
  if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  const std::string failpoint(GetParam());
  for (int life = 0; life < 2; ++life) {
    EXPECT_EXIT(
        {
          setenv("RELAIS_FAILPOINT", failpoint.c_str(), 1);
          // Once the answer is there, a new life has no reason to pass the later places.
          std::_Exit(SubmitInANewLife().ok() ? 7 : 8);
        },
        [life](int status) {
          return (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
                 (life > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
        },
        "");
  }
  const Answer answer = SubmitInANewLife();
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(ledger_.markers().size(), 1u);
  EXPECT_EQ(*answer, "job of " + ledger_.markers()[0]);
  EXPECT_EQ(SubmitInANewLife(), answer);
  EXPECT_EQ(ledger_.markers().size(), 1u);
}

}  // namespace
}  // namespace relais::state
