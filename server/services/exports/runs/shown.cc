#include "server/services/exports/runs/shown.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/tally.h"

namespace relais::exports {
namespace {

// Ended runs that are kept lie behind those that somebody has to look at sooner.
constexpr absl::Duration kAhead = absl::Hours(24 * 400);

std::string ReasonOf(const google::rpc::Status& error) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : error.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

absl::Time TimeOrNone(bool has, const google::protobuf::Timestamp& time) {
  return has ? gateway::ToTime(time) : absl::InfinitePast();
}

gateway::Schedule Show(const KeptExport& kept, const Tally& tally, absl::Time now) {
  const v1::Export& definition = kept.definition();
  gateway::Schedule shown;
  shown.name = definition.name();
  shown.paused = definition.paused();
  shown.overdue = IsOverdue(kept, now);
  shown.last_success =
      TimeOrNone(definition.has_last_success_time(), definition.last_success_time());
  if (const auto plan = PlanOf(definition); plan && !definition.paused()) {
    if (const auto slot = plan->After(now)) shown.next = slot->time;
  }
  const Tally::Last last = tally.LastOf(kept.id());
  shown.last_state = last.state;
  shown.last_lateness = last.lateness;
  shown.last_duration = last.duration;
  return shown;
}

gateway::ScheduledRun Show(const v1::ExportRun& run, absl::Time now) {
  gateway::ScheduledRun shown;
  shown.name = run.name();
  shown.state = std::string(gateway::StateWord<v1::ExportRun>(run.state()));
  shown.attempt = run.attempt();
  shown.slot = TimeOrNone(run.has_slot_time(), run.slot_time());
  shown.start = TimeOrNone(run.has_start_time(), run.start_time());
  shown.next_attempt = TimeOrNone(run.has_next_attempt_time(), run.next_attempt_time());
  shown.lateness =
      std::max(absl::ZeroDuration(), (run.has_start_time() ? shown.start : now) - shown.slot);
  shown.rows = run.rows();
  shown.bytes = run.bytes();
  if (run.has_percent()) shown.percent = run.percent();
  shown.reason = ReasonOf(run.error());
  return shown;
}

}  // namespace

gateway::Scheduled ShowExports(Connection& connection, std::size_t most) {
  Engine& engine = *connection.engine;
  const absl::Time now = connection.shared.scheduler.Wall();
  gateway::Scheduled shown;
  const auto exports = connection.book.ListExports();
  if (!exports.ok()) return shown;
  for (const KeptExport& kept : *exports) {
    if (shown.schedules.size() == most) break;
    shown.schedules.push_back(Show(kept, engine.tally(), now));
  }
  const auto runs = connection.book.DueRuns(now + kAhead, static_cast<std::int64_t>(most));
  if (!runs.ok()) return shown;
  for (const KeptRun& kept : *runs) {
    if (!kept.run().ended()) shown.runs.push_back(Show(engine.Tell(kept), now));
  }
  return shown;
}

}  // namespace relais::exports
