#include "server/services/exports/schedule/schedule.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "server/services/exports/schedule/schedule_reader.h"
#include "server/services/exports/schedule/wall_time.h"

namespace relais::exports {
namespace {

constexpr absl::Duration kSlotsSearched = absl::Hours(24 * 365 * 30);
constexpr absl::Duration kSlotTick = absl::Nanoseconds(1);

// Years of civil time that can be reckoned with: what lies outside has no slot.
const absl::Time kFirstSlotTime = absl::FromUnixSeconds(-62135596800);  // 0001-01-01
const absl::Time kLastSlotTime = absl::FromUnixSeconds(253402300800);   // 10000-01-01

}  // namespace

std::optional<SlotPlan> SlotPlan::Make(const v1::Schedule& schedule, std::string_view path,
                                       Violations& violations) {
  std::optional<CheckedSchedule> checked = ReadSchedule(schedule, path, violations);
  if (!checked || !checked->trigger) return std::nullopt;
  SlotPlan plan;
  plan.zone_ = checked->zone;
  plan.trigger_ = *checked->trigger;
  plan.granularity_ = checked->granularity;
  plan.grace_ = checked->grace;
  plan.window_ = checked->window;
  return plan;
}

bool SlotPlan::IsLeftOut(absl::CivilSecond wall) const {
  return std::holds_alternative<DailyTrigger>(trigger_) && !Exists(absl::CivilDay(wall), zone_);
}

std::optional<ScheduleSlot> SlotPlan::After(absl::Time time) const {
  if (time >= kLastSlotTime) return std::nullopt;
  time = std::max(time, kFirstSlotTime);
  std::optional<absl::CivilSecond> wall = FurthestWallTime(time, zone_);
  do {
    wall = FirstWallTime(trigger_, *wall + 1);
  } while (wall && IsLeftOut(*wall));
  if (!wall) return std::nullopt;
  const absl::Time at = InstantOf(*wall, zone_);
  if (at > time + kSlotsSearched) return std::nullopt;
  if (granularity_ != v1::GRANULARITY_SLOT) {
    return ScheduleSlot{at, CalendarPeriodBefore(granularity_, absl::CivilDay(*wall), zone_)};
  }
  const std::string id = absl::FormatTime("%Y%m%dT%H%M%SZ", at, absl::UTCTimeZone());
  return ScheduleSlot{at, {id, LastTimeUpTo(at - kSlotTick).value_or(at), at}};
}

std::optional<absl::Time> SlotPlan::LastTimeUpTo(absl::Time time) const {
  if (time < kFirstSlotTime) return std::nullopt;
  time = std::min(time, kLastSlotTime);
  std::optional<absl::CivilSecond> wall = FurthestWallTime(time, zone_) + 1;
  do {
    wall = LastWallTime(trigger_, *wall - 1);
  } while (wall && IsLeftOut(*wall));
  if (!wall) return std::nullopt;
  return InstantOf(*wall, zone_);
}

std::optional<ScheduleSlot> SlotPlan::LastUpTo(absl::Time time) const {
  const std::optional<absl::Time> at = LastTimeUpTo(time);
  if (!at) return std::nullopt;
  return After(*at - kSlotTick);
}

absl::Time SlotPlan::MayBegin(const ScheduleSlot& slot, absl::Time now) const {
  const absl::Time time = std::max(slot.time + grace_, now);
  return window_ ? std::max(time, window_->At(time, zone_).begin) : time;
}

absl::Time SlotPlan::WindowEnd(absl::Time time) const {
  if (!window_) return absl::InfiniteFuture();
  const OpenHours hours = window_->At(time, zone_);
  return hours.begin <= time ? hours.end : time;
}

DataPeriod SlotPlan::PeriodOf(absl::CivilDay day) const {
  if (granularity_ == v1::GRANULARITY_SLOT) {
    if (auto slot = After(StartOf(day, zone_))) return slot->period;
  }
  return CalendarPeriod(granularity_, day, zone_);
}

DataPeriod SlotPlan::LastPeriod(absl::Time time) const {
  if (granularity_ == v1::GRANULARITY_SLOT) {
    if (auto slot = LastUpTo(time)) return slot->period;
  }
  const absl::CivilDay day(FurthestWallTime(time, zone_));
  return CalendarPeriodBefore(granularity_, day, zone_);
}

std::vector<DataPeriod> SlotPlan::PeriodsOf(absl::CivilDay first, absl::CivilDay last,
                                            std::size_t most) const {
  std::vector<DataPeriod> periods;
  if (granularity_ == v1::GRANULARITY_SLOT) {
    const absl::Time end = StartOf(last + 1, zone_);
    auto slot = After(StartOf(first, zone_));
    while (slot && slot->period.start < end && periods.size() < most) {
      periods.push_back(slot->period);
      slot = After(slot->time);
    }
    return periods;
  }
  for (absl::CivilDay day = first; day <= last && periods.size() < most; ++day) {
    if (!Exists(day, zone_)) continue;
    DataPeriod period = CalendarPeriod(granularity_, day, zone_);
    if (periods.empty() || periods.back().id != period.id) periods.push_back(std::move(period));
  }
  return periods;
}

}  // namespace relais::exports
