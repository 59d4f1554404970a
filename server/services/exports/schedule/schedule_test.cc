#include "server/services/exports/schedule/schedule.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/services/exports/schedule/test_plan.h"

namespace relais::exports {
namespace {

using ::testing::ElementsAre;

// The slots from one instant on, each as "UTC local".
std::vector<std::string> SlotTexts(const SlotPlan& plan, const std::string& after, int count) {
  std::vector<std::string> slots;
  auto slot = plan.After(InstantFrom(after));
  for (; slot && count > 0; --count, slot = plan.After(slot->time)) {
    slots.push_back(absl::StrCat(MinuteText(slot->time), " ",
                                 absl::FormatTime("%H:%M%Ez", slot->time, plan.zone())));
  }
  return slots;
}

std::vector<std::string> PeriodIds(const SlotPlan& plan, const std::string& after, int count) {
  std::vector<std::string> ids;
  auto slot = plan.After(InstantFrom(after));
  for (; slot && count > 0; --count, slot = plan.After(slot->time)) ids.push_back(slot->period.id);
  return ids;
}

constexpr char kDailyAtHalfPastTwo[] = "daily { time { hours: 2 minutes: 30 } }";

TEST(ScheduleOfParis, HasOneSlotADayWhenTheClockGoesForward) {
  const SlotPlan plan = PlanIn("Europe/Paris", kDailyAtHalfPastTwo);
  EXPECT_THAT(SlotTexts(plan, "2024-03-30 00:00:00", 3),
              ElementsAre("2024-03-30 01:30 02:30+01:00", "2024-03-31 01:00 03:00+02:00",
                          "2024-04-01 00:30 02:30+02:00"));
  EXPECT_THAT(PeriodIds(plan, "2024-03-30 00:00:00", 3),
              ElementsAre("2024-03-29", "2024-03-30", "2024-03-31"));
}

TEST(ScheduleOfParis, HasOneSlotADayWhenTheClockGoesBack) {
  const SlotPlan plan = PlanIn("Europe/Paris", kDailyAtHalfPastTwo);
  EXPECT_THAT(SlotTexts(plan, "2024-10-26 00:00:00", 3),
              ElementsAre("2024-10-26 00:30 02:30+02:00", "2024-10-27 00:30 02:30+02:00",
                          "2024-10-28 01:30 02:30+01:00"));
  // From within the hour that comes twice.
  EXPECT_THAT(SlotTexts(plan, "2024-10-27 01:10:00", 1),
              ElementsAre("2024-10-28 01:30 02:30+01:00"));
}

TEST(ScheduleOfParis, HasDaysOfTwentyThreeAndTwentyFiveHours) {
  const SlotPlan plan = PlanIn("Europe/Paris", "daily {}");
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2024, 3, 31)),
            (DataPeriod{"2024-03-31", InstantFrom("2024-03-30 23:00:00"),
                        InstantFrom("2024-03-31 22:00:00")}));
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2024, 10, 27)),
            (DataPeriod{"2024-10-27", InstantFrom("2024-10-26 22:00:00"),
                        InstantFrom("2024-10-27 23:00:00")}));
}

TEST(ScheduleOfNewYork, FollowsTheClockBothWays) {
  const SlotPlan plan = PlanIn("America/New_York", kDailyAtHalfPastTwo);
  EXPECT_THAT(SlotTexts(plan, "2024-03-10 00:00:00", 2),
              ElementsAre("2024-03-10 07:00 03:00-04:00", "2024-03-11 06:30 02:30-04:00"));
  const SlotPlan early = PlanIn("America/New_York", "daily { time { hours: 1 minutes: 30 } }");
  EXPECT_THAT(SlotTexts(early, "2024-11-03 00:00:00", 2),
              ElementsAre("2024-11-03 05:30 01:30-04:00", "2024-11-04 06:30 01:30-05:00"));
}

TEST(ScheduleOfLordHowe, FollowsAClockThatIsSetByHalfAnHour) {
  const SlotPlan plan = PlanIn("Australia/Lord_Howe", "daily { time { hours: 2 minutes: 10 } }");
  EXPECT_THAT(SlotTexts(plan, "2024-10-05 00:00:00", 2),
              ElementsAre("2024-10-05 15:30 02:30+11:00", "2024-10-06 15:10 02:10+11:00"));
  const SlotPlan late = PlanIn("Australia/Lord_Howe", "daily { time { hours: 1 minutes: 45 } }");
  EXPECT_THAT(SlotTexts(late, "2024-04-06 00:00:00", 2),
              ElementsAre("2024-04-06 14:45 01:45+11:00", "2024-04-07 15:15 01:45+10:30"));
}

