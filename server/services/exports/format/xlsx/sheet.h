// What libxlsxwriter does not tell: whether the bytes of its sheets have reached the disk.
//
// It keeps the rows of a sheet in a temporary file, copies them into a second one when the workbook
// is closed, and that one into the workbook. It does not look whether either could be written. So
// the first is a SheetStream here, which knows its failures, and the finished workbook is read once
// more, which tells whether the second was whole.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_SHEET_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_SHEET_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/os/spool_file.h"

namespace relais::exports {

// The rows of a sheet, in a file without a name. Not thread-safe.
class SheetStream {
 public:
  static absl::StatusOr<std::unique_ptr<SheetStream>> Make(const std::string& folder);
  ~SheetStream();  // closes the stream unless somebody has
  SheetStream(const SheetStream&) = delete;
  SheetStream& operator=(const SheetStream&) = delete;

  // To write to and to read from. fclose() is allowed once.
  std::FILE* stream() { return stream_; }

  // Hands on what the stream still has; what failed so far.
  absl::Status Flush();
  const absl::Status& failure() const { return failure_; }
  std::int64_t size() const { return spool_->size(); }

 private:
  struct Cookie;  // how C calls back

  explicit SheetStream(std::unique_ptr<SpoolFile> spool) : spool_(std::move(spool)) {}

  const std::unique_ptr<SpoolFile> spool_;
  std::int64_t position_ = 0;
  absl::Status failure_;
  std::FILE* stream_ = nullptr;  // null: closed
};

// Reads a workbook that libxlsxwriter has closed: every part must be whole, and the rows of the
// n-th sheet must be of as many bytes as given. Otherwise RESOURCE_EXHAUSTED /
// GATEWAY_STORAGE_FULL, the one known cause.
absl::Status CheckWorkbook(const std::string& path, const std::vector<std::int64_t>& sheet_bytes);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_SHEET_H_
