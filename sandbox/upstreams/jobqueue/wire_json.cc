#include "sandbox/upstreams/jobqueue/wire_json.h"

#include <nlohmann/json.hpp>

#include "sandbox/upstreams/jobqueue/dates.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

json DateOrNull(const std::optional<absl::Time>& time, DateStyle style) {
  return time ? json(FormatDate(*time, style)) : json();
}

template <typename Value>
json OrNull(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

json Outputs(const Job& job) {
  if (!IsFinished(job.status)) return nullptr;
  json names = json::array();
  for (const OutputFile& output : job.outputs) names.push_back(output.name);
  return names;
}

}  // namespace

json JobJson(const JobView& view, DateStyle style) {
  const Job& job = view.job;
  const bool tells = IsFinished(job.status) && job.summary;
  return {{"id", job.id},
          {"name", job.definition.name},
          {"description", OrNull(job.definition.description)},
          {"type", job.definition.type},
          {"status", NameOf(job.status)},
          {"position", OrNull(view.position)},
          {"submitterName", job.submitter},
          {"submitterRoles", job.roles},
          {"submissionDate", FormatDate(job.submitted, style)},
          {"scheduledExecutionDate", DateOrNull(job.definition.scheduled, style)},
          {"executionDate", DateOrNull(job.started, style)},
          {"completionDate", DateOrNull(job.completed, style)},
          {"inputFileIds", job.definition.input_ids},
          {"outputFileNames", Outputs(job)},
          {"jobSpecificOutputs", tells ? json{{"summary", *job.summary}} : json()}};
}

json DefinitionJson(const JobDefinition& definition, DateStyle style) {
  return {{"name", definition.name},
          {"description", OrNull(definition.description)},
          {"type", definition.type},
          {"scheduledExecutionDate", DateOrNull(definition.scheduled, style)},
          {"inputFileIds", definition.input_ids},
          {"parameters", OrNull(definition.parameters)},
          {"culture", OrNull(definition.culture)},
          {"version", definition.version.value_or(0)}};
}

json LedgerJson(const std::vector<LedgerEntry>& ledger) {
  json list = json::array();
  for (const LedgerEntry& entry : ledger) {
    list.push_back({{"id", entry.id},
                    {"name", entry.name},
                    {"description", entry.description},
                    {"type", entry.type},
                    {"submitter", entry.submitter},
                    {"origin", entry.origin},
                    {"time", FormatDate(entry.time, DateStyle::kZ)}});
  }
  return list;
}

}  // namespace relais::sandbox::jobqueue