TEST(ScheduleOfCasablanca, FollowsTheClockOfRamadan) {
  const SlotPlan plan = PlanIn("Africa/Casablanca", kDailyAtHalfPastTwo);
  EXPECT_THAT(SlotTexts(plan, "2024-03-09 12:00:00", 2),
              ElementsAre("2024-03-10 01:30 02:30+01:00", "2024-03-11 02:30 02:30+00:00"));
  EXPECT_THAT(SlotTexts(plan, "2024-04-13 12:00:00", 2),
              ElementsAre("2024-04-14 02:00 03:00+01:00", "2024-04-15 01:30 02:30+01:00"));
}

TEST(ScheduleOfSaoPaulo, BeginsADayWithoutMidnightAtOne) {
  const SlotPlan plan = PlanIn("America/Sao_Paulo", "daily {}");
  EXPECT_THAT(SlotTexts(plan, "2018-11-03 12:00:00", 2),
              ElementsAre("2018-11-04 03:00 01:00-02:00", "2018-11-05 02:00 00:00-02:00"));
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2018, 11, 4)),
            (DataPeriod{"2018-11-04", InstantFrom("2018-11-04 03:00:00"),
                        InstantFrom("2018-11-05 02:00:00")}));
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2018, 11, 3)).end, InstantFrom("2018-11-04 03:00:00"));
  // The last hour of 2018-02-17 came twice.
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2018, 2, 17)),
            (DataPeriod{"2018-02-17", InstantFrom("2018-02-17 02:00:00"),
                        InstantFrom("2018-02-18 03:00:00")}));
  EXPECT_EQ(plan.LastPeriod(InstantFrom("2018-02-18 02:30:00")).id, "2018-02-16");
}

TEST(ScheduleOfTehran, BeginsADayWithoutMidnightAtOne) {
  const SlotPlan plan = PlanIn("Asia/Tehran", "daily {}");
  EXPECT_THAT(SlotTexts(plan, "2022-03-21 00:00:00", 2),
              ElementsAre("2022-03-21 20:30 01:00+04:30", "2022-03-22 19:30 00:00+04:30"));
}

TEST(ScheduleOfApia, HasNoSlotForADayThatDoesNotExist) {
  const SlotPlan plan = PlanIn("Pacific/Apia", "daily { time { hours: 4 } }");
  EXPECT_THAT(SlotTexts(plan, "2011-12-29 00:00:00", 3),
              ElementsAre("2011-12-29 14:00 04:00-10:00", "2011-12-30 14:00 04:00+14:00",
                          "2011-12-31 14:00 04:00+14:00"));
  EXPECT_THAT(PeriodIds(plan, "2011-12-29 00:00:00", 3),
              ElementsAre("2011-12-28", "2011-12-29", "2011-12-31"));
  EXPECT_EQ(plan.LastUpTo(InstantFrom("2011-12-30 13:00:00"))->time,
            InstantFrom("2011-12-29 14:00:00"));
  std::vector<std::string> ids;
  for (const DataPeriod& period :
       plan.PeriodsOf(absl::CivilDay(2011, 12, 28), absl::CivilDay(2011, 12, 31), 10)) {
    ids.push_back(period.id);
  }
  EXPECT_THAT(ids, ElementsAre("2011-12-28", "2011-12-29", "2011-12-31"));
}

TEST(ScheduleOfApia, KeepsItsSlotOfAMonthAfterADayThatDoesNotExist) {
  const SlotPlan plan = PlanIn("Pacific/Apia", "monthly { day_of_month: 30 time { hours: 4 } }");
  EXPECT_THAT(SlotTexts(plan, "2011-12-02 00:00:00", 2),
              ElementsAre("2011-12-30 10:00 00:00+14:00", "2012-01-29 14:00 04:00+14:00"));
  EXPECT_THAT(PeriodIds(plan, "2011-12-02 00:00:00", 2), ElementsAre("2011-11", "2011-12"));
}

