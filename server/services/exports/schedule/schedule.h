// Which slots a schedule has, and which data each is about: pure functions of civil time.
//
// A wall time is an instant as wall_time.h says, so that slots are strictly increasing: cron's wall
// times that the clock leaves out are one slot, at the first instant after the gap, and of those
// that come twice only the first coming counts. A day that does not exist (Pacific/Apia left out
// 2011-12-30) has no slot by `daily`; by `monthly`, its slot is the first instant after it.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/violations.h"
#include "server/services/exports/schedule/period.h"
#include "server/services/exports/schedule/trigger.h"
#include "server/services/exports/schedule/window.h"

namespace relais::exports {

// A time of a schedule, and which data it is about.
struct ScheduleSlot {
  absl::Time time;
  DataPeriod period;

  bool operator==(const ScheduleSlot&) const = default;
};

// A schedule by time (not by the end of a campaign) that has been checked. Constant; thread-safe.
class SlotPlan {
 public:
  // Adds to `violations` all that is wrong with a schedule of any kind, at "<path>.…"; errors in a
  // line of cron tell their position. None: something was wrong, or it has no slots by time.
  static std::optional<SlotPlan> Make(const v1::Schedule& schedule, std::string_view path,
                                      Violations& violations);

  // The first slot later than `time`. None: there is none within the next 30 years.
  std::optional<ScheduleSlot> After(absl::Time time) const;
  // The last slot that is not later than `time`. None: there is none within nine years before.
  std::optional<ScheduleSlot> LastUpTo(absl::Time time) const;

  // The instant from which the run of a slot may begin: after its grace, within the window. Later
  // than `now` when the run must wait, else `now`.
  absl::Time MayBegin(const ScheduleSlot& slot, absl::Time now) const;
  // The end of the window that contains `time`; `time` itself when it lies in none. InfiniteFuture
  // without a window.
  absl::Time WindowEnd(absl::Time time) const;

  // The period of the schedule's granularity that contains the day; for granularity SLOT the one
  // that contains the day's beginning.
  DataPeriod PeriodOf(absl::CivilDay day) const;
  // The last one that is over at `time`.
  DataPeriod LastPeriod(absl::Time time) const;
  // Those that have a part of the days from `first` to `last`, oldest first; `most` at most.
  std::vector<DataPeriod> PeriodsOf(absl::CivilDay first, absl::CivilDay last,
                                    std::size_t most) const;

  const absl::TimeZone& zone() const { return zone_; }
  absl::Duration grace() const { return grace_; }
  bool has_window() const { return window_.has_value(); }

 private:
  SlotPlan() = default;

  // The last slot up to `time`, without its period.
  std::optional<absl::Time> LastTimeUpTo(absl::Time time) const;
  // Whether a wall time is that of a day which does not exist and has no slot therefore.
  bool IsLeftOut(absl::CivilSecond wall) const;

  absl::TimeZone zone_ = absl::UTCTimeZone();
  Trigger trigger_;
  v1::Granularity granularity_ = v1::GRANULARITY_DAY;
  absl::Duration grace_;
  std::optional<DailyWindow> window_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_H_
