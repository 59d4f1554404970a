#include "server/services/exports/runs/making.h"

#include <utility>

#include "server/core/base/error.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/plan.h"

namespace relais::exports {
namespace {

KeptRun NewKept(const v1::Export& definition, const NewRun& made) {
  KeptRun kept;
  *kept.stored.mutable_definition() = definition;
  v1::ExportRun& run = *kept.stored.mutable_run();
  run.set_name(RunNameOf(ExportIdOf(definition.name()), made.period.id));
  *run.mutable_period() = ToProto(made.period);
  run.set_state(v1::ExportRun::STATE_PENDING);
  run.set_trigger(made.trigger);
  *run.mutable_slot_time() = gateway::ToTimestamp(made.slot);
  if (made.begin > made.slot) *run.mutable_next_attempt_time() = gateway::ToTimestamp(made.begin);
  run.set_request_id(made.request_id);
  run.set_definition(definition.etag());
  return kept;
}

// What of an ended run stays when it is carried out once more.
KeptRun Repeated(const KeptRun& ended, const v1::Export& definition, const NewRun& made) {
  KeptRun next = NewKept(definition, made);
  next.version = ended.version;
  next.stored.set_epoch(ended.stored.epoch());
  next.stored.set_generation(ended.stored.generation() + 1);
  next.stored.mutable_run()->set_attempt(ended.run().attempt());
  *next.stored.mutable_run()->mutable_slot_time() = ended.run().slot_time();
  *next.stored.mutable_run()->mutable_next_attempt_time() = gateway::ToTimestamp(made.begin);
  return next;
}

absl::Status TooBusy() {
  return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
         << "The run is being changed by others all the time; call again.";
}

}  // namespace

absl::StatusOr<bool> MakeRun(RunBook& book, const v1::Export& definition, const NewRun& run) {
  KeptRun kept = NewKept(definition, run);
  return book.Put(kept);
}

absl::StatusOr<bool> MakeSkippedRun(RunBook& book, const v1::Export& definition, const NewRun& made,
                                    absl::Time now) {
  KeptRun kept = NewKept(definition, made);
  v1::ExportRun& run = *kept.stored.mutable_run();
  run.set_state(v1::ExportRun::STATE_SKIPPED);
  run.set_ended(true);
  run.set_succeeded(true);
  run.clear_next_attempt_time();
  *run.mutable_end_time() = gateway::ToTimestamp(now);
  return book.Put(kept);
}

absl::StatusOr<KeptRun> MakeOrRepeatRun(RunBook& book, const v1::Export& definition,
                                        const NewRun& made, bool again) {
  constexpr int kTries = 100;
  const std::string name = RunNameOf(ExportIdOf(definition.name()), made.period.id);
  for (int i = 0; i < kTries; ++i) {
    auto found = book.FindRun(name);
    if (!found.ok()) return found.status();
    if (*found && (!(*found)->run().ended() || ((*found)->run().succeeded() && !again)))
      return **std::move(found);
    KeptRun next = *found ? Repeated(**found, definition, made) : NewKept(definition, made);
    const auto put = book.Put(next);
    if (!put.ok()) return put.status();
    if (*put) return next;
  }
  return TooBusy();
}

absl::StatusOr<KeptRun> RequestCancel(RunBook& book, KeptRun kept) {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    if (kept.run().ended() || kept.stored.cancel()) return kept;
    KeptRun next = kept;
    next.stored.set_cancel(true);
    // Due at once, for whoever plans, unless somebody carries it out.
    if (next.stored.owner().empty())
      *next.stored.mutable_run()->mutable_next_attempt_time() = next.run().slot_time();
    const auto put = book.Put(next);
    if (!put.ok()) return put.status();
    if (*put) return next;
    auto found = book.FindRun(kept.run().name());
    if (!found.ok()) return found.status();
    if (!*found) return kept;
    kept = **std::move(found);
  }
  return TooBusy();
}

}  // namespace relais::exports
