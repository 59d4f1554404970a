#include "server/services/exports/format/check.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/format/cell_convert.h"
#include "server/services/exports/format/characters.h"
#include "server/services/exports/format/time_text.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

constexpr std::size_t kMostOfSheetName = 27;
constexpr std::size_t kMostOfNullText = 64;
constexpr std::size_t kMostOfTitle = 255;
constexpr int kMostColumns = 16384;  // that Excel has

// What Windows-1252 lacks in `text`, when that fails a run.
bool FailsEncoding(const v1::Csv& csv, std::string_view text) {
  if (csv.encoding() != v1::Csv::ENCODING_WINDOWS_1252 ||
      csv.unencodable() == v1::Csv::UNENCODABLE_REPLACE)
    return false;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (Windows1252Of(character.code) < 0) return true;
    text.remove_prefix(character.size);
  }
  return false;
}

// An enum of proto3 may be a number that no name has.
template <typename IsValid, typename Value>
void CheckEnum(IsValid is_valid, Value value, std::string_view field, Violations& violations) {
  if (!is_valid(value)) violations.Add(field, "must be one of the values of the enum");
}

void CheckNullText(const v1::Csv& csv, Violations& violations) {
  constexpr std::string_view kField = "format.csv.null_text";
  const std::string& text = csv.null_text();
  if (CharactersIn(text) > kMostOfNullText) {
    violations.Add(kField, absl::StrCat("must have at most ", kMostOfNullText, " characters"));
  }
  if (HasControl(text)) violations.Add(kField, "must not contain control characters");
  const std::string special = csv.delimiter().empty() ? ",\"" : csv.delimiter() + "\"";
  if (text.find_first_of(special) != std::string::npos)
    violations.Add(kField, "must not contain the delimiter or a quote");
  if (FailsEncoding(csv, text))
    violations.Add(kField, "must have only characters of Windows-1252, the encoding");
}

void CheckCsv(const v1::Csv& csv, Violations& violations) {
  const std::string& delimiter = csv.delimiter();
  if (!delimiter.empty() && delimiter != "," && delimiter != ";" && delimiter != "|" &&
      delimiter != "\t")
    violations.Add("format.csv.delimiter", "must be \",\", \";\", \"|\" or a tab");
  CheckEnum(v1::Csv::Encoding_IsValid, csv.encoding(), "format.csv.encoding", violations);
  CheckEnum(v1::Csv::Unencodable_IsValid, csv.unencodable(), "format.csv.unencodable", violations);
  CheckEnum(v1::Csv::Newline_IsValid, csv.newline(), "format.csv.newline", violations);
  CheckEnum(v1::Csv::Quoting_IsValid, csv.quoting(), "format.csv.quoting", violations);
  CheckEnum(v1::Csv::FormulaGuard_IsValid, csv.formula_guard(), "format.csv.formula_guard",
            violations);
  CheckNullText(csv, violations);
}

void CheckXlsx(const v1::Xlsx& xlsx, Violations& violations) {
  constexpr std::string_view kField = "format.xlsx.sheet_name";
  const std::string& name = xlsx.sheet_name();
  if (Utf16UnitsIn(name) > kMostOfSheetName)
    violations.Add(kField, absl::StrCat("must have at most ", kMostOfSheetName, " characters"));
  if (HasControl(name) || name.find_first_of("[]:*?/\\") != std::string::npos)
    violations.Add(kField, "must not contain any of []:*?/\\ or control characters");
  if (absl::StartsWith(name, "'") || absl::EndsWith(name, "'"))
    violations.Add(kField, "must not begin or end with an apostrophe");
  if (absl::EqualsIgnoreCase(name, "history"))
    violations.Add(kField, "must not be \"History\", which Excel keeps for itself");
  if (xlsx.rows_per_sheet() < 0 || xlsx.rows_per_sheet() > 1048575)
    violations.Add("format.xlsx.rows_per_sheet", "must be 1 to 1048575, or 0 for 1048575");
}

CellKind TimeKindOf(v1::Column::Type type) {
  if (type == v1::Column::TYPE_DATE) return CellKind::kDate;
  return type == v1::Column::TYPE_TIME ? CellKind::kTime : CellKind::kDateTime;
}

// Checks one column; `path` is its own.
class ColumnCheck {
 public:
  ColumnCheck(const v1::Column& column, std::string path, Violations& violations)
      : column_(column), path_(std::move(path)), violations_(violations) {}

  void Check(const v1::Format& format) {
    if (column_.field().empty()) Add(".field", "must not be empty");
    if (!v1::Column::Type_IsValid(column_.type()))
      Add(".type", "must be one of the values of the enum");
    CheckTitle(format);
    CheckTimeFormat();
    if (column_.has_scale() && column_.type() != v1::Column::TYPE_DECIMAL) {
      Add(".scale", "is for columns of TYPE_DECIMAL");
    } else if (column_.scale() < 0 || column_.scale() > 18) {
      Add(".scale", "must be 0 to 18");
    }
    const double width = column_.width();
    if (width != 0 && !(width >= 1 && width <= 255))
      Add(".width", "must be 1 to 255, or 0 for the width of the title");
  }

  void Add(std::string_view field, std::string_view description) {
    violations_.Add([&] { return path_ + std::string(field); }, description);
  }

 private:
  void CheckTitle(const v1::Format& format) {
    const std::string& title = TitleOf(column_);
    const std::string_view field = column_.header().empty() ? ".field" : ".header";
    if (HasControl(title)) Add(field, "must not contain control characters");
    if (CharactersIn(title) > kMostOfTitle) Add(field, "must have at most 255 characters");
    if (!format.csv().no_header() && FailsEncoding(format.csv(), title))
      Add(field, "must have only characters of Windows-1252, the encoding");
  }

  void CheckTimeFormat() {
    if (column_.format().empty()) return;
    const v1::Column::Type type = column_.type();
    if (type != v1::Column::TYPE_UNSPECIFIED && type != v1::Column::TYPE_DATE &&
        type != v1::Column::TYPE_DATE_TIME && type != v1::Column::TYPE_TIME)
      return Add(".format", "is for columns of dates and times");
    const std::string_view why = WhyNoTimeFormat(column_.format(), TimeKindOf(type));
    if (!why.empty()) Add(".format", why);
  }

  const v1::Column& column_;
  const std::string path_;
  Violations& violations_;
};

}  // namespace

void CheckFormat(const v1::Format& format, Violations& violations) {
  if (format.has_csv()) CheckCsv(format.csv(), violations);
  if (format.has_xlsx()) {
    CheckXlsx(format.xlsx(), violations);
    if (format.gzip()) violations.Add("format.gzip", "must be false: XLSX is compressed already");
  }
}

void CheckColumns(const google::protobuf::RepeatedPtrField<v1::Column>& columns,
                  const v1::Format& format, Violations& violations) {
  if (format.has_xlsx() && columns.size() > kMostColumns)
    violations.Add("columns", absl::StrCat("must be at most ", kMostColumns, " with XLSX"));
  std::set<std::string_view> titles;
  for (int i = 0; i < columns.size() && !violations.full(); ++i) {
    ColumnCheck check(columns[i], absl::StrCat("columns[", i, "]"), violations);
    check.Check(format);
    if (format.has_ndjson() && !titles.insert(TitleOf(columns[i])).second) {
      check.Add(columns[i].header().empty() ? ".field" : ".header",
                "must differ from the titles before it: it is the key of the value");
    }
  }
}

}  // namespace relais::exports
