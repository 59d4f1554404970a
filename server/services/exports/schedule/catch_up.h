// What becomes of the slots that are due: those on time, and those that were missed.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CATCH_UP_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CATCH_UP_H_

#include <vector>

#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/services/exports/schedule/schedule.h"

namespace relais::exports {

struct CatchUp {
  std::vector<ScheduleSlot> run;  // oldest first
  // Slots that do not run. Counted to 1000, and no farther back than the catch-up window and the
  // time that a slot can be on time.
  int passed_over = 0;
  absl::Time seen_until;  // the last slot that was considered; as before when none was
  bool more = false;      // further slots are due: ask again, with the new `seen_until`
};

// Decides about the slots in (seen_until, now]. It does not matter why they were not seen before:
// downtime, a pause, or a clock that was set. With a clock that was set back nothing is due until
// it has passed `seen_until` again.
//
// A slot is on time until the window ends in which its run may begin; without a window, until 5
// minutes after its grace. Otherwise it was missed. Slots that were missed are older than all that
// are on time.
//   NONE  those on time run.
//   LAST  the same when none was missed; else the newest of all that are due runs, unless it was
//         missed and is older than the catch-up window.
//   ALL   those on time run, and those missed that are not older than the catch-up window.
// At most 1000 run at once; see `more`. The work is bounded however long ago `seen_until` is.
CatchUp DueSlots(const SlotPlan& plan, const v1::Schedule& schedule, absl::Time seen_until,
                 absl::Time now);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CATCH_UP_H_