TEST(ScheduleByCron, HasOneSlotForAllWallTimesOfAGap) {
  const SlotPlan plan = PlanIn("Europe/Paris", "cron: '*/20 * * * *'");
  EXPECT_THAT(SlotTexts(plan, "2024-03-31 00:30:00", 4),
              ElementsAre("2024-03-31 00:40 01:40+01:00", "2024-03-31 01:00 03:00+02:00",
                          "2024-03-31 01:20 03:20+02:00", "2024-03-31 01:40 03:40+02:00"));
  const SlotPlan within = PlanIn("Europe/Paris", "cron: '10,50 2 * * *'");
  EXPECT_THAT(SlotTexts(within, "2024-03-30 12:00:00", 2),
              ElementsAre("2024-03-31 01:00 03:00+02:00", "2024-04-01 00:10 02:10+02:00"));
}

TEST(ScheduleByCron, CountsAWallTimeThatComesTwiceOnce) {
  const SlotPlan plan = PlanIn("Europe/Paris", "cron: '*/30 * * * *'");
  EXPECT_THAT(SlotTexts(plan, "2024-10-27 00:00:00", 3),
              ElementsAre("2024-10-27 00:30 02:30+02:00", "2024-10-27 02:00 03:00+01:00",
                          "2024-10-27 02:30 03:30+01:00"));
  const auto slot = plan.After(InstantFrom("2024-10-27 01:15:00"));
  EXPECT_EQ(slot->period, (DataPeriod{"20241027T020000Z", InstantFrom("2024-10-27 00:30:00"),
                                      InstantFrom("2024-10-27 02:00:00")}));
}

TEST(ScheduleByCron, IsAboutTheTimeSinceTheSlotBefore) {
  const SlotPlan plan = PlanIn("Europe/Paris", "cron: '0 6 * * *'");
  EXPECT_EQ(plan.After(InstantFrom("2024-03-31 00:00:00"))->period,
            (DataPeriod{"20240331T040000Z", InstantFrom("2024-03-30 05:00:00"),
                        InstantFrom("2024-03-31 04:00:00")}));
  EXPECT_EQ(plan.PeriodOf(absl::CivilDay(2024, 3, 31)).id, "20240331T040000Z");
  EXPECT_EQ(plan.LastPeriod(InstantFrom("2024-03-31 04:00:00")).id, "20240331T040000Z");
  EXPECT_EQ(plan.LastPeriod(InstantFrom("2024-03-31 03:59:59.999")).id, "20240330T050000Z");
  EXPECT_EQ(plan.PeriodsOf(absl::CivilDay(2024, 3, 30), absl::CivilDay(2024, 3, 31), 9).size(), 3);
  EXPECT_EQ(plan.PeriodsOf(absl::CivilDay(2024, 3, 30), absl::CivilDay(2024, 3, 31), 2).size(), 2);
}

TEST(ScheduleSearch, EndsWithTheYearsThatCanBeReckonedWith) {
  const SlotPlan plan = PlanIn("Europe/Paris", "cron: '0 0 29 2 *'");
  EXPECT_EQ(plan.After(absl::InfiniteFuture()), std::nullopt);
  EXPECT_TRUE(plan.After(absl::InfinitePast()));
  EXPECT_EQ(plan.LastUpTo(absl::InfinitePast()), std::nullopt);
  EXPECT_TRUE(plan.LastUpTo(absl::InfiniteFuture()));
  EXPECT_EQ(MinuteText(plan.After(InstantFrom("2097-01-01 00:00:00"))->time), "2104-02-28 23:00");
}

TEST(ScheduleMonthly, CountsDaysFromEitherEnd) {
  const struct {
    const char* day;
    const char* january;
    const char* february;
  } kCases[] = {{"day_of_month: 1", "2024-01-01 00:00", "2024-02-01 00:00"},
                {"day_of_month: 31", "2024-01-31 00:00", "2024-02-29 00:00"},
                {"day_of_month: -1", "2024-01-31 00:00", "2024-02-29 00:00"},
                {"day_of_month: -31", "2024-01-01 00:00", "2024-02-01 00:00"},
                {"day_of_month: -2", "2024-01-30 00:00", "2024-02-28 00:00"},
                {"working_day: 1", "2024-01-01 00:00", "2024-02-01 00:00"},
                {"working_day: 5", "2024-01-05 00:00", "2024-02-07 00:00"},
                {"working_day: 23", "2024-01-31 00:00", "2024-02-29 00:00"},
                {"working_day: -1", "2024-01-31 00:00", "2024-02-29 00:00"},
                {"working_day: -5", "2024-01-25 00:00", "2024-02-23 00:00"},
                {"working_day: -23", "2024-01-01 00:00", "2024-02-01 00:00"}};
  for (const auto& [day, january, february] : kCases) {
    const SlotPlan plan = PlanIn("UTC", absl::StrCat("monthly { ", day, " }"));
    const auto first = plan.After(InstantFrom("2023-12-31 23:59:59"));
    EXPECT_EQ(MinuteText(first->time), january) << day;
    EXPECT_EQ(first->period.id, "2023-12") << day;
    EXPECT_EQ(MinuteText(plan.After(first->time)->time), february) << day;
    EXPECT_EQ(plan.LastUpTo(plan.After(first->time)->time - absl::Seconds(1)), first) << day;
  }
}

