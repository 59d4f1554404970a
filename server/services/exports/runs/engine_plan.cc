// What becomes of the slots that have come: the part of the engine that makes runs.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "server/core/base/failpoint.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/engine.h"
#include "server/services/exports/runs/making.h"
#include "server/services/exports/schedule/catch_up.h"

namespace relais::exports {
namespace {

bool IsUnfinished(const KeptRun& kept) { return !kept.run().ended(); }

}  // namespace

absl::Status Engine::PlanExports(absl::Time now) {
  auto exports = book_.ListExports();
  if (!exports.ok()) return exports.status();
  absl::Status first;
  for (KeptExport& kept : *exports) {
    absl::Status status = PlanExport(std::move(kept), now);
    if (!status.ok() && first.ok()) first = std::move(status);
  }
  return first;
}

absl::Status Engine::PlanExport(KeptExport kept, absl::Time now) {
  const v1::Export& definition = kept.definition();
  if (definition.paused() || !definition.has_schedule()) return absl::OkStatus();
  if (definition.schedule().has_end_of_campaign()) {
    if (!kept.stored.event_seen()) events_.Look(kept, stop_.get_token());
    return absl::OkStatus();
  }
  const std::optional<SlotPlan> plan = PlanOf(definition);
  if (!plan) return absl::OkStatus();
  for (bool more = true; more;) {
    const absl::Time seen = gateway::ToTime(kept.stored.seen_until());
    const CatchUp due = DueSlots(*plan, definition.schedule(), seen, now);
    if (due.seen_until <= seen) break;
    for (const ScheduleSlot& slot : due.run) {
      const NewRun run{slot.period, v1::ExportRun::TRIGGER_SCHEDULE, slot.time,
                       plan->MayBegin(slot, now)};
      if (absl::Status status = PlanSlot(definition, run, now); !status.ok()) return status;
    }
    Failpoint("export.runs_made");
    *kept.stored.mutable_seen_until() = gateway::ToTimestamp(due.seen_until);
    const auto put = book_.Put(kept);
    if (!put.ok()) return put.status();
    // Somebody has changed it meanwhile: the next round finds the runs made.
    more = *put && due.more;
  }
  return absl::OkStatus();
}

// Makes the run of a slot, as the overlap policy has it.
absl::Status Engine::PlanSlot(const v1::Export& definition, const NewRun& run, absl::Time now) {
  const v1::OverlapPolicy overlap = definition.schedule().overlap();
  if (overlap != v1::OVERLAP_POLICY_SKIP && overlap != v1::OVERLAP_POLICY_CANCEL_EARLIER)
    return MakeRun(book_, definition, run).status();
  auto earlier = book_.ListRuns(ExportIdOf(definition.name()));
  if (!earlier.ok()) return earlier.status();
  const bool busy = std::any_of(earlier->begin(), earlier->end(), IsUnfinished);
  if (busy && overlap == v1::OVERLAP_POLICY_SKIP)
    return MakeSkippedRun(book_, definition, run, now).status();
  for (KeptRun& kept : *earlier) {
    if (!IsUnfinished(kept) || kept.run().period().id() == run.period.id) continue;
    const std::string name = kept.run().name();
    if (auto cancelled = RequestCancel(book_, std::move(kept)); !cancelled.ok())
      return cancelled.status();
    StopRun(name, StopCause::kCancelled);
  }
  return MakeRun(book_, definition, run).status();
}

}  // namespace relais::exports
