#include "server/services/exports/schedule/catch_up.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/services/exports/schedule/test_plan.h"

namespace relais::exports {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A schedule, and what it has decided so far.
class DueDecider {
 public:
  DueDecider(const std::string& text, const std::string& seen_until)
      : schedule_(ScheduleFrom(text)),
        plan_(PlanFrom(schedule_)),
        seen_until_(InstantFrom(seen_until)) {}

  std::vector<std::string> At(const std::string& now) {
    last = DueSlots(plan_, schedule_, seen_until_, InstantFrom(now));
    seen_until_ = last.seen_until;
    std::vector<std::string> run;
    for (const ScheduleSlot& slot : last.run) run.push_back(MinuteText(slot.time));
    return run;
  }

  CatchUp last;

 private:
  const v1::Schedule schedule_;
  const SlotPlan plan_;
  absl::Time seen_until_;
};

constexpr char kDueEachHour[] =
    "time_zone: 'UTC' cron: '0 * * * *' catch_up_window { seconds: 18000 } ";

TEST(DueSlots, RunOnce) {
  DueDecider due(kDueEachHour, "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-01 00:59:59"), IsEmpty());
  EXPECT_THAT(due.At("2024-01-01 01:00:00"), ElementsAre("2024-01-01 01:00"));
  EXPECT_THAT(due.At("2024-01-01 01:00:00"), IsEmpty());
  EXPECT_THAT(due.At("2024-01-01 02:04:59"), ElementsAre("2024-01-01 02:00"));
  EXPECT_EQ(due.last.passed_over, 0);
}

TEST(MissedSlots, ArePassedOverByNone) {
  DueDecider due(absl::StrCat(kDueEachHour, "missed: MISSED_POLICY_NONE"), "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-01 03:05:00"), IsEmpty());
  EXPECT_EQ(due.last.passed_over, 3);
  EXPECT_EQ(MinuteText(due.last.seen_until), "2024-01-01 03:00");
  EXPECT_THAT(due.At("2024-01-01 06:04:59"), ElementsAre("2024-01-01 06:00"));
  EXPECT_EQ(due.last.passed_over, 2);
}

TEST(MissedSlots, AreCaughtUpByLastWithTheNewestOnly) {
  for (const char* policy : {"", "missed: MISSED_POLICY_LAST"}) {
    DueDecider due(absl::StrCat(kDueEachHour, policy), "2024-01-01 00:00:00");
    EXPECT_THAT(due.At("2024-01-01 03:30:00"), ElementsAre("2024-01-01 03:00"));
    EXPECT_EQ(due.last.passed_over, 2);
    // The newest is on time: it stands for those missed.
    EXPECT_THAT(due.At("2024-01-01 06:01:00"), ElementsAre("2024-01-01 06:00"));
  }
}

TEST(MissedSlots, AreAllCaughtUpByAllWithinTheCatchUpWindow) {
  DueDecider due(absl::StrCat(kDueEachHour, "missed: MISSED_POLICY_ALL"), "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-01 08:00:00"),
              ElementsAre("2024-01-01 03:00", "2024-01-01 04:00", "2024-01-01 05:00",
                          "2024-01-01 06:00", "2024-01-01 07:00", "2024-01-01 08:00"));
  EXPECT_EQ(due.last.passed_over, 0) << "no farther back than the catch-up window";
}

TEST(MissedSlots, AreNeverCaughtUpWhenOlderThanTheCatchUpWindow) {
  for (const char* policy : {"MISSED_POLICY_LAST", "MISSED_POLICY_ALL"}) {
    DueDecider due(
        absl::StrCat("time_zone: 'UTC' daily {} catch_up_window { seconds: 3600 } missed: ",
                     policy),
        "2024-01-01 00:00:00");
    EXPECT_THAT(due.At("2024-01-02 01:00:00"), ElementsAre("2024-01-02 00:00"));
    EXPECT_THAT(due.At("2024-01-03 01:00:01"), IsEmpty());
    EXPECT_EQ(MinuteText(due.last.seen_until), "2024-01-03 00:00");
  }
}

TEST(SlotsOnTime, AreThoseWhoseWindowHasNotEnded) {
  const char kWindow[] =
      "time_zone: 'UTC' daily { time { hours: 2 } } window { from { hours: 4 } to { hours: 8 } } "
      "missed: MISSED_POLICY_NONE";
  DueDecider due(kWindow, "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-01 07:59:59"), ElementsAre("2024-01-01 02:00"));
  EXPECT_THAT(due.At("2024-01-02 08:00:00"), IsEmpty());
  EXPECT_EQ(due.last.passed_over, 1);
}

