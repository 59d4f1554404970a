// Submissions happen once, wherever the gateway is killed. RELAIS_CRASH_RUNS says how often that is
// tried (200).
//
// In each run sixteen callers submit a job each while relaisd dies with SIGKILL: at a failpoint, or
// while the upstream holds its answer or the request. It comes back, perhaps to die once more while
// it asks the upstream what became of its submissions, and comes back for good.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "server/core/base/failpoint.h"
#include "server/core/state/sqlite_store.h"
#include "tests/crash/callers.h"
#include "tests/crash/ledger.h"
#include "tests/crash/lives.h"
#include "tests/integration/relaisd_process.h"
#include "tests/integration/submission.h"
#include "tests/support/temporary_folder.h"

namespace relais::crash {
namespace {

using integration::RelaisdProcess;
using sandbox::Operation;
using sandbox::jobqueue::QueueOperation;

constexpr int kCallers = 16;
constexpr char kQueue[] = "lab";
constexpr char kPassword[] = "demo-password";

// Places of death besides the failpoints.
constexpr char kAnswerHeld[] = "upstream.answer_held";
constexpr char kRequestHeld[] = "upstream.request_held";
constexpr char kAsked[] = "upstream.asked";

constexpr absl::Duration kHeldForGood = absl::Seconds(5);  // longer than it takes to kill
// The upstream takes the job when the next life may have begun already.
constexpr absl::Duration kHeldForAWhile = absl::Milliseconds(400);

struct Death {
  std::string place;
  int passes = 0;  // submissions that get past it before
};

bool IsFailpoint(const std::string& place) { return place.rfind("submission.", 0) == 0; }

// The deaths of a run, in order: every place in turn, every number of passes in turn.
std::vector<Death> DeathsOf(int run) {
  static const std::vector<std::string> places = [] {
    const std::vector<std::string_view> named = FailpointNames("submission.");
    std::vector<std::string> all(named.begin(), named.end());
    all.insert(all.end(), {kAnswerHeld, kRequestHeld});
    return all;
  }();
  const std::size_t number = static_cast<std::size_t>(run) % places.size();
  const int round = run / static_cast<int>(places.size());
  std::vector<Death> deaths = {{places[number], round * 5 % kCallers}};
  const bool in_doubt = number >= 2 && places[number] != "submission.before_answer";
  if (in_doubt && run % 3 == 0) deaths.push_back({kAsked});
  return deaths;
}

int Runs() {
  const char* const variable = std::getenv("RELAIS_CRASH_RUNS");
  return variable == nullptr ? 200 : std::atoi(variable);
}

class Crash : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "needs a build with the CMake option RELAIS_FAILPOINTS";
    sandbox::SandboxOptions options;
    options.Of<sandbox::recordsql::Options>().movement_rows = 100;
    options.Of<sandbox::jobqueue::Options>().concurrency = 0;
    sandbox_ = *sandbox::Sandbox::Start(std::move(options));
    std::ofstream(config_) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\nlog: {access: none}\n"
        "state: {file: ",
        state_,
        ", settle_time: 0.6s}\n"
        "jobqueue:\n  spool_directory: ",
        folder_.path(), "\n  queues:\n    ", kQueue,
        ":\n      base_url: ", sandbox::jobqueue::UrlOf(*sandbox_),
        "\n      authentication: {user: demo, password: {env: QUEUE_PASSWORD}}\n"
        "      limits: {in_flight: ",
        kCallers, "}\n");
    UploadForAll();
  }

  // Begins a life that will die as `death` says; null when it does not even begin.
  std::unique_ptr<RelaisdProcess> Begin(const Death& death = {}) {
    std::map<std::string, std::string> environment = {{"QUEUE_PASSWORD", kPassword}};
    if (IsFailpoint(death.place))
      environment["RELAIS_FAILPOINT"] = absl::StrCat(death.place, ":", death.passes);
    auto process = std::make_unique<RelaisdProcess>(
        std::vector<std::string>{"serve", "--config", config_, "--set",
                                 "state.settle_time=" + settle_time_},
        environment);
    if (!process->AwaitOut("\n")) {
      ADD_FAILURE() << process->Err();
      return nullptr;
    }
    constexpr std::string_view kBefore = "gRPC on ";
    const std::string out = process->Out();
    const std::size_t address = out.find(kBefore) + kBefore.size();
    lives_.Begin(out.substr(address, out.find(',', address) - address));
    return process;
  }

  void Kill(RelaisdProcess& process) {
    process.Signal(SIGKILL);
    AwaitDeath(process);
  }
  void AwaitDeath(RelaisdProcess& process) {
    process.Wait();
    lives_.End();
  }

  // The file that all jobs import, and one job that keeps it upstream.
  void UploadForAll() {
    const std::unique_ptr<RelaisdProcess> process = Begin();
    ASSERT_NE(process, nullptr);
    integration::QueueStub& stub = *lives_.AwaitAfter(0)->stub;
    input_file_ = integration::UploadInput(stub, kQueue);
    const auto reply =
        integration::Create(stub, integration::CreateRequest(input_file_, "keeper", kQueue));
    ASSERT_TRUE(reply.status.ok()) << reply.status.error_message();
    answers_["keeper"] = reply.message.name();
    Kill(*process);
  }

  std::int64_t Count(Operation operation) { return sandbox_->traffic().Counts().Of(operation); }

  // Orders what holds the gateway at a place outside of it. The function says when it is there.
  std::function<bool()> Hold(const Death& death, const std::string& run) {
    sandbox::Fault fault{.operation = QueueOperation::kJobsCreate, .after = death.passes};
    if (death.place == kAnswerHeld) {
      fault.hold_answer = kHeldForGood;
      sandbox_->faults().Add(fault);
      return [this, run, jobs = death.passes + 1] {
        sandbox::jobqueue::JobFilter filter;
        filter.name = run;
        return sandbox::jobqueue::QueueOf(*sandbox_).List(admin_, filter).total >= jobs;
      };
    }
    const std::int64_t before =
        Count(death.place == kAsked ? QueueOperation::kJobsList : QueueOperation::kJobsCreate);
    if (death.place == kRequestHeld) {
      fault.latency = kHeldForAWhile;
      sandbox_->faults().Add(fault);
      return [this, requests = before + death.passes + 1] {
        return Count(QueueOperation::kJobsCreate) >= requests;
      };
    }
    fault.operation = QueueOperation::kJobsList;
    fault.hold_answer = kHeldForGood;
    sandbox_->faults().Add(fault);
    return [this, before] { return Count(QueueOperation::kJobsList) > before; };
  }

  // One life, from its beginning to that death.
  void LiveAndDie(const Death& death, const std::string& run, const Callers& callers) {
    std::function<bool()> there = IsFailpoint(death.place) ? nullptr : Hold(death, run);
    const std::unique_ptr<RelaisdProcess> process = Begin(death);
    ASSERT_NE(process, nullptr);
    if (there == nullptr) {
      AwaitDeath(*process);
    } else {
      const absl::Time limit = absl::Now() + absl::Minutes(1);
      while (!there() && absl::Now() < limit) std::this_thread::yield();
      EXPECT_TRUE(there());
      Kill(*process);
      sandbox_->faults().Clear();
    }
    EXPECT_LT(callers.answered(), kCallers) << process->Err();
    ++deaths_[death.place];
  }

  // What the gateway would still have to find out.
  std::size_t Unfinished() {
    const auto store = state::SqliteStore::Open(state_);
    EXPECT_TRUE(store.ok()) << store.status().message();
    return store.ok() ? (*store)->Unfinished().value().size() : 1;
  }

  void Run(int number) {
    const std::string run = absl::StrCat("run ", number, " ");
    const std::size_t earlier = sandbox::jobqueue::QueueOf(*sandbox_).Ledger().size();
    std::vector<jq::CreateJobRequest> requests;
    for (int i = 0; i < kCallers; ++i) {
      requests.push_back(integration::CreateRequest(input_file_, absl::StrCat(run, i), kQueue));
    }
    const std::vector<Death> deaths = DeathsOf(number);
    settle_time_ = deaths[0].place == kRequestHeld ? "1.4s" : "0.6s";
    Callers callers(lives_, requests);
    for (const Death& death : deaths) ASSERT_NO_FATAL_FAILURE(LiveAndDie(death, run, callers));
    const std::unique_ptr<RelaisdProcess> last = Begin();
    ASSERT_NE(last, nullptr);
    Answers answers = AnswersOf(requests, callers.Join());
    Callers again(lives_, requests);
    EXPECT_EQ(AnswersOf(requests, again.Join()), answers);
    Kill(*last);
    unresolved_ += Unfinished();
    JudgeRun(earlier, answers);
    answers_.merge(answers);
  }

  Answers AnswersOf(const std::vector<jq::CreateJobRequest>& requests,
                    const std::vector<Outcome>& outcomes) {
    Answers answers;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const Outcome& outcome = outcomes[i];
      answers[requests[i].request_id()] = outcome.answer ? outcome.answer->name() : "";
      for (const auto& [reason, count] : outcome.failures) failures_[reason] += count;
    }
    return answers;
  }

  // The run's jobs must not make the lists of later runs longer.
  void JudgeRun(std::size_t earlier, const Answers& answers) {
    std::vector<sandbox::jobqueue::LedgerEntry> ledger =
        sandbox::jobqueue::QueueOf(*sandbox_).Ledger();
    ledger.erase(ledger.begin(), ledger.begin() + static_cast<std::ptrdiff_t>(earlier));
    const Verdict verdict = Judge(ledger, answers, kQueue);
    EXPECT_TRUE(verdict.Clean()) << answers.begin()->first << ": " << verdict;
    for (const sandbox::jobqueue::LedgerEntry& entry : ledger)
      EXPECT_TRUE(sandbox::jobqueue::QueueOf(*sandbox_).Delete(admin_, entry.id).ok());
  }

  void Report(int runs, absl::Duration took) {
    const Verdict verdict = Judge(sandbox::jobqueue::QueueOf(*sandbox_).Ledger(), answers_, kQueue);
    EXPECT_TRUE(verdict.Clean());
    EXPECT_EQ(unresolved_, 0u);
    std::cout << runs << " runs in " << absl::ToInt64Seconds(took) << " s: " << verdict << ", "
              << unresolved_ << " unresolved\n";
    for (const auto& [place, count] : deaths_)
      std::cout << "  killed at " << place << ": " << count << "\n";
    for (const auto& [reason, count] : failures_)
      std::cout << "  calls that ended with " << reason << ": " << count << "\n";
  }

  const sandbox::jobqueue::Caller admin_{"demo", sandbox::jobqueue::Permission::kAdmin};
  const TemporaryFolder folder_;
  const std::string config_ = folder_.path() + "/relais.yaml";
  const std::string state_ = folder_.path() + "/state.sqlite";
  std::string settle_time_ = "0.6s";
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  Lives lives_;
  std::string input_file_;
  Answers answers_;
  std::size_t unresolved_ = 0;
  std::map<std::string, int> deaths_;    // by place
  std::map<std::string, int> failures_;  // by reason
};

TEST_F(Crash, LeavesOneJobOfEverySubmission) {
  const absl::Time began = absl::Now();
  const int runs = Runs();
  ASSERT_GT(runs, 0) << "RELAIS_CRASH_RUNS must be a number";
  int done = 0;
  while (done < runs && !HasFailure()) Run(done++);
  Report(done, absl::Now() - began);
}

}  // namespace
}  // namespace relais::crash