TEST(ScheduleDaily, MayKeepToSomeDaysOfTheWeek) {
  const SlotPlan plan =
      PlanIn("UTC", "daily { days_of_week: 1 days_of_week: 5 time { hours: 23 seconds: 5 } }");
  EXPECT_THAT(SlotTexts(plan, "2024-03-01 23:00:05", 3),  // a Friday
              ElementsAre("2024-03-04 23:00 23:00+00:00", "2024-03-08 23:00 23:00+00:00",
                          "2024-03-11 23:00 23:00+00:00"));
  EXPECT_EQ(MinuteText(plan.LastUpTo(InstantFrom("2024-03-04 23:00:04"))->time),
            "2024-03-01 23:00");
}

TEST(ScheduleGranularity, IsTheLastPeriodThatIsOver) {
  const SlotPlan week = PlanIn("UTC", "daily {} granularity: GRANULARITY_WEEK");
  EXPECT_THAT(PeriodIds(week, "2024-03-30 12:00:00", 3),
              ElementsAre("2024-W12", "2024-W13", "2024-W13"));
  EXPECT_EQ(week.PeriodOf(absl::CivilDay(2024, 12, 30)).id, "2025-W01");
  EXPECT_EQ(week.PeriodOf(absl::CivilDay(2021, 1, 3)).id, "2020-W53");
  EXPECT_EQ(week.PeriodOf(absl::CivilDay(2024, 3, 31)),
            (DataPeriod{"2024-W13", InstantFrom("2024-03-25 00:00:00"),
                        InstantFrom("2024-04-01 00:00:00")}));
  const SlotPlan month = PlanIn("UTC", "cron: '0 0 * * *' granularity: GRANULARITY_MONTH");
  EXPECT_THAT(PeriodIds(month, "2024-03-30 12:00:00", 2), ElementsAre("2024-02", "2024-03"));
  EXPECT_EQ(month.PeriodsOf(absl::CivilDay(2024, 1, 31), absl::CivilDay(2024, 3, 1), 9).size(), 3);
  const SlotPlan slot = PlanIn("UTC", "monthly { day_of_month: 1 } granularity: GRANULARITY_SLOT");
  EXPECT_EQ(slot.After(InstantFrom("2024-02-15 00:00:00"))->period,
            (DataPeriod{"20240301T000000Z", InstantFrom("2024-02-01 00:00:00"),
                        InstantFrom("2024-03-01 00:00:00")}));
}

TEST(ScheduleWindow, IsWhereDailySlotsAreWithoutATime) {
  const char kWindow[] = "window { from { hours: 4 minutes: 30 } to { hours: 8 } } ";
  EXPECT_EQ(MinuteText(PlanIn("UTC", absl::StrCat(kWindow, "daily {}"))
                           .After(InstantFrom("2024-01-01 00:00:00"))
                           ->time),
            "2024-01-01 04:30");
  EXPECT_EQ(MinuteText(PlanIn("UTC", absl::StrCat(kWindow, "monthly { day_of_month: 2 }"))
                           .After(InstantFrom("2024-01-01 00:00:00"))
                           ->time),
            "2024-01-02 04:30");
}

std::string BeginText(const SlotPlan& plan, const std::string& slot, const std::string& now) {
  return MinuteText(plan.MayBegin({InstantFrom(slot), {}}, InstantFrom(now)));
}

TEST(ScheduleWindow, PutsRunsOffUntilItBegins) {
  const SlotPlan plan =
      PlanIn("UTC", "daily { time { hours: 2 } } window { from { hours: 4 } to { hours: 8 } }");
  EXPECT_EQ(BeginText(plan, "2024-01-01 02:00:00", "2024-01-01 02:00:00"), "2024-01-01 04:00");
  EXPECT_EQ(BeginText(plan, "2024-01-01 02:00:00", "2024-01-01 05:00:00"), "2024-01-01 05:00");
  EXPECT_EQ(BeginText(plan, "2024-01-01 02:00:00", "2024-01-01 08:00:00"), "2024-01-02 04:00");
  EXPECT_EQ(plan.WindowEnd(InstantFrom("2024-01-01 05:00:00")), InstantFrom("2024-01-01 08:00:00"));
  EXPECT_EQ(plan.WindowEnd(InstantFrom("2024-01-01 09:00:00")), InstantFrom("2024-01-01 09:00:00"));
}

