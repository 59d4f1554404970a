// One attempt of a run: its source is read and its files are written on this machine.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_WRITING_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_WRITING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/services/exports/format/table_writer.h"
#include "server/services/exports/source/file_stream.h"
#include "server/services/exports/source/row_stream.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

// What an attempt is told and tells.
struct WritingOptions {
  v1::Export definition;
  PlaceholderValues values;
  // Where the i-th file goes.
  std::function<std::string(int)> path;
  // Rows and bytes so far, and how many rows there are, -1: not known.
  std::function<void(std::int64_t, std::int64_t, std::int64_t)> progress;
};

// The files that were written; none: the source had nothing and the definition wants no file then.
using WrittenFiles = std::vector<v1::ExportFile>;

// Not thread-safe. What has been written is good only after Run has given files. After an error Run
// may be called again: it goes on behind what it has written where the order of the source is
// stable, else it begins anew.
class Writing {
 public:
  virtual ~Writing() = default;

  // Blocks. An empty source that the definition takes for a failure is FAILED_PRECONDITION /
  // PRECONDITION_FAILED.
  virtual absl::StatusOr<WrittenFiles> Run(const CallContext& context) = 0;

  // Whether Run would go on rather than begin anew.
  virtual bool resumable() const = 0;
};

// `sources` and `query` outlive it.
std::unique_ptr<Writing> BeginWriting(const Sources& sources, const BoundQuery& query,
                                      WritingOptions options);

// What `path` holds, as it is on disk.
absl::StatusOr<v1::ExportFile> DescribeFile(const std::string& path);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_WRITING_H_
