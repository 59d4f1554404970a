// Periods of the calendar: the days, weeks and months that runs are about.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_PERIOD_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_PERIOD_H_

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"

namespace relais::exports {

// Data that a run is about: [start, end).
struct DataPeriod {
  std::string id;
  absl::Time start;
  absl::Time end;

  bool operator==(const DataPeriod&) const = default;
};

// The day, week or month that contains `day`; by days where the granularity is none of these. It
// begins and ends with the first instants of days.
DataPeriod CalendarPeriod(v1::Granularity granularity, absl::CivilDay day, absl::TimeZone zone);

// The last one that is over when `day` begins. Days that do not exist are no periods.
DataPeriod CalendarPeriodBefore(v1::Granularity granularity, absl::CivilDay day,
                                absl::TimeZone zone);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_PERIOD_H_
