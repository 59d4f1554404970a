#include "server/services/exports/runs/tally.h"

#include <optional>
#include <utility>

#include "server/config/forms/duration.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/plan.h"

namespace relais::exports {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Adds a sample with the labels given.
void AddSample(MetricFamily& family, std::vector<ClientMetric::Label> labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

absl::Duration Between(const google::protobuf::Timestamp& from,
                       const google::protobuf::Timestamp& to) {
  return gateway::ToTime(to) - gateway::ToTime(from);
}

}  // namespace

void Tally::Ended(const v1::ExportRun& run) {
  const std::lock_guard lock(mu_);
  Counts& counts = counts_[ExportIdOf(run.name())];
  counts.last.state = std::string(gateway::StateWord<v1::ExportRun>(run.state()));
  ++counts.ended[counts.last.state];
  counts.rows += run.rows();
  counts.bytes += run.bytes();
  if (!run.has_start_time()) return;
  counts.last.lateness = Between(run.slot_time(), run.start_time());
  counts.last.duration = Between(run.start_time(), run.end_time());
}

Tally::Last Tally::LastOf(const std::string& export_id) const {
  const std::lock_guard lock(mu_);
  const auto found = counts_.find(export_id);
  return found == counts_.end() ? Last() : found->second.last;
}

void Tally::Retried(const std::string& export_id) {
  const std::lock_guard lock(mu_);
  ++counts_[export_id].retries;
}

std::vector<MetricFamily> Tally::Collect(const std::vector<KeptExport>& exports,
                                         absl::Time now) const {
  MetricFamily ended{
      "relais_export_runs_total", "Runs that have ended, by their state.", MetricType::Counter, {}};
  MetricFamily retries{"relais_export_retries_total",
                       "Attempts to read or to deliver that failed and were to be repeated.",
                       MetricType::Counter,
                       {}};
  MetricFamily rows{
      "relais_export_rows_total", "Rows of runs that have ended.", MetricType::Counter, {}};
  MetricFamily bytes{"relais_export_bytes_total",
                     "Bytes of files of runs that have ended.",
                     MetricType::Counter,
                     {}};
  MetricFamily lateness{"relais_export_lateness_seconds",
                        "From the slot of the run that ended last to its begin.",
                        MetricType::Gauge,
                        {}};
  MetricFamily duration{"relais_export_duration_seconds",
                        "From the begin of the run that ended last to its end.",
                        MetricType::Gauge,
                        {}};
  MetricFamily success{"relais_export_last_success_timestamp_seconds",
                       "When a run succeeded last; 0: none has.",
                       MetricType::Gauge,
                       {}};
  MetricFamily overdue{"relais_export_overdue",
                       "1 when a run should have succeeded by now and has not, whatever the cause.",
                       MetricType::Gauge,
                       {}};
  MetricFamily paused{"relais_export_paused", "1 when the schedule rests.", MetricType::Gauge, {}};
  const std::lock_guard lock(mu_);
  for (const auto& [id, counts] : counts_) {
    for (const auto& [state, count] : counts.ended)
      AddSample(ended, {{"export", id}, {"state", state}}, static_cast<double>(count));
    AddSample(retries, {{"export", id}}, static_cast<double>(counts.retries));
    AddSample(rows, {{"export", id}}, static_cast<double>(counts.rows));
    AddSample(bytes, {{"export", id}}, static_cast<double>(counts.bytes));
    AddSample(lateness, {{"export", id}}, absl::ToDoubleSeconds(counts.last.lateness));
    AddSample(duration, {{"export", id}}, absl::ToDoubleSeconds(counts.last.duration));
  }
  for (const KeptExport& kept : exports) {
    const v1::Export& definition = kept.definition();
    AddSample(success, {{"export", kept.id()}},
              static_cast<double>(definition.last_success_time().seconds()));
    AddSample(paused, {{"export", kept.id()}}, definition.paused() ? 1 : 0);
    if (definition.has_alert_after())
      AddSample(overdue, {{"export", kept.id()}}, IsOverdue(kept, now) ? 1 : 0);
  }
  return {std::move(ended),   std::move(retries),  std::move(rows),
          std::move(bytes),   std::move(lateness), std::move(duration),
          std::move(success), std::move(overdue),  std::move(paused)};
}

bool IsOverdue(const KeptExport& kept, absl::Time now) {
  const v1::Export& definition = kept.definition();
  const std::optional<SlotPlan> plan = PlanOf(definition);
  if (!plan || !definition.has_alert_after()) return false;
  const auto expected = plan->LastUpTo(now - config::ToAbsl(definition.alert_after()));
  return expected && expected->time > gateway::ToTime(kept.stored.scheduled_since()) &&
         expected->period.end > gateway::ToTime(kept.stored.succeeded_until());
}

}  // namespace relais::exports
