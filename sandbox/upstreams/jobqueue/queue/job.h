// A job of the queue, and the form in which the state file keeps it.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOB_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOB_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace relais::sandbox::jobqueue {

enum class JobStatus { kPending, kRunning, kSucceeded, kFailed, kCancelled };

const char* NameOf(JobStatus status);  // as on the wire
std::optional<JobStatus> JobStatusNamed(std::string_view name);
// Succeeded, failed or cancelled.
bool IsFinished(JobStatus status);

inline constexpr char kExcelImport[] = "ExcelImportJob";
inline constexpr char kTextImport[] = "TextImportJob";
inline constexpr char kExcelExport[] = "ExcelExportJob";

// What a caller asks for; enough to run the job and to run it again.
struct JobDefinition {
  std::string name;
  std::optional<std::string> description;
  std::string type;
  std::optional<absl::Time> scheduled;
  std::vector<std::string> input_ids;
  std::optional<std::string> parameters;  // a JSON document
  std::optional<std::string> culture;
  std::optional<int> version;
};

struct OutputFile {
  std::string name;
  std::string file_id;      // in the file store; empty: bytes that are made while they are sent
  uint64_t made_bytes = 0;  // how many of those
};

struct Job {
  std::string id;
  JobDefinition definition;
  JobStatus status = JobStatus::kPending;
  std::string submitter;
  std::vector<std::string> roles;
  absl::Time submitted;
  std::optional<absl::Time> started;
  std::optional<absl::Time> completed;
  std::vector<OutputFile> outputs;
  std::optional<std::string> summary;  // a JSON document
  int64_t promoted = 0;  // rank among jobs moved to the top, the last one highest; 0: was not
  int64_t number = 0;    // order of creation
  bool held = false;     // changes only when somebody says so

  // When it may start.
  absl::Time Due() const { return definition.scheduled.value_or(submitted); }
};

// A job as it is at one moment.
struct JobView {
  Job job;
  std::optional<int> position;  // from 1, of pending jobs only
};

nlohmann::json ToStateJson(const Job& job);
// Throws nlohmann::json::exception when it is not what ToStateJson makes.
Job FromStateJson(const nlohmann::json& json);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOB_H_
