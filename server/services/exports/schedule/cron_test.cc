#include "server/services/exports/schedule/cron.h"

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/core/base/error.h"

namespace relais::exports {
namespace {

using ::testing::HasSubstr;

CronLine CronFrom(const std::string& line) {
  auto cron = CronLine::Parse(line);
  EXPECT_TRUE(cron.ok()) << line << ": " << cron.status();
  return cron.ok() ? *std::move(cron) : *CronLine::Parse("* * * * *");
}

std::string NextText(const std::string& line, absl::CivilMinute from) {
  const auto next = CronFrom(line).FirstFrom(from);
  return next ? absl::FormatCivilTime(*next) : "none";
}

TEST(CronLine, FindsTheNextWallTime) {
  const absl::CivilMinute from(2024, 2, 28, 10, 17);  // a Wednesday
  EXPECT_EQ(NextText("* * * * *", from), "2024-02-28T10:17");
  EXPECT_EQ(NextText("*/15 * * * *", from), "2024-02-28T10:30");
  EXPECT_EQ(NextText("1-30/5 * * * *", from), "2024-02-28T10:21");
  EXPECT_EQ(NextText("5/10 * * * *", from), "2024-02-28T10:25");
  EXPECT_EQ(NextText("0 4 * * *", from), "2024-02-29T04:00");
  EXPECT_EQ(NextText("16 10 * * *", from), "2024-02-29T10:16");
  EXPECT_EQ(NextText("0,17 9,10 * * *", from), "2024-02-28T10:17");
  EXPECT_EQ(NextText("0 0 1 * *", from), "2024-03-01T00:00");
  EXPECT_EQ(NextText("0 0 29 2 *", from), "2024-02-29T00:00");
  EXPECT_EQ(NextText("0 0 29 2 *", absl::CivilMinute(2096, 3, 1)), "2104-02-29T00:00");
  EXPECT_EQ(NextText("0 0 L * *", from), "2024-02-29T00:00");
  EXPECT_EQ(NextText("0 0 15,l * *", absl::CivilMinute(2023, 2, 16)), "2023-02-28T00:00");
  EXPECT_EQ(NextText("0 0 * JAN *", from), "2025-01-01T00:00");
  EXPECT_EQ(NextText("0 0 * Nov-dec *", from), "2024-11-01T00:00");
  EXPECT_EQ(NextText("\t30 8  1-7 * *  ", from), "2024-03-01T08:30");
}

TEST(CronLine, CountsDaysOfTheWeekFromSundayWhichIsAlsoSeven) {
  const absl::CivilMinute from(2024, 2, 29);  // a Thursday
  EXPECT_EQ(NextText("0 0 * * 0", from), "2024-03-03T00:00");
  EXPECT_EQ(NextText("0 0 * * 7", from), "2024-03-03T00:00");
  EXPECT_EQ(NextText("0 0 * * sun", from), "2024-03-03T00:00");
  EXPECT_EQ(NextText("0 0 * * SAT-Sun", from), "2024-03-02T00:00");
  EXPECT_EQ(NextText("0 0 * * sun-tue", from), "2024-03-03T00:00");
  EXPECT_EQ(NextText("0 0 * * 6-7", absl::CivilMinute(2024, 3, 3)), "2024-03-03T00:00");
  EXPECT_EQ(NextText("0 0 * * mon-fri", absl::CivilMinute(2024, 3, 2)), "2024-03-04T00:00");
  EXPECT_EQ(NextText("0 0 * * 1/2", absl::CivilMinute(2024, 3, 2)), "2024-03-04T00:00");
}

TEST(CronLine, TakesEitherDayWhenBothRestrict) {
  const absl::CivilMinute from(2024, 3, 1, 0, 1);  // a Friday
  EXPECT_EQ(NextText("0 0 13 * fri", from), "2024-03-08T00:00");
  EXPECT_EQ(NextText("0 0 5 * fri", from), "2024-03-05T00:00");
  EXPECT_EQ(NextText("0 0 L * mon", from), "2024-03-04T00:00");
  // A field that leaves no day out restricts nothing.
  EXPECT_EQ(NextText("0 0 1-31 * fri", from), "2024-03-08T00:00");
  EXPECT_EQ(NextText("0 0 13 * 0-6", from), "2024-03-13T00:00");
}

TEST(CronLine, FindsTheLastWallTime) {
  const auto last = [](const std::string& line, absl::CivilMinute from) {
    return absl::FormatCivilTime(CronFrom(line).LastUpTo(from).value());
  };
  const absl::CivilMinute from(2024, 2, 28, 10, 17);
  EXPECT_EQ(last("* * * * *", from), "2024-02-28T10:17");
  EXPECT_EQ(last("*/15 * * * *", from), "2024-02-28T10:15");
  EXPECT_EQ(last("18 10 * * *", from), "2024-02-27T10:18");
  EXPECT_EQ(last("30 0 * * *", absl::CivilMinute(2024, 2, 28)), "2024-02-27T00:30");
  EXPECT_EQ(last("59 23 L * *", from), "2024-01-31T23:59");
  EXPECT_EQ(last("0 0 29 2 *", absl::CivilMinute(2104, 2, 28)), "2096-02-29T00:00");
}

TEST(CronLine, SaysWhereALineIsWrongAndWhatWasExpected) {
  const struct {
    const char* line;
    const char* part;
  } kWrongLines[] = {
      {"", "At character 1 of the line, a minute is expected"},
      {"* * *", "At character 6 of the line, a month is expected"},
      {"* * * * * *", "At character 11 of the line, the end is expected"},
      {"60 * * * *", "At character 1 of the line, a minute (0 to 59) or \"*\" is expected"},
      {"* 24 * * *", "At character 3 of the line, an hour (0 to 23)"},
      {"* * 0 * *", "At character 5 of the line, a day of the month (1 to 31, L)"},
      {"* * * 13 *", "At character 7 of the line, a month (1 to 12, jan to dec)"},
      {"* * * * 8", "At character 9 of the line, a day of the week (0 to 7, sun to sat)"},
      {"* * * * fry", "At character 9"},
      {"1,,2 * * * *", "At character 3"},
      {"1, * * * *", "At character 3"},
      {"*/0 * * * *", "At character 3 of the line, a step of 1 to 59"},
      {"*/90 * * * *", "At character 3 of the line, a step of 1 to 59"},
      {"*/ * * * *", "At character 3"},
      {"5-1 * * * *", "At character 1 of the line, a range that goes upward"},
      {"* * * * fri-mon", "At character 9 of the line, a range that goes upward"},
      {"1-2-3 * * * *", "At character 4 of the line, \",\" or the end of the field"},
      {"*5 * * * *", "At character 2"},
      {"-1 * * * *", "At character 1"},
      {"+1 * * * *", "At character 1"},
      {"* L * * *", "At character 3"},
      {"* * L-3 * *", "At character 5"},
      {"* * ? * *", "At character 5"},
      {"99999999999 * * * *", "At character 1"},
      {"@daily", "Write \"0 0 * * *\" instead of @daily."},
      {"  @WEEKLY ", "Write \"0 0 * * 0\" instead of @weekly."},
      {"@Hourly", "Write \"0 * * * *\" instead of @hourly."},
      {"@reboot", "write five fields"},
      {"0 0 30 2 *", "never comes"},
      {"0 0 31 2,4,6,9,11 *", "never comes"},
  };
  for (const auto& [line, part] : kWrongLines) {
    const auto cron = CronLine::Parse(line);
    ASSERT_FALSE(cron.ok()) << line;
    EXPECT_THAT(std::string(cron.status().message()), HasSubstr(part)) << line;
    EXPECT_TRUE(HasReason(cron.status(), Reason::kInvalidRequest)) << line;
  }
  EXPECT_FALSE(CronLine::Parse(std::string(1001, '*')).ok());
  EXPECT_TRUE(CronLine::Parse("0 0 30 2 mon").ok());
}

// A reader of its own: the values that a field has, of which Sunday is 0. `L` is left to CronTable.
std::set<int> CronValuesOf(const std::string& field, int least, int most) {
  std::set<int> values;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(field, ','))) {
    if (part == "L") continue;
    const std::vector<std::string> by = absl::StrSplit(part, '/');
    const std::vector<std::string> ends = absl::StrSplit(by[0], '-');
    int first = least;
    int last = most;
    int step = 1;
    if (by[0] != "*") {
      EXPECT_TRUE(absl::SimpleAtoi(ends[0], &first));
      if (by.size() == 1) last = first;
      if (ends.size() > 1) {
        EXPECT_TRUE(absl::SimpleAtoi(ends[1], &last));
      }
    }
    if (by.size() > 1) {
      EXPECT_TRUE(absl::SimpleAtoi(by[1], &step));
    }
    for (int number = first; number <= std::max(first, last); number += step) {
      values.insert(most == 6 && number == 7 ? 0 : number);
    }
  }
  return values;
}

