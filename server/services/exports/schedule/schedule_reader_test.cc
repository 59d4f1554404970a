#include "server/services/exports/schedule/schedule_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/core/base/error.h"
#include "server/services/exports/schedule/test_plan.h"

namespace relais::exports {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<Violation> WrongIn(const std::string& text) {
  Violations violations;
  const auto plan = SlotPlan::Make(ScheduleFrom(text), "export.schedule", violations);
  EXPECT_TRUE(violations.empty() || !plan);
  return DetailsOf(violations.ToStatus()).violations;
}

std::vector<std::string> WrongFields(const std::string& text) {
  std::vector<std::string> fields;
  for (const Violation& violation : WrongIn(text)) fields.push_back(violation.field);
  return fields;
}

TEST(ScheduleChecks, TakeWhatTheProtoAllows) {
  for (const char* text :
       {"daily {} time_zone: 'UTC'",
        "daily { time { hours: 23 minutes: 59 seconds: 59 } days_of_week: 7 } time_zone: "
        "'Etc/GMT+1'",
        "monthly { working_day: -23 } time_zone: 'Europe/Paris' grace { seconds: 2678400 }",
        "cron: '0 4 * * mon-fri' time_zone: 'UTC' catch_up_window { seconds: 60 }",
        "cron: '0 4 * * *' time_zone: 'UTC' catch_up_window {}",
        "end_of_campaign { campaign: 'instances/ccenter/campaigns/12' }",
        "end_of_campaign { campaign: 'instances/ccenter/campaigns/12' } time_zone: 'Asia/Tokyo' "
        "granularity: GRANULARITY_WEEK window { from { hours: 22 } to {} }"}) {
    EXPECT_THAT(WrongFields(text), IsEmpty()) << text;
  }
}

TEST(ScheduleChecks, FindAllThatIsWrongAtOnce) {
  EXPECT_THAT(
      WrongFields("daily { time { hours: 24 minutes: 60 seconds: -1 nanos: 5 } days_of_week: 0 "
                  "days_of_week: 3 days_of_week: 3 days_of_week: 8 } granularity: 9 missed: 7 "
                  "overlap: 8 grace { seconds: -1 } catch_up_window { seconds: 59 } "
                  "window { from { hours: -1 seconds: 1 } to { minutes: 61 nanos: 1 } }"),
      UnorderedElementsAre(
          "export.schedule.daily.time.hours", "export.schedule.daily.time.minutes",
          "export.schedule.daily.time.seconds", "export.schedule.daily.time.nanos",
          "export.schedule.daily.days_of_week[0]", "export.schedule.daily.days_of_week[2]",
          "export.schedule.daily.days_of_week[3]", "export.schedule.granularity",
          "export.schedule.missed", "export.schedule.overlap", "export.schedule.grace",
          "export.schedule.catch_up_window", "export.schedule.time_zone",
          "export.schedule.window.from.hours", "export.schedule.window.from.seconds",
          "export.schedule.window.to.minutes", "export.schedule.window.to.nanos"));
}

TEST(ScheduleChecks, NameTheFieldThatIsWrong) {
  const struct {
    const char* text;
    const char* field;
  } kWrongSchedules[] = {
      {"", "export.schedule"},
      {"time_zone: 'UTC' monthly {}", "export.schedule.monthly"},
      {"time_zone: 'UTC' monthly { day_of_month: 0 }", "export.schedule.monthly.day_of_month"},
      {"time_zone: 'UTC' monthly { day_of_month: 32 }", "export.schedule.monthly.day_of_month"},
      {"time_zone: 'UTC' monthly { day_of_month: -32 }", "export.schedule.monthly.day_of_month"},
      {"time_zone: 'UTC' monthly { working_day: 24 }", "export.schedule.monthly.working_day"},
      {"time_zone: 'UTC' monthly { working_day: -2147483648 }",
       "export.schedule.monthly.working_day"},
      {"time_zone: 'UTC' monthly { day_of_month: 1 time { hours: 2147483647 } }",
       "export.schedule.monthly.time.hours"},
      {"time_zone: 'UTC' cron: '* * * * fry'", "export.schedule.cron"},
      {"time_zone: 'UTC' daily {} window { from { hours: 4 } to { hours: 4 } }",
       "export.schedule.window.to"},
      {"time_zone: 'UTC' daily {} window { to { hours: 4 } }", "export.schedule.window.from"},
      {"time_zone: 'UTC' daily {} window { from { hours: 4 } }", "export.schedule.window.to"},
      {"time_zone: 'UTC' daily {} window { from { hours: 4 } to { hours: 24 } }",
       "export.schedule.window.to.hours"},
      {"time_zone: 'UTC' daily {} grace { seconds: 2678400 nanos: 1 }", "export.schedule.grace"},
      {"time_zone: 'UTC' daily {} catch_up_window { seconds: 34560001 }",
       "export.schedule.catch_up_window"},
      {"time_zone: 'UTC' daily {} catch_up_window { seconds: 9223372036854775807 }",
       "export.schedule.catch_up_window"},
      {"end_of_campaign {}", "export.schedule.end_of_campaign.campaign"},
      {"end_of_campaign { campaign: 'campaigns/1' }", "export.schedule.end_of_campaign.campaign"},
      {"end_of_campaign { campaign: 'instances/a/campaigns/1' } granularity: GRANULARITY_SLOT",
       "export.schedule.granularity"},
      {"end_of_campaign { campaign: 'instances/a/campaigns/1' } time_zone: 'Mars'",
       "export.schedule.time_zone"},
  };
  for (const auto& [text, field] : kWrongSchedules) {
    EXPECT_THAT(WrongFields(text), UnorderedElementsAre(field)) << text;
  }
}

TEST(ScheduleChecks, SuggestTheZoneThatWasMeant) {
  const auto zone = [](const std::string& name) {
    const auto wrong = WrongIn("daily {} time_zone: '" + name + "'");
    return wrong.empty() ? "" : wrong.front().description;
  };
  EXPECT_THAT(zone("europe/paris"), HasSubstr("did you mean \"Europe/Paris\"?"));
  EXPECT_THAT(zone("Europe/Pariss"), HasSubstr("did you mean \"Europe/Paris\"?"));
  for (const char* name : {"localtime", "/etc/localtime", "../zoneinfo/UTC", "Europe/../UTC",
                           "Fixed/UTC+01:00:00", "libc:localtime", "UTC ", "+01", "tzdata.zi"}) {
    EXPECT_THAT(zone(name), HasSubstr("must be a zone")) << name;
  }
  EXPECT_THAT(zone(std::string(1000, 'a')), HasSubstr("must be a zone"));
}

TEST(ScheduleChecks, TellThePositionInALineOfCron) {
  const auto wrong = WrongIn("cron: '0 4 * * fry' time_zone: 'UTC'");
  ASSERT_EQ(wrong.size(), 1);
  EXPECT_THAT(wrong[0].description, HasSubstr("At character 9 of the line, a day of the week"));
}

TEST(ScheduleByTheEndOfACampaign, HasNoSlotsByTime) {
  Violations violations;
  EXPECT_FALSE(
      SlotPlan::Make(ScheduleFrom("end_of_campaign { campaign: 'instances/ccenter/campaigns/12' }"),
                     "schedule", violations));
  EXPECT_TRUE(violations.empty());
}

TEST(CatchUpWindow, IsThreeDaysUnlessGiven) {
  EXPECT_EQ(CatchUpWindowOf({}), absl::Hours(72));
  EXPECT_EQ(CatchUpWindowOf(ScheduleFrom("catch_up_window { seconds: 60 }")), absl::Minutes(1));
}

}  // namespace
}  // namespace relais::exports
