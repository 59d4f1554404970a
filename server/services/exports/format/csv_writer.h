// Comma-separated values, RFC 4180.
//
// Beyond what exports.proto says:
// - A null is never quoted, an empty text always, as is a text that reads like `null_text`. In a
//   file of one column a null without `null_text` is `""`: an empty line would be no row to many.
// - Bytes that are no UTF-8, and U+0000, which most readers end a text at, become U+FFFD.
// - The apostrophe before a formula belongs to the value: it stands within the quotes.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CSV_WRITER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CSV_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/cell_convert.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/format/table_writer.h"

namespace relais::exports {

class CsvWriter final : public TableWriter {
 public:
  CsvWriter(const v1::Csv& csv, CellConverter converter, std::unique_ptr<OutputFile> file);

  // Writes the titles, unless there are to be none. Before the first row.
  absl::Status Begin();

  std::int64_t bytes() const override { return file_->bytes(); }

 private:
  absl::Status WriteRow(const std::vector<gateway::Cell>& row) override;
  absl::Status FinishFile() override;
  // Whether a cell is written as its text, whatever the options are: most are.
  bool PassesAsIs(const FileCell& cell) const;
  // False when the encoding has not a character of the value; see unencodable_.
  bool AppendCell(const FileCell& cell, std::string& out);
  bool AppendText(std::string_view text, bool quoted, std::string& out);
  bool AppendEncoded(std::string_view text, std::string& out);
  bool AppendRare(std::string_view text, std::string& out);
  absl::Status Unencodable(std::size_t column) const;

  const std::unique_ptr<OutputFile> file_;
  const char delimiter_;
  const std::string_view newline_;
  const bool header_;
  const bool bom_;
  const bool windows_;  // Windows-1252
  const bool replaces_;
  const bool quotes_all_;
  const bool quotes_texts_;
  const bool decimal_comma_;
  const bool guards_;
  std::string null_text_;
  char32_t unencodable_ = 0;  // what the encoding has not
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CSV_WRITER_H_
