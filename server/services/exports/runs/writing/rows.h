// An attempt that writes rows into one file.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_ROWS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/services/exports/runs/writing/writing.h"

namespace relais::exports {

class RowWriting final : public Writing {
 public:
  RowWriting(const gateway::LocalCalls& calls, const BoundQuery& query, WritingOptions options)
      : calls_(calls), query_(query), options_(std::move(options)) {}

  absl::StatusOr<WrittenFiles> Run(const CallContext& context) override;
  bool resumable() const override;

 private:
  absl::Status Open();
  absl::Status WriteBlock(const gateway::CellBlock& block);
  // Makes the file, once the columns are known.
  absl::Status MakeWriter();
  absl::StatusOr<WrittenFiles> Finish();

  const gateway::LocalCalls& calls_;
  const BoundQuery& query_;
  const WritingOptions options_;
  std::unique_ptr<RowStream> rows_;
  std::unique_ptr<TableWriter> writer_;
  bool broken_ = false;             // what was written is good for nothing
  std::vector<std::size_t> shown_;  // which of the source's columns each of the file's is
  std::vector<gateway::Cell> row_;
  std::int64_t written_ = 0;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_ROWS_H_
