// What callers send about jobs, read and checked.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_DEFINITION_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_DEFINITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/upstreams/jobqueue/queue/job.h"

namespace relais::sandbox::jobqueue {

// All failures are INVALID_ARGUMENT with a sentence for the caller.

// The body of "create a job". `safe_paths`: file paths must be relative and stay where they are.
absl::StatusOr<JobDefinition> ReadDefinition(const std::string& body, bool safe_paths);

// The members that are absent or null stay empty.
struct JobChanges {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<absl::Time> scheduled;
  std::optional<JobStatus> status;
};
absl::StatusOr<JobChanges> ReadChanges(const std::string& body);

// One imported file: what it is for, and its path as the caller knows it.
struct FileRole {
  std::string type;  // Template, Data, Combined or Attachment
  std::string path;
};
absl::StatusOr<std::vector<FileRole>> ReadImportParameters(const std::string& parameters);

struct ExportParameters {
  std::string database_key;
  std::vector<int64_t> identities;
  std::string template_name;
};
absl::StatusOr<ExportParameters> ReadExportParameters(const std::string& parameters);

// Relative, and without a way out of its folder.
bool IsSafePath(std::string_view path);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_DEFINITION_H_
