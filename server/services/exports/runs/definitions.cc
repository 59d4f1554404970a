#include "server/services/exports/runs/definitions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/making.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
namespace {

absl::Status NotFound(const char* noun) {
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "There is no such " << noun << ".";
}

}  // namespace

absl::StatusOr<KeptExport> ExportOf(Connection& connection, const std::string& id) {
  auto found = connection.book.FindExport(id);
  if (!found.ok()) return found.status();
  if (!*found) return NotFound("export");
  return **std::move(found);
}

absl::StatusOr<KeptRun> RunOf(Connection& connection, const std::string& name) {
  auto found = connection.book.FindRun(name);
  if (!found.ok()) return found.status();
  if (!*found) return NotFound("run");
  return **std::move(found);
}

v1::Export Told(const KeptExport& kept, absl::Time now) {
  v1::Export told = kept.definition();
  const std::optional<SlotPlan> plan = PlanOf(told);
  if (!plan || told.paused()) return told;
  if (const auto slot = plan->After(std::max(now, gateway::ToTime(kept.stored.seen_until()))))
    *told.mutable_next_slot_time() = gateway::ToTimestamp(slot->time);
  return told;
}

absl::Status Validate(Connection& connection, const v1::Export& definition,
                      const std::string& path) {
  Violations violations;
  absl::Status status =
      CheckDefinition(definition, path, *connection.sources, connection.destinations,
                      connection.shared.scheduler.Wall(), violations);
  if (!status.ok()) return status;
  return violations.ToStatus();
}

absl::StatusOr<KeptExport> Create(Connection& connection, const std::string& id,
                                  v1::Export definition, v1::Export::Origin origin) {
  const absl::Time now = connection.shared.scheduler.Wall();
  KeptExport kept;
  definition = WithoutOutput(std::move(definition));
  definition.set_name(absl::StrCat("exports/", id));
  definition.set_origin(origin);
  *definition.mutable_create_time() = gateway::ToTimestamp(now);
  *definition.mutable_update_time() = gateway::ToTimestamp(now);
  definition.set_etag(EtagOf(definition));
  *kept.stored.mutable_export_() = std::move(definition);
  *kept.stored.mutable_seen_until() = gateway::ToTimestamp(now);
  *kept.stored.mutable_scheduled_since() = gateway::ToTimestamp(now);
  const auto put = connection.book.Put(kept);
  if (!put.ok()) return put.status();
  if (!*put) {
    return Error(absl::StatusCode::kAlreadyExists, Reason::kResourceExists)
           << "There is an export of this id already; update it, or take another id.";
  }
  connection.engine->Wake();
  return kept;
}

absl::StatusOr<KeptExport> Change(Connection& connection, const std::string& id,
                                  absl::FunctionRef<absl::Status(KeptExport&)> change) {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    auto kept = ExportOf(connection, id);
    if (!kept.ok()) return kept;
    if (absl::Status status = change(*kept); !status.ok()) return status;
    const auto put = connection.book.Put(*kept);
    if (!put.ok()) return put.status();
    if (!*put) continue;
    connection.engine->Wake();
    return kept;
  }
  return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
         << "The export is being changed by others all the time; call again.";
}

void Redefine(KeptExport& kept, const v1::Export& definition, absl::Time now) {
  const v1::Export before = kept.definition();
  v1::Export next = WithoutOutput(definition);
  next.set_name(before.name());
  next.set_origin(before.origin());
  next.set_paused(before.paused());
  next.set_pause_reason(before.pause_reason());
  *next.mutable_create_time() = before.create_time();
  *next.mutable_update_time() = gateway::ToTimestamp(now);
  if (before.has_last_success_time())
    *next.mutable_last_success_time() = before.last_success_time();
  next.set_etag(EtagOf(next));
  const bool other_schedule =
      next.schedule().SerializeAsString() != before.schedule().SerializeAsString();
  *kept.stored.mutable_export_() = std::move(next);
  if (!other_schedule) return;
  // What a new schedule would have had in the past was never due.
  *kept.stored.mutable_seen_until() = gateway::ToTimestamp(now);
  *kept.stored.mutable_scheduled_since() = gateway::ToTimestamp(now);
  kept.stored.clear_event_seen();
}

absl::Status Delete(Connection& connection, KeptExport kept) {
  const std::string id = kept.id();
  while (true) {
    const auto removed = connection.book.Remove(kept);
    if (!removed.ok()) return removed.status();
    if (*removed) break;
    auto again = ExportOf(connection, id);
    if (!again.ok()) return again.status();
    kept = *std::move(again);
  }
  auto runs = connection.book.ListRuns(id);
  if (!runs.ok()) return runs.status();
  for (const KeptRun& run : *runs) {
    connection.engine->StopRun(run.run().name(), StopCause::kFenced);
    std::optional<KeptRun> last = run;
    for (bool removed = false; last && !removed;) {
      const auto gone = connection.book.Remove(*last);
      if (!gone.ok()) return gone.status();
      removed = *gone;
      if (removed) break;
      auto again = connection.book.FindRun(run.run().name());
      if (!again.ok()) return again.status();
      last = *std::move(again);
    }
    if (absl::Status status = RunFolder(connection.settings.directory(), run.run().name()).Remove();
        !status.ok())
      return status;
  }
  return absl::OkStatus();
}

absl::Status CheckIsOfCallers(const KeptExport& kept) {
  if (kept.definition().origin() != v1::Export::ORIGIN_FILE) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
         << "The export stands in the file that exports.definitions_file names: change it there.";
}

}  // namespace relais::exports