TEST(ScheduleWindow, MayCrossMidnight) {
  const SlotPlan plan =
      PlanIn("Europe/Paris",
             "daily { } window { from { hours: 22 } to { hours: 3 } } grace { seconds: 3600 }");
  EXPECT_EQ(BeginText(plan, "2024-01-01 21:00:00", "2024-01-01 21:00:00"), "2024-01-01 22:00");
  EXPECT_EQ(BeginText(plan, "2024-01-01 21:00:00", "2024-01-02 01:59:00"), "2024-01-02 01:59");
  EXPECT_EQ(BeginText(plan, "2024-01-01 21:00:00", "2024-01-02 02:00:00"), "2024-01-02 21:00");
  EXPECT_EQ(plan.WindowEnd(InstantFrom("2024-01-02 00:30:00")), InstantFrom("2024-01-02 02:00:00"));
  // Its end is a wall time that does not exist, or comes twice.
  EXPECT_EQ(plan.WindowEnd(InstantFrom("2024-03-31 00:30:00")), InstantFrom("2024-03-31 01:00:00"));
  EXPECT_EQ(plan.WindowEnd(InstantFrom("2024-10-27 00:30:00")), InstantFrom("2024-10-27 02:00:00"));
}

TEST(ScheduleWindow, FollowsAGapThatHasLeftItOut) {
  const SlotPlan plan =
      PlanIn("Europe/Paris",
             "daily {} window { from { hours: 2 minutes: 15 } to { hours: 2 minutes: 45 } }");
  const auto slot = plan.After(InstantFrom("2024-03-30 12:00:00"));
  EXPECT_EQ(MinuteText(slot->time), "2024-03-31 01:00");
  EXPECT_EQ(plan.MayBegin(*slot, slot->time), slot->time);
  EXPECT_EQ(plan.WindowEnd(slot->time), InstantFrom("2024-03-31 01:30:00"));
}

TEST(ScheduleGrace, PutsRunsOffButNotSlots) {
  const SlotPlan plan = PlanIn("UTC", "daily { } grace { seconds: 90000 }");
  const auto slot = plan.After(InstantFrom("2024-01-01 12:00:00"));
  EXPECT_EQ(slot->time, InstantFrom("2024-01-02 00:00:00"));
  EXPECT_EQ(MinuteText(plan.MayBegin(*slot, slot->time)), "2024-01-03 01:00");
  EXPECT_EQ(plan.WindowEnd(slot->time), absl::InfiniteFuture());
}

TEST(SlotsOfEveryZone, ComeInOrderAndAreFoundBothWays) {
  for (const char* zone : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe",
                           "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Apia", "UTC",
                           "Asia/Tehran", "America/Scoresbysund", "Africa/Monrovia"}) {
    for (const char* trigger :
         {"cron: '*/10 * * * *'", "cron: '5,35 0-3,22-23 * * *'", "daily { time { minutes: 30 } }",
          "daily { time { hours: 23 minutes: 30 } }", "monthly { day_of_month: -1 }"}) {
      const SlotPlan plan = PlanIn(zone, absl::StrCat(trigger, " granularity: GRANULARITY_SLOT"));
      for (const char* begin : {"2011-12-27 00:00:00", "2018-02-15 00:00:00", "2024-03-29 00:00:00",
                                "2024-10-26 00:00:00", "1972-01-06 00:00:00"}) {
        auto slot = plan.After(InstantFrom(begin));
        for (int i = 0; i < 300; ++i) {
          const auto next = plan.After(slot->time);
          ASSERT_TRUE(next && next->time > slot->time) << zone << trigger << MinuteText(slot->time);
          ASSERT_EQ(next->period.start, slot->time) << zone << trigger << MinuteText(next->time);
          ASSERT_EQ(plan.LastUpTo(next->time), next) << zone << trigger;
          ASSERT_EQ(plan.LastUpTo(next->time - absl::Nanoseconds(1)), slot) << zone << trigger;
          ASSERT_EQ(plan.After(next->time - absl::Nanoseconds(1)), next) << zone << trigger;
          slot = next;
        }
      }
    }
  }
}

}  // namespace
}  // namespace relais::exports