TEST(SlotsOnTime, HaveFiveMinutesAfterTheirGrace) {
  DueDecider due("time_zone: 'UTC' daily {} grace { seconds: 172800 } missed: MISSED_POLICY_NONE",
                 "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-04 00:04:00"),
              ElementsAre("2024-01-02 00:00", "2024-01-03 00:00", "2024-01-04 00:00"));
  EXPECT_THAT(due.At("2024-01-07 00:05:00"), ElementsAre("2024-01-06 00:00", "2024-01-07 00:00"));
  EXPECT_EQ(due.last.passed_over, 1);
}

TEST(AClockThatIsSetBack, MakesNothingDue) {
  DueDecider due(kDueEachHour, "2024-01-01 00:00:00");
  EXPECT_THAT(due.At("2024-01-01 05:00:00"), ElementsAre("2024-01-01 05:00"));
  EXPECT_THAT(due.At("2024-01-01 02:00:00"), IsEmpty());
  EXPECT_THAT(due.At("2023-06-01 02:00:00"), IsEmpty());
  EXPECT_THAT(due.At("2024-01-01 05:30:00"), IsEmpty());
  EXPECT_THAT(due.At("2024-01-01 06:00:00"), ElementsAre("2024-01-01 06:00"));
}

TEST(YearsOfMissedMinutes, TakeBoundedWork) {
  const std::string minutely = "time_zone: 'Europe/Paris' cron: '* * * * *' ";
  DueDecider last(absl::StrCat(minutely, "catch_up_window { seconds: 34560000 }"),
                  "1990-01-01 00:00:00");
  EXPECT_THAT(last.At("2024-01-01 00:00:30"), ElementsAre("2024-01-01 00:00"));
  EXPECT_EQ(last.last.passed_over, 1000);
  DueDecider none(absl::StrCat(minutely, "missed: MISSED_POLICY_NONE"), "1990-01-01 00:00:00");
  EXPECT_EQ(none.At("2024-01-01 00:00:30").size(), 5);
}

TEST(ManySlotsToCatchUp, ComeInParts) {
  DueDecider due("time_zone: 'UTC' cron: '* * * * *' missed: MISSED_POLICY_ALL",
                 "1990-01-01 00:00:00");
  std::size_t run = 0;
  std::string first;
  std::string latest;
  do {
    const auto part = due.At("2024-01-04 00:00:00");
    ASSERT_FALSE(part.empty());
    ASSERT_LE(part.size(), 1000);
    ASSERT_LT(latest, part.front());
    if (first.empty()) first = part.front();
    latest = part.back();
    run += part.size();
  } while (due.last.more);
  EXPECT_EQ(run, 3 * 1440 + 1);
  EXPECT_EQ(first, "2024-01-01 00:00");
  EXPECT_EQ(latest, "2024-01-04 00:00");
}

// The slots of a line of cron, found by watching the clock: a slot is the instant at which the
// clock shows one of its wall times, or has gone past it, for the first time. All have whole ten
// minutes.
std::vector<absl::Time> SlotsByTheClock(const std::string& zone_name, const std::string& line,
                                        absl::Time begin, std::size_t count) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  const auto cron = CronLine::Parse(line);
  std::vector<absl::Time> slots;
  absl::CivilMinute furthest(absl::ToCivilMinute(begin, zone));
  absl::Time end = absl::InfiniteFuture();
  for (absl::Time time = begin; time < end; time += absl::Minutes(10)) {
    const absl::CivilMinute shown = absl::ToCivilMinute(time, zone);
    bool comes = false;
    while (furthest < shown) comes = cron->Matches(++furthest) || comes;
    if (comes) slots.push_back(time);
    if (comes && slots.size() == count) end = time + absl::Hours(24 * 90);
  }
  return slots;
}

// One schedule in a life of clock steps, restarts and pauses, and an independent model of what must
// run: every slot of the list is decided once, at the first look behind it, by its own dates alone.
class ScheduleLife {
 public:
  ScheduleLife(const v1::Schedule& schedule, const std::vector<absl::Time>& slots, absl::Time begin,
               unsigned seed)
      : schedule_(schedule),
        plan_(PlanFrom(schedule)),
        random_(seed),
        slots_(slots),
        now_(begin),
        seen_until_(begin) {}

