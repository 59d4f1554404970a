#include "server/services/exports/schedule/trigger.h"

#include <algorithm>
#include <type_traits>

namespace relais::exports {
namespace {

bool IsWorkingDay(absl::CivilDay day) { return absl::GetWeekday(day) < absl::Weekday::saturday; }

absl::CivilSecond WallTimeOf(absl::CivilDay day, int second) {
  return absl::CivilSecond(day) + second;
}

absl::CivilSecond WallTimeOf(const MonthlyTrigger& trigger, absl::CivilMonth month) {
  return WallTimeOf(DayOfMonth(trigger, month), trigger.second);
}

bool HasDay(const DailyTrigger& trigger, absl::CivilDay day) {
  return (trigger.days_of_week >> static_cast<int>(absl::GetWeekday(day)) & 1) != 0;
}

std::optional<absl::CivilSecond> ToSecond(std::optional<absl::CivilMinute> minute) {
  if (!minute) return std::nullopt;
  return absl::CivilSecond(*minute);
}

}  // namespace

absl::CivilDay DayOfMonth(const MonthlyTrigger& trigger, absl::CivilMonth month) {
  const int step = trigger.day > 0 ? 1 : -1;
  const absl::CivilDay first(month);
  const absl::CivilDay last(absl::CivilDay(month + 1) - 1);
  absl::CivilDay found = step > 0 ? first : last;
  int left = trigger.day * step;
  for (absl::CivilDay day = found; first <= day && day <= last && left > 0; day += step) {
    if (trigger.working && !IsWorkingDay(day)) continue;
    found = day;
    --left;
  }
  return found;
}

std::optional<absl::CivilSecond> FirstWallTime(const Trigger& trigger, absl::CivilSecond from) {
  if (const auto* cron = std::get_if<CronLine>(&trigger)) {
    const absl::CivilMinute minute(from);
    return ToSecond(cron->FirstFrom(absl::CivilSecond(minute) < from ? minute + 1 : minute));
  }
  if (const auto* monthly = std::get_if<MonthlyTrigger>(&trigger)) {
    const absl::CivilMonth month(from);
    const absl::CivilSecond wall = WallTimeOf(*monthly, month);
    return wall >= from ? wall : WallTimeOf(*monthly, month + 1);
  }
  const auto& daily = std::get<DailyTrigger>(trigger);
  absl::CivilDay day(from);
  while (!HasDay(daily, day) || WallTimeOf(day, daily.second) < from) ++day;
  return WallTimeOf(day, daily.second);
}

std::optional<absl::CivilSecond> LastWallTime(const Trigger& trigger, absl::CivilSecond from) {
  if (const auto* cron = std::get_if<CronLine>(&trigger)) {
    return ToSecond(cron->LastUpTo(absl::CivilMinute(from)));
  }
  if (const auto* monthly = std::get_if<MonthlyTrigger>(&trigger)) {
    const absl::CivilMonth month(from);
    const absl::CivilSecond wall = WallTimeOf(*monthly, month);
    return wall <= from ? wall : WallTimeOf(*monthly, month - 1);
  }
  const auto& daily = std::get<DailyTrigger>(trigger);
  absl::CivilDay day(from);
  while (!HasDay(daily, day) || WallTimeOf(day, daily.second) > from) --day;
  return WallTimeOf(day, daily.second);
}

}  // namespace relais::exports
