#include "server/services/exports/runs/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/services/exports/runs/making.h"
#include "tests/support/export_engine.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kDaily[] =
    "schedule { daily { time { hours: 4 } } time_zone: 'Europe/Paris' } "
    "columns { field: 'display_name' } ";
constexpr char kFirst[] = "exports/jobs/runs/2024-03-29";

class AnEngine : public ::testing::Test {
 protected:
  // Friday, in winter time.
  ManualScheduler scheduler_{
      absl::FromCivil(absl::CivilSecond(2024, 3, 29, 12), absl::UTCTimeZone())};
  TemporaryFolder folder_;
  EngineWorld world_{scheduler_, folder_.path()};
  std::unique_ptr<Engine> engine_ = world_.NewEngine();

  void ToDestination(const std::string& name = "outbox") {
    fs::create_directory(Outbox());
    config::v1::ExportDestination settings;
    settings.mutable_directory()->set_path(Outbox());
    settings.mutable_transfer_timeout()->set_seconds(3600);
    auto made = MakeDestination(
        name, settings, [](std::string_view) { return Secret(); }, scheduler_);
    ASSERT_TRUE(made.ok()) << made.status();
    world_.destinations()[name] = {*std::move(made), absl::Seconds(30), absl::Hours(1), 3};
  }
  std::string Outbox() const { return folder_.path() + "/outbox"; }
  std::vector<std::string> Delivered() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(Outbox()))
      names.push_back(entry.path().filename());
    return names;
  }

  void Round(Engine& engine) {
    const absl::Status status = engine.RunOnce();
    EXPECT_TRUE(status.ok()) << status;
    engine.AwaitQuiet();
  }
  void Round() { Round(*engine_); }
  void Pass(absl::Duration duration) { scheduler_.AdvanceBy(duration); }
  v1::ExportRun First() { return world_.Run(kFirst); }
  std::size_t Runs(const std::string& id = "jobs") { return world_.book().ListRuns(id)->size(); }
  // Lets the first run come.
  void PassASlot() {
    Pass(absl::Hours(15) + absl::Minutes(1));  // 30 March, 04:01 in Paris
    Round();
  }
};

TEST_F(AnEngine, MakesOneRunOfASlotAndDeliversIt) {
  ToDestination();
  world_.Define("jobs", std::string(kDaily) + "deliveries { destination: 'outbox' }");
  Round();
  EXPECT_EQ(Runs(), 0u);
  PassASlot();
  Round();
  ASSERT_EQ(Runs(), 1u);
  const v1::ExportRun run = First();
  EXPECT_EQ(run.state(), v1::ExportRun::STATE_SUCCEEDED) << run.DebugString();
  EXPECT_TRUE(run.ended() && run.succeeded());
  EXPECT_EQ(run.trigger(), v1::ExportRun::TRIGGER_SCHEDULE);
  EXPECT_EQ(run.rows(), 1);
  EXPECT_EQ(ContentOf(Outbox() + "/jobs_2024-03-29.csv"), "display_name\r\n2024-03-29\r\n");
  EXPECT_THAT(ContentOf(Outbox() + "/jobs_2024-03-29.csv.manifest.json"),
              HasSubstr(run.files(0).sha256()));
  EXPECT_EQ(Delivered().size(), 2u);
}

TEST_F(AnEngine, WaitsAndTriesAgainWhatMayPass) {
  world_.Define("jobs", std::string(kDaily) + "retry { initial_backoff { seconds: 60 } }");
  int asked = 0;
  const ListJobs good = world_.list;
  world_.list = [&](const CallContext& context,
                    const std::string& filter) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    if (++asked <= 2)
      return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable) << "Not now.";
    return good(context, filter);
  };
  PassASlot();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_WAITING);
  EXPECT_EQ(First().error().code(), static_cast<int>(absl::StatusCode::kUnavailable));
  Round();
  EXPECT_EQ(asked, 1);  // its time has not come
  Pass(absl::Seconds(61));
  Round();
  EXPECT_EQ(First().attempt(), 2);
  Pass(absl::Seconds(61));
  Round();
  EXPECT_EQ(asked, 2);  // it waits twice as long
  Pass(absl::Seconds(61));
  Round();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_SUCCEEDED) << First().DebugString();
  EXPECT_FALSE(First().has_error());
}

TEST_F(AnEngine, FailsAtOnceWhereWaitingCannotHelpAndPauses) {
  world_.Define("jobs", std::string(kDaily) + "pause_on_failure: true");
  world_.list = [](const CallContext&,
                   const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    return Error(absl::StatusCode::kPermissionDenied, Reason::kAccessDenied) << "No.";
  };
  PassASlot();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_FAILED);
  EXPECT_TRUE((*world_.book().FindExport("jobs"))->definition().paused());
  Pass(absl::Hours(48));
  Round();
  EXPECT_EQ(Runs(), 1u);
}

