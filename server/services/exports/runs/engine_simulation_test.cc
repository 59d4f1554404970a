// Ten thousand slots in time that a test makes: clocks that are set, engines that die, pauses, and
// two engines of which one freezes past its lease. Every slot has one run in the end, and no other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/services/exports/runs/engine.h"
#include "tests/support/export_engine.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

constexpr int kSlotsWanted = 10'000;

struct SimulatedExport {
  std::string id;
  std::string zone;
  int minute;  // of every hour
};

const std::vector<SimulatedExport>& SimulatedExports() {
  static const auto* const kAll =
      new std::vector<SimulatedExport>{{"paris", "Europe/Paris", 30},
                                       {"new-york", "America/New_York", 0},
                                       {"lord-howe", "Australia/Lord_Howe", 15},
                                       {"casablanca", "Africa/Casablanca", 59},
                                       {"utc", "UTC", 45}};
  return *kAll;
}

// The slots of an export in (from, upto], by walking over the hours of its zone's wall clock.
std::set<std::string> ModelSlots(const SimulatedExport& simulated, absl::Time from,
                                 absl::Time upto) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(simulated.zone, &zone));
  std::set<std::string> ids;
  const absl::CivilHour end = absl::ToCivilHour(upto, zone) + 2;
  for (absl::CivilHour hour = absl::ToCivilHour(from, zone) - 2; hour <= end; ++hour) {
    const auto info = zone.At(absl::CivilSecond(absl::CivilMinute(hour) + simulated.minute));
    const absl::Time at = info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
    if (at > from && at <= upto)
      ids.insert(absl::FormatTime("%Y%m%dT%H%M%SZ", at, absl::UTCTimeZone()));
  }
  return ids;
}

class Simulation {
 public:
  Simulation() {
    for (const SimulatedExport& simulated : SimulatedExports()) {
      world_.Define(simulated.id,
                    absl::StrCat("schedule { cron: '", simulated.minute, " * * * *' time_zone: '",
                                 simulated.zone,
                                 "' granularity: GRANULARITY_SLOT missed: MISSED_POLICY_ALL "
                                 "catch_up_window { seconds: 8640000 } } retention { seconds: "
                                 "315360000 } concurrency_group: '",
                                 simulated.id, "'"));
    }
    world_.list = [this](const CallContext&, const std::string& period) {
      if (freeze_.exchange(false)) thaw_->Await();
      jobqueue::v1::ListJobsResponse response;
      response.add_jobs()->set_display_name(period);
      return response;
    };
    Restart(0);
    Restart(1);
  }

  void Step() {
    scheduler_.AdvanceBy(absl::Minutes(Random(5, 400)));
    switch (Random(0, 9)) {
      case 0:
        scheduler_.StepWall(absl::Minutes(Random(-120, 120)));
        break;
      case 1:
        Restart(Random(0, 1));
        break;
      case 2:
        SetPaused(Random(0, 4), true);
        break;
      case 3:
        for (int i = 0; i < 5; ++i) SetPaused(i, false);
        break;
      case 4:
        Freeze();
        break;
      default:
        break;
    }
    Round(Random(0, 1));
    latest_ = std::max(latest_, scheduler_.Wall());
  }

  // Everything that is due is done.
  void Settle() {
    for (int i = 0; i < 5; ++i) SetPaused(i, false);
    while (scheduler_.Wall() < latest_) scheduler_.AdvanceBy(absl::Hours(1));
    latest_ = scheduler_.Wall();
    scheduler_.AdvanceBy(absl::Seconds(1));
    for (int left = 1; left > 0;) {
      Round(0);
      Round(1);
      left = static_cast<int>(world_.book().DueRuns(scheduler_.Wall(), 1)->size());
    }
  }

