// Days in requests.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_API_DAY_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_API_DAY_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "server/core/base/violations.h"

namespace relais::exports {

// None: it is no day of the years 1900 to 9999.
inline std::optional<absl::CivilDay> DayOf(const google::type::Date& date) {
  const absl::CivilDay day(date.year(), date.month(), date.day());
  const bool real = date.year() >= 1900 && date.year() <= 9999 && day.year() == date.year() &&
                    day.month() == date.month() && day.day() == date.day();
  return real ? std::optional(day) : std::nullopt;
}

inline void CheckDay(const google::type::Date& date, const char* field, Violations& violations) {
  if (!DayOf(date)) violations.Add(field, "must be a day of the years 1900 to 9999");
}

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_API_DAY_H_