TEST_F(AnEngine, GivesUpAfterTheMostAttempts) {
  world_.Define("jobs", std::string(kDaily) + "retry { max_attempts: 2 }");
  world_.list = [](const CallContext&,
                   const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable) << "Not now.";
  };
  PassASlot();
  Pass(absl::Hours(1));
  Round();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_FAILED);
  EXPECT_EQ(First().attempt(), 2);
}

TEST_F(AnEngine, RetriesWithinTheWindowOnly) {
  world_.Define("jobs",
                "schedule { daily { } time_zone: 'Europe/Paris' window { from { hours: 4 } to { "
                "hours: 8 } } } retry { initial_backoff { seconds: 36000 } max_backoff { seconds: "
                "36000 } }");
  world_.list = [](const CallContext&,
                   const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable) << "Not now.";
  };
  PassASlot();
  // Ten hours later the window is closed: the next one opens on the day of summer time.
  EXPECT_EQ(gateway::ToTime(First().next_attempt_time()),
            absl::FromCivil(absl::CivilSecond(2024, 3, 31, 2), absl::UTCTimeZone()));
}

TEST_F(AnEngine, ObeysThePolicyOfEmptySources) {
  world_.list = [](const CallContext&, const std::string&) {
    return jobqueue::v1::ListJobsResponse();
  };
  const std::map<std::string, v1::ExportRun::State> outcomes = {
      {"EMPTY_POLICY_SKIP", v1::ExportRun::STATE_SKIPPED},
      {"EMPTY_POLICY_HEADER_ONLY", v1::ExportRun::STATE_SUCCEEDED},
      {"EMPTY_POLICY_FAIL", v1::ExportRun::STATE_FAILED}};
  int i = 0;
  for (const auto& [policy, state] : outcomes)
    world_.Define("jobs" + std::to_string(++i), kDaily + ("empty: " + policy));
  Pass(absl::Hours(16));
  for (int round = 0; round < 3; ++round) Round();
  i = 0;
  for (const auto& [policy, state] : outcomes) {
    EXPECT_EQ(world_.Run("exports/jobs" + std::to_string(++i) + "/runs/2024-03-29").state(), state)
        << policy;
  }
}

TEST_F(AnEngine, EndsARunThatIsCancelledWithNothingVisible) {
  ToDestination();
  world_.Define("jobs", std::string(kDaily) + "deliveries { destination: 'outbox' }");
  WakeUp asked;
  world_.list = [&](const CallContext& context,
                    const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    asked.Wake();
    const std::stop_callback ended(context.stop(), [] {});
    while (!context.cancelled()) std::this_thread::yield();
    return context.Check(absl::InfinitePast());
  };
  Pass(absl::Hours(16));
  ASSERT_TRUE(engine_->RunOnce().ok());
  asked.Await();
  auto kept = *world_.book().FindRun(kFirst);
  ASSERT_TRUE(RequestCancel(world_.book(), *kept).ok());
  engine_->StopRun(kFirst, StopCause::kCancelled);
  engine_->AwaitQuiet();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_CANCELLED) << First().DebugString();
  EXPECT_THAT(Delivered(), IsEmpty());
}

TEST_F(AnEngine, GoesOnWithWhatAnEndedProcessHasLeft) {
  ToDestination();
  world_.Define("jobs", std::string(kDaily) + "deliveries { destination: 'outbox' }");
  WakeUp asked;
  const ListJobs good = world_.list;
  world_.list = [&](const CallContext& context,
                    const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    asked.Wake();
    while (!context.cancelled()) std::this_thread::yield();
    return context.Check(absl::InfinitePast());
  };
  Pass(absl::Hours(16));
  ASSERT_TRUE(engine_->RunOnce().ok());
  asked.Await();
  engine_ = nullptr;
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_PENDING);
  world_.list = good;
  engine_ = world_.NewEngine("two");
  Round();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_SUCCEEDED) << First().DebugString();
  EXPECT_EQ(Delivered().size(), 2u);
}

TEST_F(AnEngine, ThatFreezesPastItsLeaseWritesNothingMore) {
  ToDestination();
  world_.Define("jobs", std::string(kDaily) + "deliveries { destination: 'outbox' }");
  engine_ = world_.NewEngine("frozen", /*alone=*/false);
  const auto second = world_.NewEngine("second", /*alone=*/false);
  WakeUp asked;
  WakeUp thaw;
  std::atomic<int> calls = 0;
  world_.list = [&](const CallContext&, const std::string&) {
    const int call = ++calls;
    if (call == 1) {
      asked.Wake();
      thaw.Await();
    }
    jobqueue::v1::ListJobsResponse response;
    response.add_jobs()->set_display_name("of call " + std::to_string(call));
    return response;
  };
  Pass(absl::Hours(16));
  ASSERT_TRUE(engine_->RunOnce().ok());
  asked.Await();
  Round(*second);
  EXPECT_EQ(calls, 1);  // it is the first one's
  Pass(absl::Seconds(61));
  Round(*second);
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_SUCCEEDED) << First().DebugString();
  thaw.Wake();
  engine_->AwaitQuiet();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_SUCCEEDED);
  EXPECT_EQ(ContentOf(Outbox() + "/jobs_2024-03-29.csv"), "display_name\r\nof call 2\r\n");
  EXPECT_EQ(Delivered().size(), 2u);
}

