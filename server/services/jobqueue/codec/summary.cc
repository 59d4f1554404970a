#include "server/services/jobqueue/codec/summary.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/json/members.h"
#include "server/services/jobqueue/codec/words.h"

namespace relais::jobqueue {
namespace {

using v1::Job;
using Count = std::optional<std::int64_t>;

// Texts as they are, anything else as JSON: the shape of an error is not documented.
struct WireErrors {
  std::vector<std::string> list;
};

absl::Status Read(json::Value value, WireErrors& errors) {
  bool is_null = false;
  if (absl::Status status = json::ReadNull(value, is_null); !status.ok() || is_null) return status;
  return json::ReadElements(value, [&errors](json::Value element) {
    return json::ReadTextOrJson(element, errors.list.emplace_back());
  });
}

struct WireImport {
  std::optional<bool> finished;
  Count tasks, errors, created, updated, not_imported;
  WireErrors import_errors;
};

constexpr json::Member<WireImport> kImport[] = {
    {"FinishedSuccessfully", json::Into<&WireImport::finished>},
    {"NumberOfTasks", json::Into<&WireImport::tasks>},
    {"NumberOfErrors", json::Into<&WireImport::errors>},
    {"NumberOfRecordsCreated", json::Into<&WireImport::created>},
    {"NumberOfRecordsUpdated", json::Into<&WireImport::updated>},
    {"NumberOfRecordsNotImported", json::Into<&WireImport::not_imported>},
    {"ImportErrors",
     [](json::Value value, WireImport& wire) { return Read(value, wire.import_errors); }},
};

struct WireExport {
  Count exported;
  WireErrors errors;
};

constexpr json::Member<WireExport> kExport[] = {
    {"ExportedRecords", json::Into<&WireExport::exported>},
    {"Errors", [](json::Value value, WireExport& wire) { return Read(value, wire.errors); }},
};

void AddImportSummary(const std::string& text, Job& job) {
  WireImport wire;
  if (!json::ReadObject(text, kImport, wire).ok() || !wire.finished) return;
  v1::ImportSummary& summary = *job.mutable_import_summary();
  summary.set_finished_successfully(*wire.finished);
  summary.set_task_count(wire.tasks.value_or(0));
  summary.set_error_count(wire.errors.value_or(0));
  summary.set_created_record_count(wire.created.value_or(0));
  summary.set_updated_record_count(wire.updated.value_or(0));
  summary.set_not_imported_record_count(wire.not_imported.value_or(0));
  for (std::string& error : wire.import_errors.list) summary.add_errors(std::move(error));
}

void AddExportSummary(const std::string& text, Job& job) {
  WireExport wire;
  if (!json::ReadObject(text, kExport, wire).ok() || !wire.exported) return;
  v1::ExportSummary& summary = *job.mutable_export_summary();
  summary.set_exported_record_count(*wire.exported);
  for (std::string& error : wire.errors.list) summary.add_errors(std::move(error));
}

// Of a job that was carried out.
Job::Outcome OutcomeOf(const Job& job) {
  switch (job.summary_case()) {
    case Job::kImportSummary:
      if (!job.import_summary().finished_successfully()) return Job::OUTCOME_NOT_SUCCESSFUL;
      return job.import_summary().error_count() > 0 ? Job::OUTCOME_COMPLETED_WITH_ERRORS
                                                    : Job::OUTCOME_OK;
    case Job::kExportSummary:
      if (job.export_summary().errors().empty()) return Job::OUTCOME_OK;
      return job.export_summary().exported_record_count() > 0 ? Job::OUTCOME_COMPLETED_WITH_ERRORS
                                                              : Job::OUTCOME_NOT_SUCCESSFUL;
    case Job::SUMMARY_NOT_SET:
      return Job::OUTCOME_UNSPECIFIED;
  }
  return Job::OUTCOME_UNSPECIFIED;
}

}  // namespace

void AddSummary(Job& job) {
  const auto found = job.raw_outputs().find("summary");
  if (found != job.raw_outputs().end()) {
    if (IsImport(job.type())) AddImportSummary(found->second, job);
    if (job.type() == Job::TYPE_EXCEL_EXPORT) AddExportSummary(found->second, job);
  }
  if (job.state() == Job::STATE_SUCCEEDED) job.set_outcome(OutcomeOf(job));
  if (job.state() == Job::STATE_FAILED) job.set_outcome(Job::OUTCOME_NOT_SUCCESSFUL);
}

}  // namespace relais::jobqueue