// A matcher of its own.
struct CronTable {
  explicit CronTable(const std::vector<std::string>& fields)
      : minutes(CronValuesOf(fields[0], 0, 59)),
        hours(CronValuesOf(fields[1], 0, 23)),
        days(CronValuesOf(fields[2], 1, 31)),
        months(CronValuesOf(fields[3], 1, 12)),
        days_of_week(CronValuesOf(fields[4], 0, 6)),
        last_day(absl::StrContains(fields[2], "L")) {}

  bool Matches(absl::CivilMinute at) const {
    if (!minutes.contains(at.minute()) || !hours.contains(at.hour())) return false;
    if (!months.contains(at.month())) return false;
    const absl::CivilDay day(at);
    const bool last = absl::CivilMonth(day + 1) != absl::CivilMonth(day);
    const bool by_month = days.contains(at.day()) || (last && last_day);
    const bool by_week = days_of_week.contains((static_cast<int>(absl::GetWeekday(day)) + 1) % 7);
    if (days.size() == 31) return by_week;
    if (days_of_week.size() == 7) return by_month;
    return by_month || by_week;
  }

  std::set<int> minutes, hours, days, months, days_of_week;
  bool last_day;
};

class RandomCronLines {
 public:
  explicit RandomCronLines(unsigned seed) : random_(seed) {}

