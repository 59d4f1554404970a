// Wall times as instants, in nights in which the clock is set as well.
//
// A wall time is the first instant at which the clock shows it or has gone past it. So one that
// does not exist is the first instant after the gap, one that comes twice is its first coming, and
// later wall times are never earlier instants.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WALL_TIME_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WALL_TIME_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace relais::exports {

absl::Time InstantOf(absl::CivilSecond wall, absl::TimeZone zone);

// The latest wall time that the clock has shown by `time`: what it shows, save while an hour comes
// for the second time.
absl::CivilSecond FurthestWallTime(absl::Time time, absl::TimeZone zone);

// The first instant of a day; of one that does not exist, that of the day after it.
inline absl::Time StartOf(absl::CivilDay day, absl::TimeZone zone) {
  return InstantOf(absl::CivilSecond(day), zone);
}

// Whether the day has any instant: 2011-12-30 has none in Pacific/Apia.
inline bool Exists(absl::CivilDay day, absl::TimeZone zone) {
  return StartOf(day, zone) < StartOf(day + 1, zone);
}

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WALL_TIME_H_
