// What a job leaves when it ends: records, summary, output files.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"
#include "sandbox/upstreams/jobqueue/work/workbook.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

// Without what no file of a Windows server may have in its name.
std::string FileNameOf(std::string name) {
  for (char& c : name) {
    const bool control = static_cast<unsigned char>(c) < ' ';
    if (control || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos) c = '_';
  }
  return name;
}

bool WritesSummaryFile(const std::string& version) {
  return version == "24.2" || version == "25.1";
}

}  // namespace

std::string SummaryOf(const ImportResult& result, int created) {
  return Dump({{"FinishedSuccessfully", result.successful},
               {"NumberOfTasks", result.tasks},
               {"NumberOfErrors", result.errors.size()},
               {"NumberOfRecordsCreated", created},
               {"NumberOfRecordsUpdated", static_cast<int>(result.records.size()) - created},
               {"NumberOfRecordsNotImported", result.not_imported},
               {"ImportErrors", result.errors}});
}

std::string SummaryOf(const ExportResult& result) {
  return Dump({{"ExportedRecords", result.exported}, {"Errors", result.errors}});
}

void JobQueue::Finish(Job& job, const Outcome& outcome) {
  job.status = outcome.failure.empty() ? JobStatus::kSucceeded : JobStatus::kFailed;
  job.completed = clock_->Now();
  if (outcome.imported) FinishImport(job, *outcome.imported);
  if (outcome.exported) FinishExport(job, *outcome.exported);
  if (!outcome.failure.empty()) AddLog(job, {{"ERROR", outcome.failure}});
}

void JobQueue::FinishImport(Job& job, const ImportResult& result) {
  int created = 0;
  {
    const Journal::Batch batch(*journal_);
    for (const Placement& record : result.records) created += records_->Put(record) ? 1 : 0;
  }
  const int updated = static_cast<int>(result.records.size()) - created;
  job.summary = SummaryOf(result, created);
  std::vector<LogLine> log = {{"INFO", "Import started, culture en-US"}};
  log.insert(log.end(), result.log.begin(), result.log.end());
  for (const std::string& error : result.errors) log.push_back({"ERROR", error});
  log.push_back({"INFO", absl::StrCat("Records created: ", created, ", updated: ", updated,
                                      ", not imported: ", result.not_imported)});
  AddLog(job, log);
}

void JobQueue::FinishExport(Job& job, const ExportResult& result) {
  job.summary = SummaryOf(result);
  std::vector<LogLine> log = {{"INFO", "Export started"}};
  log.insert(log.end(), result.log.begin(), result.log.end());
  for (const std::string& error : result.errors) log.push_back({"ERROR", error});
  AddLog(job, log);
  if (result.file_name.empty()) return;
  const std::string id = NewUuid();
  if (WriteWorkbook(files_->PathOf(id), {{kTableName, result.rows}}).ok()) {
    job.outputs.push_back({result.file_name, id, 0});
  }
}

void JobQueue::AddFile(Job& job, const std::string& name, const std::string& bytes) {
  absl::StatusOr<std::string> id = files_->Write(bytes);
  if (id.ok()) job.outputs.push_back({name, *std::move(id), 0});
}

void JobQueue::AddLog(Job& job, const std::vector<LogLine>& lines) {
  const absl::Time now = clock_->Now();
  const std::string time = absl::FormatTime("%Y-%m-%d %H:%M:%S", now, absl::UTCTimeZone());
  const int64_t millis = absl::ToUnixMillis(now) % 1000;
  std::string text = kByteOrderMark;
  for (const LogLine& line : lines) {
    absl::StrAppend(
        &text, absl::StrFormat("%s,%03d [1] %-5s  %s\r\n", time, millis, line.level, line.text));
  }
  AddFile(job, absl::StrCat(FileNameOf(job.definition.name), ".log"), text);
  if (job.summary && WritesSummaryFile(options_.version)) {
    AddFile(job, "summary.json", *job.summary);
  }
}

}  // namespace relais::sandbox::jobqueue