TEST_F(AnEngine, DeliversAgainWithoutReadingTheSourceAgain) {
  ToDestination();
  world_.Define("jobs", std::string(kDaily) + "deliveries { destination: 'outbox' }");
  std::atomic<int> calls = 0;
  const ListJobs good = world_.list;
  world_.list = [&](const CallContext& context, const std::string& filter) {
    ++calls;
    return good(context, filter);
  };
  fs::remove(Outbox());  // the disk is not there
  PassASlot();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_DELIVERING) << First().DebugString();
  EXPECT_TRUE(First().deliveries(0).has_error());
  Pass(absl::Seconds(31));
  Round();
  EXPECT_EQ(First().deliveries(0).attempt(), 2);
  fs::create_directory(Outbox());
  Pass(absl::Seconds(61));
  Round();
  EXPECT_EQ(First().state(), v1::ExportRun::STATE_SUCCEEDED) << First().DebugString();
  EXPECT_EQ(calls, 1);
}

TEST_F(AnEngine, LetsALongBackFillHoldUpNoOther) {
  const KeptExport filled = world_.Define("filled", "concurrency_group: 'one'");
  const KeptExport other = world_.Define("other", "concurrency_group: 'two'");
  const absl::Time now = scheduler_.Wall();
  for (int i = 0; i < 600; ++i) {
    const std::string id = absl::StrCat("p", i);
    ASSERT_TRUE(*MakeRun(world_.book(), filled.definition(),
                         {{id, now, now}, v1::ExportRun::TRIGGER_BACKFILL, now, now}));
  }
  Pass(absl::Seconds(1));
  const absl::Time later = scheduler_.Wall();
  ASSERT_TRUE(*MakeRun(world_.book(), other.definition(),
                       {{"p", now, now}, v1::ExportRun::TRIGGER_MANUAL, later, later}));
  Round();
  EXPECT_EQ(world_.Run("exports/other/runs/p").state(), v1::ExportRun::STATE_SUCCEEDED);
}

TEST_F(AnEngine, ForgetsRunsAndTheirFilesAfterTheRetention) {
  world_.Define("jobs", std::string(kDaily) + "retention { seconds: 7200 }");
  PassASlot();
  EXPECT_TRUE(fs::exists(folder_.path() + "/runs/jobs/2024-03-29"));
  Pass(absl::Hours(3));
  Round();
  EXPECT_EQ(Runs(), 0u);
  EXPECT_FALSE(fs::exists(folder_.path() + "/runs/jobs/2024-03-29"));
}

TEST_F(AnEngine, CatchesUpAfterDowntimeAsAfterAPause) {
  for (const char* policy : {"NONE", "LAST", "ALL"}) {
    const std::string id = absl::AsciiStrToLower(policy);
    const std::string rest =
        "schedule { daily { time { hours: 4 } } time_zone: 'Europe/Paris' missed: MISSED_POLICY_" +
        std::string(policy) + " catch_up_window { seconds: 604800 } }";
    world_.Define("down-" + id, rest);
    KeptExport paused = world_.Define("paused-" + id, rest);
    paused.stored.mutable_export_()->set_paused(true);
    ASSERT_TRUE(*world_.book().Put(paused));
  }
  engine_ = nullptr;
  Pass(absl::Hours(24 * 5));
  for (const char* id : {"paused-none", "paused-last", "paused-all"}) {
    KeptExport kept = **world_.book().FindExport(id);
    kept.stored.mutable_export_()->set_paused(false);
    ASSERT_TRUE(*world_.book().Put(kept));
  }
  engine_ = world_.NewEngine();
  for (int i = 0; i < 20; ++i) Round();
  for (const char* how : {"down-", "paused-"}) {
    EXPECT_EQ(Runs(std::string(how) + "none"), 0u);
    EXPECT_EQ(Runs(std::string(how) + "last"), 1u);
    EXPECT_EQ(Runs(std::string(how) + "all"), 5u);
  }
}

TEST_F(AnEngine, TellsWhenARunThatWasExpectedHasNotCome) {
  const KeptExport kept =
      world_.Define("jobs", std::string(kDaily) + "alert_after { seconds: 3600 }");
  const auto overdue = [&] {
    return IsOverdue(**world_.book().FindExport(kept.id()), scheduler_.Wall());
  };
  EXPECT_FALSE(overdue());
  Pass(absl::Hours(15) + absl::Minutes(30));  // late, and not yet too late
  EXPECT_FALSE(overdue());
  Pass(absl::Hours(1));
  EXPECT_TRUE(overdue());  // whatever the cause: nobody plans here
  Round();
  EXPECT_FALSE(overdue());
}

}  // namespace
}  // namespace relais::exports
