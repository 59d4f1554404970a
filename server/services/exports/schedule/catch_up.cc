#include "server/services/exports/schedule/catch_up.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "server/services/exports/schedule/schedule_reader.h"

namespace relais::exports {
namespace {

constexpr absl::Duration kDueTolerance = absl::Minutes(5);
constexpr std::size_t kMostDueAtOnce = 1000;
constexpr int kMostDueCounted = 1000;
// A window begins within a day; one that the clock or a day that does not exist puts off, within
// three.
constexpr absl::Duration kLongestDueWait = absl::Hours(24 * 4);
constexpr absl::Duration kDueTick = absl::Nanoseconds(1);

// The slots that are due at one time.
class DueDecision {
 public:
  DueDecision(const SlotPlan& plan, const v1::Schedule& schedule, absl::Time seen_until,
              absl::Time now)
      : plan_(plan), now_(now), limit_(CatchUpWindowOf(schedule)) {
    const absl::Duration on_time =
        plan.grace() + (plan.has_window() ? kLongestDueWait : kDueTolerance);
    first_on_time_ = std::max(seen_until, now - on_time - kDueTick);
    first_caught_up_ = std::max(seen_until, now - limit_ - kDueTick);
    begin_ = std::min(first_on_time_, first_caught_up_);
  }

  bool IsOnTime(const ScheduleSlot& slot) const {
    if (!plan_.has_window()) return now_ < slot.time + plan_.grace() + kDueTolerance;
    return now_ < plan_.WindowEnd(plan_.MayBegin(slot, slot.time));
  }
  bool IsYoung(const ScheduleSlot& slot) const { return now_ - slot.time <= limit_; }

  // The slot after `time` if it is due.
  std::optional<ScheduleSlot> Next(absl::Time time) const {
    auto slot = plan_.After(time);
    return slot && slot->time <= now_ ? slot : std::nullopt;
  }

  // The oldest slot that runs. All later ones do as well.
  std::optional<ScheduleSlot> FirstToRun(bool all) const {
    auto slot = Next(all ? begin_ : first_on_time_);
    while (slot && !IsOnTime(*slot) && !(all && IsYoung(*slot))) slot = Next(slot->time);
    return slot;
  }

  int CountBefore(absl::Time end) const {
    int count = 0;
    for (auto slot = Next(begin_); slot && slot->time < end && count < kMostDueCounted;
         slot = Next(slot->time)) {
      ++count;
    }
    return count;
  }

 private:
  const SlotPlan& plan_;
  const absl::Time now_;
  const absl::Duration limit_;
  // What is earlier than these, or at them, has been seen, is not on time, or not caught up.
  absl::Time first_on_time_;
  absl::Time first_caught_up_;
  absl::Time begin_;
};

}  // namespace

CatchUp DueSlots(const SlotPlan& plan, const v1::Schedule& schedule, absl::Time seen_until,
                 absl::Time now) {
  CatchUp result{.run = {}, .passed_over = 0, .seen_until = seen_until, .more = false};
  if (now <= seen_until) return result;
  const DueDecision due(plan, schedule, seen_until, now);
  const auto oldest = due.Next(seen_until);
  if (!oldest) return result;
  const auto newest = plan.LastUpTo(now);
  result.seen_until = newest->time;
  const bool all = schedule.missed() == v1::MISSED_POLICY_ALL;
  const bool last = !all && schedule.missed() != v1::MISSED_POLICY_NONE;
  std::optional<ScheduleSlot> slot;
  if (last && !due.IsOnTime(*oldest)) {
    if (due.IsOnTime(*newest) || due.IsYoung(*newest)) slot = newest;
  } else {
    slot = due.FirstToRun(all);
  }
  result.passed_over = due.CountBefore(slot ? slot->time : absl::InfiniteFuture());
  for (; slot && result.run.size() < kMostDueAtOnce; slot = due.Next(slot->time)) {
    result.run.push_back(*slot);
  }
  if (slot) {
    result.more = true;
    result.seen_until = result.run.back().time;
  }
  return result;
}

}  // namespace relais::exports
