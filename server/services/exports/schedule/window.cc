#include "server/services/exports/schedule/window.h"

#include "server/services/exports/schedule/wall_time.h"

namespace relais::exports {
namespace {

constexpr int kWindowMinutesOfDay = 24 * 60;

}  // namespace

OpenHours DailyWindow::OfDay(absl::CivilDay day, absl::TimeZone zone) const {
  const int length = to_ > from_ ? to_ - from_ : to_ + kWindowMinutesOfDay - from_;
  const absl::CivilMinute from = absl::CivilMinute(day) + from_;
  const absl::Time begin = InstantOf(absl::CivilSecond(from), zone);
  const absl::Time end = InstantOf(absl::CivilSecond(from + length), zone);
  if (begin == end && Exists(day, zone)) return {begin, begin + absl::Minutes(length)};
  return {begin, end};
}

OpenHours DailyWindow::At(absl::Time time, absl::TimeZone zone) const {
  // A window that began the day before may still be open.
  absl::CivilDay day(zone.At(time).cs);
  for (--day;; ++day) {
    const OpenHours hours = OfDay(day, zone);
    if (hours.begin < hours.end && hours.end > time) return hours;
  }
}

}  // namespace relais::exports
