// Hours of the day in which runs may begin.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WINDOW_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WINDOW_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace relais::exports {

// A window of every day, as instants [begin, end).
struct OpenHours {
  absl::Time begin;
  absl::Time end;
};

// The window between two wall times, over midnight when `to` is earlier. Constant; thread-safe.
//
// Wall times that the clock leaves out or repeats are instants as everywhere. A window that would
// be empty because the clock leaves all of it out follows the gap, as long as usual. Days that do
// not exist have no window.
class DailyWindow {
 public:
  // Both in minutes from midnight, less than 1440, and not equal.
  DailyWindow(int from, int to) : from_(from), to_(to) {}

  int from() const { return from_; }

  // The first window that ends later than `time`: the one that contains it, else the next one.
  OpenHours At(absl::Time time, absl::TimeZone zone) const;

 private:
  OpenHours OfDay(absl::CivilDay day, absl::TimeZone zone) const;

  int from_;
  int to_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_WINDOW_H_
