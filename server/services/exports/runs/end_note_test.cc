#include "server/services/exports/runs/end_note.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "server/core/base/error.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/making.h"
#include "server/services/exports/runs/tally.h"
#include "tests/support/export_engine.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

constexpr char kWatched[] =
    "schedule { daily { time { hours: 4 } } time_zone: 'UTC' } alert_after { seconds: 3600 } "
    "pause_on_failure: true";
constexpr char kOfTheFirstDay[] = "exports/jobs/runs/2024-03-29";

// A gateway that dies, as far as the store can tell, between the end of a run and its note.
class AnEndThatWasNotNoted : public ::testing::Test {
 protected:
  // Lets the run of the first day end, and then takes its note back.
  void EndWithoutNote() {
    const auto first = world_.NewEngine("first");
    Round(*first);
    const stored::StoredExport before = Kept().stored;
    scheduler_.AdvanceBy(absl::Hours(16) + absl::Minutes(30));
    Round(*first);
    ASSERT_TRUE(world_.Run(kOfTheFirstDay).ended());
    KeptExport kept = Kept();
    const auto seen = kept.stored.seen_until();
    kept.stored = before;
    *kept.stored.mutable_seen_until() = seen;
    ASSERT_TRUE(*world_.book().Put(kept));
  }
  KeptExport Kept() { return **world_.book().FindExport("jobs"); }
  bool Overdue() { return IsOverdue(Kept(), scheduler_.Wall()); }
  void Restart() { Round(*world_.NewEngine("next")); }
  static void Round(Engine& engine) {
    const absl::Status status = engine.RunOnce();
    EXPECT_TRUE(status.ok()) << status;
    engine.AwaitQuiet();
  }

  ManualScheduler scheduler_{
      absl::FromCivil(absl::CivilSecond(2024, 3, 29, 12), absl::UTCTimeZone())};
  TemporaryFolder folder_;
  EngineWorld world_{scheduler_, folder_.path()};
};

TEST_F(AnEndThatWasNotNoted, IsNotedAtTheNextStart) {
  world_.Define("jobs", kWatched);
  EndWithoutNote();
  scheduler_.AdvanceBy(absl::Hours(1));
  EXPECT_TRUE(Overdue());
  Restart();
  EXPECT_FALSE(Overdue());
  EXPECT_EQ(gateway::ToTime(Kept().definition().last_success_time()),
            gateway::ToTime(world_.Run(kOfTheFirstDay).end_time()));
  const std::int64_t version = Kept().version;
  Restart();
  EXPECT_EQ(Kept().version, version);  // what is noted is not written again
}

TEST_F(AnEndThatWasNotNoted, PausesAtTheNextStartAndNotAgain) {
  world_.Define("jobs", kWatched);
  world_.list = [](const CallContext&,
                   const std::string&) -> absl::StatusOr<jobqueue::v1::ListJobsResponse> {
    return Error(absl::StatusCode::kPermissionDenied, Reason::kAccessDenied) << "No.";
  };
  EndWithoutNote();
  EXPECT_FALSE(Kept().definition().paused());
  Restart();
  EXPECT_TRUE(Kept().definition().paused());
  EXPECT_EQ(Kept().definition().pause_reason(), std::string(kOfTheFirstDay) + " has failed");
  KeptExport resumed = Kept();
  resumed.stored.mutable_export_()->set_paused(false);
  ASSERT_TRUE(*world_.book().Put(resumed));
  Restart();
  EXPECT_FALSE(Kept().definition().paused());
}

TEST_F(AnEndThatWasNotNoted, IsNoneOfARunThatNeverBegan) {
  const KeptExport kept = world_.Define("jobs", kWatched);
  const absl::Time now = scheduler_.Wall();
  const NewRun run{
      {"2024-03-29", now, now + absl::Hours(24)}, v1::ExportRun::TRIGGER_SCHEDULE, now, now};
  ASSERT_TRUE(*MakeSkippedRun(world_.book(), kept.definition(), run, now));
  Restart();
  EXPECT_FALSE(Kept().definition().has_last_success_time());
}

}  // namespace
}  // namespace relais::exports
