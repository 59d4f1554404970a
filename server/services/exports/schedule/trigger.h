// What decides when a schedule is due, as a set of wall times.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TRIGGER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TRIGGER_H_

#include <optional>
#include <variant>

#include "absl/time/civil_time.h"
#include "server/services/exports/schedule/cron.h"

namespace relais::exports {

// Some days of the week, each at one time of the day.
struct DailyTrigger {
  int second = 0;             // of the day
  unsigned days_of_week = 0;  // bits 0, Monday, to 6
};

// One day of each month.
struct MonthlyTrigger {
  int second = 0;        // of the day
  int day = 0;           // from 1, or from the end: -1 is the last one
  bool working = false;  // days are counted from Monday to Friday only
};

using Trigger = std::variant<DailyTrigger, MonthlyTrigger, CronLine>;

// The first wall time that is not before `from`, and the last one that is not after `from`. None:
// a line of cron has none within nine years.
std::optional<absl::CivilSecond> FirstWallTime(const Trigger& trigger, absl::CivilSecond from);
std::optional<absl::CivilSecond> LastWallTime(const Trigger& trigger, absl::CivilSecond from);

// The day of a month that a trigger means. A month that has fewer days of its kind has its last, or
// first, one instead.
absl::CivilDay DayOfMonth(const MonthlyTrigger& trigger, absl::CivilMonth month);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_TRIGGER_H_
