// What a cell of a source becomes in a file: the one place for types, formats, rounding and masks.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CELL_CONVERT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CELL_CONVERT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/gateway/offers/cells.h"
#include "server/services/exports/format/time_text.h"

namespace relais::exports {

// A column of the file: one of the definition, and which of the source's it shows.
struct FileColumn {
  v1::Column column;  // with its header
  gateway::CellKind source_kind = gateway::CellKind::kText;
};

// The title of a column: its header or, without one, its field.
const std::string& TitleOf(const v1::Column& column);

// A cell as the file shows it.
struct FileCell {
  // Of what it became; an instant became kDateTime.
  gateway::CellKind kind = gateway::CellKind::kNull;
  // Numbers in their one form, days and times by the column's format, "true" or "false". Of a text
  // as the source gave it, which may be no UTF-8. Empty for kNull.
  std::string_view text{};
  WallTime wall{};                       // of days and times
  const TimePattern* pattern = nullptr;  // of days and times: what `text` was made by
};

// Of what a column's type takes:
//   text      anything, as the source writes it; instants as the default format shows them
//   integer   numbers whose fraction is zero, also written as text
//   decimal   numbers, also written as text
//   date      days, and the day of whatever has one
//   date-time days with a time, and days as their midnight
//   time      times of day, and that of whatever has one
//   bool      true, false, 1 and 0
// Not thread-safe.
class CellConverter {
 public:
  CellConverter(std::vector<FileColumn> columns, absl::TimeZone zone);

  std::size_t columns() const { return columns_.size(); }
  const std::string& title(std::size_t column) const { return columns_[column].title; }
  const v1::Column& definition(std::size_t column) const { return columns_[column].definition; }

  // Converts a cell of a column; false when it is not of the column's type. `to.text` lives until
  // the next call or as long as `from`.
  bool Convert(std::size_t column, const gateway::Cell& from, FileCell& to) {
    Column& rules = columns_[column];
    if (rules.passes_text && from.kind == gateway::CellKind::kText) {
      to.kind = gateway::CellKind::kText;
      to.text = from.text;
      return true;
    }
    return ConvertOther(rules, from, to);
  }

  // Why Convert failed; never the value.
  absl::Status NotOfType(std::size_t column, std::int64_t row, const gateway::Cell& from) const;

 private:
  struct Column {
    v1::Column definition;
    std::string title;
    bool masked = false;
    bool iso = true;           // days and times have the default formats
    bool passes_text = false;  // a text stays what it is
    int scale = -1;            // -1: as it is
    v1::Column::Type type = v1::Column::TYPE_UNSPECIFIED;
    TimePattern date, date_time, time;  // by the kind of the value
  };

  bool ConvertOther(Column& rules, const gateway::Cell& from, FileCell& to);
  bool ToNumber(const Column& rules, gateway::CellKind kind, std::string_view text, FileCell& to);
  bool ToTime(const Column& rules, gateway::CellKind kind, std::string_view text, FileCell& to);

  std::vector<Column> columns_;
  const absl::TimeZone zone_;
  std::string text_;  // of the cell converted last
};

// The failure of a run: the column and row where a value could not be written. `sentence_end`
// continues 'The value of column "X" in row 7 '.
absl::Status CannotWrite(std::string_view title, std::int64_t row, std::string_view sentence_end);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CELL_CONVERT_H_
