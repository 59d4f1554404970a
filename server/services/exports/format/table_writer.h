// A file that rows are written to, whatever its format.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TABLE_WRITER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TABLE_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/cell_convert.h"

namespace relais::exports {

// Not thread-safe. Memory does not grow with the rows. An error is final: every further call fails
// with the same, the file is good for nothing and is removed by whoever has made the writer.
//
// Errors: FAILED_PRECONDITION / PRECONDITION_FAILED (a value cannot be written; the sentence names
// column and row, never the value), RESOURCE_EXHAUSTED / GATEWAY_STORAGE_FULL, INTERNAL /
// GATEWAY_INTERNAL.
class TableWriter {
 public:
  virtual ~TableWriter() = default;

  // A row: a cell for each column, in their order.
  absl::Status Write(const std::vector<gateway::Cell>& row);

  // Completes the file, which is on disk then, flushed. Once.
  absl::Status Finish();

  // Bytes that have reached the file so far, as far as is known: of a workbook none before its end.
  virtual std::int64_t bytes() const = 0;

 protected:
  explicit TableWriter(CellConverter converter) : converter_(std::move(converter)) {}

  virtual absl::Status WriteRow(const std::vector<gateway::Cell>& row) = 0;
  virtual absl::Status FinishFile() = 0;

  CellConverter& converter() { return converter_; }
  const CellConverter& converter() const { return converter_; }
  // Of the row that is being written, from 1 on; 0: the titles.
  std::int64_t row_number() const { return rows_; }

 private:
  CellConverter converter_;
  std::int64_t rows_ = 0;
  absl::Status failure_;
};

// Makes `path`, which must not exist. `zone` is that of the export, in which instants are shown.
// INVALID_ARGUMENT / INVALID_REQUEST with every problem of the format and the columns when they are
// not valid; no file is made then. After another error there may be one.
absl::StatusOr<std::unique_ptr<TableWriter>> MakeTableWriter(const v1::Format& format,
                                                             std::vector<FileColumn> columns,
                                                             absl::TimeZone zone,
                                                             const std::string& path);

// ".csv", ".csv.gz", ".xlsx", ".ndjson", ".ndjson.gz".
std::string ExtensionOf(const v1::Format& format);
std::string MediaTypeOf(const v1::Format& format);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TABLE_WRITER_H_