  std::set<std::string> Ended(const std::string& id) {
    std::set<std::string> ids;
    const auto runs = world_.book().ListRuns(id);
    for (const KeptRun& kept : *runs) {
      EXPECT_EQ(kept.run().state(), v1::ExportRun::STATE_SUCCEEDED) << kept.run().DebugString();
      EXPECT_TRUE(ids.insert(kept.run().period().id()).second);
    }
    return ids;
  }

  int ended() const { return ended_; }
  int freezes() const { return freezes_; }
  absl::Time began() const { return began_; }
  absl::Time latest() const { return latest_; }

 private:
  int Random(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

  void Restart(int i) {
    Count(i);
    engines_[i] = nullptr;
    engines_[i] = world_.NewEngine(absl::StrCat("engine-", i, "-", ++started_), /*alone=*/false);
  }

  // As often as there is something to do.
  void Round(int i) {
    for (int rounds = 0; rounds < 12; ++rounds) {
      ASSERT_TRUE(engines_[i]->RunOnce().ok());
      engines_[i]->AwaitQuiet();
    }
  }

  void Count(int i) {
    if (engines_[i] == nullptr) return;
    for (const auto& family : engines_[i]->tally().Collect({}, began_)) {
      if (family.name != "relais_export_runs_total") continue;
      for (const auto& metric : family.metric) ended_ += static_cast<int>(metric.counter.value);
    }
  }

  void SetPaused(int i, bool paused) {
    KeptExport kept = **world_.book().FindExport(SimulatedExports()[i].id);
    kept.stored.mutable_export_()->set_paused(paused);
    ASSERT_TRUE(*world_.book().Put(kept));
  }

  // The first engine freezes in the middle of a run, until long after its lease.
  void Freeze() {
    thaw_ = std::make_unique<WakeUp>();
    freeze_ = true;
    ASSERT_TRUE(engines_[0]->RunOnce().ok());
    while (freeze_ && engines_[0]->busy() > 0) std::this_thread::yield();
    if (!freeze_.exchange(false)) {
      ++freezes_;
      scheduler_.AdvanceBy(absl::Minutes(2));
      Round(1);
    }
    thaw_->Wake();
    engines_[0]->AwaitQuiet();
  }

 public:
  void CountAll() {
    Count(0);
    Count(1);
  }

 private:
  const absl::Time began_ = absl::FromCivil(absl::CivilSecond(2024, 3, 1), absl::UTCTimeZone());
  ManualScheduler scheduler_{began_};
  TemporaryFolder folder_{"/dev/shm"};  // in memory: each file is flushed
  EngineWorld world_{scheduler_, folder_.path()};
  std::minstd_rand random_{7};
  absl::Time latest_ = began_;
  std::atomic<bool> freeze_ = false;
  int freezes_ = 0;
  std::unique_ptr<WakeUp> thaw_ = std::make_unique<WakeUp>();
  int started_ = 0;
  int ended_ = 0;
  std::unique_ptr<Engine> engines_[2];
};

TEST(EngineSimulation, GivesEverySlotOneRunWhateverHappensToClocksAndEngines) {
  Simulation simulation;
  const auto wanted = [&] {
    std::size_t slots = 0;
    for (const SimulatedExport& simulated : SimulatedExports())
      slots += ModelSlots(simulated, simulation.began(), simulation.latest()).size();
    return slots;
  };
  while (wanted() < kSlotsWanted) simulation.Step();
  simulation.Settle();
  std::size_t runs = 0;
  for (const SimulatedExport& simulated : SimulatedExports()) {
    const std::set<std::string> slots =
        ModelSlots(simulated, simulation.began(), simulation.latest());
    EXPECT_EQ(simulation.Ended(simulated.id), slots) << simulated.id;
    runs += slots.size();
  }
  simulation.CountAll();
  EXPECT_GT(simulation.freezes(), 20);
  // No run has ended twice.
  EXPECT_EQ(simulation.ended(), static_cast<int>(runs));
}

}  // namespace
}  // namespace relais::exports
