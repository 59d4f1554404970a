// Excel workbooks: worksheets read, a small workbook written.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORKBOOK_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORKBOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace relais::sandbox::jobqueue {

using SheetRows = std::vector<std::vector<std::string>>;  // cells from column A; gaps are empty

// Texts and numbers as they are stored. INVALID_ARGUMENT when the file is no workbook.
absl::StatusOr<SheetRows> ReadFirstSheet(const std::string& path);
// Of the worksheet of that name, without regard to case; no rows when there is none.
absl::StatusOr<SheetRows> ReadSheet(const std::string& path, const std::string& name);

struct Worksheet {
  std::string name;
  SheetRows rows;
};

// Creates the file `path`.
absl::Status WriteWorkbook(const std::string& path, const std::vector<Worksheet>& sheets);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORKBOOK_H_
