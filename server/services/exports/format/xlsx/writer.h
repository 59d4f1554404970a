// A workbook of Office Open XML, by libxlsxwriter.
//
// Beyond what exports.proto says:
// - A number that a double does not hold as it is written (more than 15 digits) is a text, as are
//   days before 1900-03-01 and formats that Excel has nothing like.
// - An empty text is no cell, as is a null. A text of more than 32767 UTF-16 units fails the run.
// - A workbook has at most 255 sheets: each needs a file of its own until the end.
// - The rows wait in nameless files in the folder of the workbook, which takes twice their size as
//   XML there. The same rows give the same bytes.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_WRITER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/cell_convert.h"
#include "server/services/exports/format/table_writer.h"
#include "server/services/exports/format/xlsx/sheet.h"

struct lxw_format;
struct lxw_workbook;
struct lxw_worksheet;

namespace relais::exports {

class XlsxWriter final : public TableWriter {
 public:
  static absl::StatusOr<std::unique_ptr<TableWriter>> Make(const v1::Xlsx& xlsx,
                                                           CellConverter converter,
                                                           const std::string& path);
  ~XlsxWriter() override;

  std::int64_t bytes() const override { return bytes_; }

 private:
  XlsxWriter(const v1::Xlsx& xlsx, CellConverter converter, const std::string& path, int file);

  absl::Status WriteRow(const std::vector<gateway::Cell>& row) override;
  absl::Status FinishFile() override;

  absl::Status Begin();
  absl::Status BeginSheet();
  absl::Status EndSheet();
  absl::Status WriteTitles();
  // An error of libxlsxwriter; 0 = none.
  int WriteCell(std::size_t column, const FileCell& cell);
  int WriteText(std::size_t column, std::string_view text, lxw_format* format);
  int WriteNumber(std::size_t column, const FileCell& cell);
  int WriteTime(std::size_t column, const FileCell& cell);
  absl::Status Failure(std::size_t column, int error) const;
  lxw_format* FormatOf(const std::string& excel);

  const std::string path_;
  const std::string folder_;
  const std::string sheet_name_;
  const std::uint32_t rows_per_sheet_;
  const bool header_;
  int file_;  // the workbook's, from its making to its end; -1: closed
  lxw_workbook* workbook_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  std::vector<std::unique_ptr<SheetStream>> streams_;  // of each sheet
  lxw_format* bold_ = nullptr;
  std::map<std::string, lxw_format*> formats_;  // by Excel's number format
  std::map<const TimePattern*, lxw_format*> time_formats_;
  std::vector<lxw_format*> decimal_formats_;  // of each column; null: none
  std::uint32_t next_row_ = 0;                // in the sheet
  std::uint32_t rows_in_sheet_ = 0;           // without the titles
  std::int64_t bytes_ = 0;
  std::string scratch_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_XLSX_WRITER_H_
