#include "server/services/exports/runs/end_note.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/gateway/messages/timestamp.h"

namespace relais::exports {
namespace {

void Raise(google::protobuf::Timestamp& latest, const google::protobuf::Timestamp& time) {
  if (gateway::ToTime(time) > gateway::ToTime(latest)) latest = time;
}

bool PausesItsExport(const stored::StoredRun& ended) {
  return ended.run().state() == v1::ExportRun::STATE_FAILED &&
         ended.definition().pause_on_failure();
}

// Whether the end of a run is of any matter to its export. A run that was never begun, which the
// overlap policy has skipped, has exported nothing.
bool Matters(const stored::StoredRun& ended) {
  const v1::ExportRun& run = ended.run();
  return run.ended() && run.has_start_time() && (run.succeeded() || PausesItsExport(ended));
}

void Note(const stored::StoredRun& ended, stored::StoredExport& stored) {
  const v1::ExportRun& run = ended.run();
  v1::Export& definition = *stored.mutable_export_();
  if (run.succeeded()) {
    Raise(*definition.mutable_last_success_time(), run.end_time());
    Raise(*stored.mutable_succeeded_until(), run.period().end_time());
  } else {
    definition.set_paused(true);
    definition.set_pause_reason(absl::StrCat(run.name(), " has failed"));
  }
  Raise(*stored.mutable_noted_until(), run.end_time());
}

// A success is noted once more without harm. A failure is not: whoever has resumed the export since
// would find it paused.
void NoteIfMissed(const stored::StoredRun& ended, stored::StoredExport& stored) {
  if (!Matters(ended)) return;
  const bool noted =
      gateway::ToTime(ended.run().end_time()) <= gateway::ToTime(stored.noted_until());
  if (ended.run().succeeded() || !noted) Note(ended, stored);
}

}  // namespace

absl::Status NoteEnd(RunBook& book, const stored::StoredRun& ended) {
  if (!Matters(ended)) return absl::OkStatus();
  while (true) {
    auto kept = book.FindExport(ExportIdOf(ended.run().name()));
    if (!kept.ok()) return kept.status();
    if (!*kept) return absl::OkStatus();
    Note(ended, (*kept)->stored);
    const auto put = book.Put(**kept);
    if (!put.ok()) return put.status();
    if (*put) return absl::OkStatus();
  }
}

absl::Status NoteMissedEnds(RunBook& book) {
  auto exports = book.ListExports();
  if (!exports.ok()) return exports.status();
  for (KeptExport& kept : *exports) {
    const auto runs = book.ListRuns(kept.id());
    if (!runs.ok()) return runs.status();
    std::optional<KeptExport> found = kept;
    while (found) {
      const std::string before = found->stored.SerializeAsString();
      for (const KeptRun& run : *runs) NoteIfMissed(run.stored, found->stored);
      if (found->stored.SerializeAsString() == before) break;
      const auto put = book.Put(*found);
      if (!put.ok()) return put.status();
      if (*put) break;
      auto again = book.FindExport(kept.id());  // a caller has changed it meanwhile
      if (!again.ok()) return again.status();
      found = *std::move(again);
    }
  }
  return absl::OkStatus();
}

}  // namespace relais::exports
