#include "server/services/exports/schedule/period.h"

#include "absl/strings/str_format.h"
#include "server/services/exports/schedule/wall_time.h"

namespace relais::exports {
namespace {

// ISO 8601: a week belongs to the year that has its Thursday.
std::string WeekId(absl::CivilDay monday) {
  const absl::CivilDay thursday = monday + 3;
  return absl::StrFormat("%04d-W%02d", thursday.year(), (absl::GetYearDay(thursday) - 1) / 7 + 1);
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

DataPeriod PeriodFrom(std::string id, absl::CivilDay first, absl::CivilDay next,
                      absl::TimeZone zone) {
  return {std::move(id), StartOf(first, zone), StartOf(next, zone)};
}

}  // namespace

DataPeriod CalendarPeriod(v1::Granularity granularity, absl::CivilDay day, absl::TimeZone zone) {
  if (granularity == v1::GRANULARITY_WEEK) {
    const absl::CivilDay monday = MondayOf(day);
    return PeriodFrom(WeekId(monday), monday, monday + 7, zone);
  }
  if (granularity == v1::GRANULARITY_MONTH) {
    const absl::CivilMonth month(day);
    return PeriodFrom(absl::StrFormat("%04d-%02d", month.year(), month.month()),
                      absl::CivilDay(month), absl::CivilDay(month + 1), zone);
  }
  return PeriodFrom(absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day()), day,
                    day + 1, zone);
}

DataPeriod CalendarPeriodBefore(v1::Granularity granularity, absl::CivilDay day,
                                absl::TimeZone zone) {
  absl::CivilDay last = day - 1;
  if (granularity == v1::GRANULARITY_WEEK) last = MondayOf(day) - 1;
  if (granularity == v1::GRANULARITY_MONTH) last = absl::CivilDay(absl::CivilMonth(day)) - 1;
  while (!Exists(last, zone)) --last;
  return CalendarPeriod(granularity, last, zone);
}

}  // namespace relais::exports