  // Looks until at least `count` slots have been decided.
  void Live(std::size_t count) {
    while (decided_ < count) {
      Step();
      if (paused_) continue;
      Look();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

  std::size_t decided() const { return decided_; }
  const std::map<absl::Time, int>& runs() const { return runs_; }

 private:
  int Chance(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

  void Step() {
    const absl::Time next = slots_.at(decided_);
    switch (Chance(19)) {
      case 0:  // The clock is set forward, or the gateway was down.
        now_ += absl::Minutes(Chance(60 * 24 * 5));
        return;
      case 1:  // The clock is set back.
        now_ -= absl::Minutes(Chance(60 * 24 * 3));
        return;
      case 2:
        paused_ = !paused_;
        return;
      case 3:
        now_ += absl::Seconds(Chance(7200));
        return;
      default:
        if (paused_ && Chance(3) == 0) paused_ = false;
        now_ = std::max(now_ + absl::Milliseconds(Chance(900)),
                        next + absl::Milliseconds(Chance(2000)));
    }
  }

  void Look() {
    CatchUp part;
    std::vector<absl::Time> run;
    do {
      part = DueSlots(plan_, schedule_, seen_until_, now_);
      ASSERT_TRUE(part.seen_until > seen_until_ || part.run.empty());
      seen_until_ = part.seen_until;
      for (const ScheduleSlot& slot : part.run) run.push_back(slot.time);
    } while (part.more);
    for (const absl::Time time : run) ++runs_[time];
    ASSERT_EQ(run, Expected());
  }

  // The model: when the window of a slot ends is told by the plan, which tests of its own hold.
  std::vector<absl::Time> Expected() {
    std::vector<absl::Time> on_time, young, due;
    for (; decided_ < slots_.size() && slots_[decided_] <= now_; ++decided_) {
      const absl::Time slot = slots_[decided_];
      const absl::Time begin = plan_.MayBegin({slot, {}}, slot);
      const absl::Time end = schedule_.has_window()
                                 ? plan_.WindowEnd(begin)
                                 : slot + absl::Seconds(schedule_.grace().seconds() + 300);
      due.push_back(slot);
      if (now_ < end) {
        on_time.push_back(slot);
      } else if (slot + absl::Hours(72) >= now_) {
        young.push_back(slot);
      }
    }
    if (due.size() == on_time.size() || schedule_.missed() == v1::MISSED_POLICY_NONE)
      return on_time;
    std::vector<absl::Time> all = young;
    all.insert(all.end(), on_time.begin(), on_time.end());
    if (schedule_.missed() == v1::MISSED_POLICY_ALL) return all;
    return all.empty() ? all : std::vector<absl::Time>{all.back()};
  }

  const v1::Schedule schedule_;
  const SlotPlan plan_;
  std::mt19937 random_;
  const std::vector<absl::Time>& slots_;
  std::size_t decided_ = 0;
  absl::Time now_;
  absl::Time seen_until_;
  bool paused_ = false;
  std::map<absl::Time, int> runs_;
};

TEST(TenThousandSlots, RunAtMostOnceAndNoneIsSkippedButByPolicy) {
  const struct {
    std::string trigger;
    std::string line;
    std::size_t count;
  } kTriggers[] = {
      {"daily { time { hours: 2 minutes: 30 } }", "30 2 * * *", 400},
      {"cron: '*/30 * * * *'", "*/30 * * * *", 1500},
      {"cron: '10 */2 * * *' window { from { hours: 22 } to { hours: 3 } }", "10 */2 * * *", 400},
      {"cron: '0 * * * *' grace { seconds: 9000 }", "0 * * * *", 800}};
  const absl::Time begin = InstantFrom("2024-03-08 12:00:00");
  std::size_t slots = 0;
  unsigned seed = 1;
  for (const char* zone : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe",
                           "Africa/Casablanca", "America/Scoresbysund", "UTC"}) {
    for (const auto& [trigger, line, count] : kTriggers) {
      const std::vector<absl::Time> all = SlotsByTheClock(zone, line, begin, count);
      v1::Schedule schedule = ScheduleFrom(absl::StrCat("time_zone: '", zone, "' ", trigger));
      for (const auto policy :
           {v1::MISSED_POLICY_NONE, v1::MISSED_POLICY_LAST, v1::MISSED_POLICY_ALL}) {
        SCOPED_TRACE(absl::StrCat(zone, " ", trigger, " ", policy, " seed ", seed));
        schedule.set_missed(policy);
        ScheduleLife life(schedule, all, begin, seed++);
        life.Live(count);
        if (HasFatalFailure()) return;
        for (const auto& [time, runs] : life.runs()) ASSERT_EQ(runs, 1) << MinuteText(time);
        slots += life.decided();
      }
    }
  }
  EXPECT_GT(slots, 10'000);
}

}  // namespace
}  // namespace relais::exports