  int Number(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

  std::vector<std::string> Line() {
    return {Field(0, 59, 59, 4), Field(0, 23, 23, 3), Field(1, 31, 31, 2), Field(1, 12, 12, 1),
            Field(0, 6, 7, 2)};
  }

 private:
  // `often` of five fields are no star; `written` is the largest number that may be written.
  std::string Field(int least, int most, int written, int often) {
    if (Number(0, 4) >= often) return "*";
    std::vector<std::string> parts;
    for (int left = Number(1, 3); left > 0; --left) {
      const int first = Number(least, written);
      switch (Number(0, 4)) {
        case 0:
          parts.push_back(absl::StrCat(first, "-", Number(first, written)));
          break;
        case 1:
          parts.push_back(absl::StrCat(first, "-", Number(first, written), "/", Number(1, most)));
          break;
        case 2:
          parts.push_back(absl::StrCat("*/", Number(1, most)));
          break;
        case 3:
          parts.push_back(most == 31 ? "L"
                                     : absl::StrCat(Number(least, most), "/", Number(1, most)));
          break;
        default:
          parts.push_back(absl::StrCat(first));
      }
    }
    return absl::StrJoin(parts, ",");
  }

  std::mt19937 random_;
};

TEST(CronLine, AgreesWithMatchingMinuteByMinute) {
  RandomCronLines random(20240331);
  int compared = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::vector<std::string> fields = random.Line();
    const std::string line = absl::StrJoin(fields, " ");
    const CronTable table(fields);
    const auto cron = CronLine::Parse(line);
    if (!cron.ok()) {
      EXPECT_THAT(std::string(cron.status().message()), HasSubstr("never")) << line;
      continue;
    }
    const absl::CivilMinute from(random.Number(1999, 2040), random.Number(1, 12),
                                 random.Number(1, 31), random.Number(0, 23), random.Number(0, 59));
    const auto next = cron->FirstFrom(from);
    const auto last = cron->LastUpTo(from);
    ASSERT_TRUE(next && last) << line;
    ASSERT_TRUE(table.Matches(*next)) << line << " at " << *next;
    ASSERT_TRUE(table.Matches(*last)) << line << " at " << *last;
    // All minutes between are looked at for a day, and some of those behind it.
    for (absl::CivilMinute at = from; at < *next && at < from + 1440; ++at) {
      ASSERT_FALSE(table.Matches(at)) << line << " from " << from << " at " << at;
      ASSERT_FALSE(cron->Matches(at)) << line << " at " << at;
      ++compared;
    }
    for (absl::CivilMinute at = from; at > *last && at > from - 1440; --at) {
      ASSERT_FALSE(table.Matches(at)) << line << " up to " << from << " at " << at;
      ++compared;
    }
    for (absl::CivilMinute at = from; at < *next; at += random.Number(1, 5000)) {
      ASSERT_FALSE(table.Matches(at)) << line << " from " << from << " at " << at;
    }
  }
  EXPECT_GT(compared, 100'000);
}

}  // namespace
}  // namespace relais::exports
