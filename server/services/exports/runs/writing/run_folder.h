// The files of runs on this machine: <directory>/runs/<export>/<period>/<attempt>/, of which one
// folder, that of the attempt whose files are whole, is named by the run.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_RUN_FOLDER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_RUN_FOLDER_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais::exports {

class RunFolder {
 public:
  // `run` is a name of a run, whose ids are safe in paths.
  RunFolder(std::string_view directory, std::string_view run);

  // Makes an empty folder for an attempt and removes all others but `keep` (empty: none).
  absl::Status Begin(const std::string& attempt, const std::string& keep) const;
  // Makes what stands in the folder of an attempt last.
  absl::Status Flush(const std::string& attempt) const;
  // Where the i-th file of an attempt stands.
  std::string FileOf(const std::string& attempt, int i) const;
  // Removes all that there is of the run.
  absl::Status Remove() const;

 private:
  std::string path_;
};

// What a failed call to the system means for callers; `what` is what could not be done.
absl::Status FolderFailure(int error, std::string_view what);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_RUN_FOLDER_H_
