#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sandbox/upstreams/jobqueue/work/work.h"
#include "sandbox/upstreams/jobqueue/work/workbook.h"

namespace relais::sandbox::jobqueue {
namespace {

constexpr char kOptions[] = "Import Options";
constexpr int kLevels = 8;

using Row = std::vector<std::string>;

// What a title is known by: "Record Name:" is "record name".
std::string TitleOf(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  absl::ConsumeSuffix(&cell, ":");
  return absl::AsciiStrToLower(cell);
}

bool NamesARecord(const std::string& cell) {
  const std::string title = TitleOf(cell);
  return title == "name" || title == "record name" || title == "full name";
}

// In the first row of a table; a colon makes it a form.
bool HeadsNames(const std::string& cell) {
  return NamesARecord(cell) && !absl::EndsWith(absl::StripAsciiWhitespace(cell), ":");
}

template <typename IsTitle>
std::optional<size_t> ColumnWhere(const Row& row, const IsTitle& is_title) {
  const auto found = std::find_if(row.begin(), row.end(), is_title);
  if (found == row.end()) return std::nullopt;
  return static_cast<size_t>(found - row.begin());
}

std::optional<size_t> ColumnTitled(const Row& row, const std::string& title) {
  return ColumnWhere(row, [&title](const std::string& cell) { return TitleOf(cell) == title; });
}

std::string CellAt(const Row& row, std::optional<size_t> column) {
  return column && *column < row.size() ? row[*column] : "";
}

// The cell to the right of the first one of that title; empty when there is none.
std::string ValueBeside(const SheetRows& rows, const std::string& title) {
  for (const Row& row : rows) {
    const std::optional<size_t> column = ColumnTitled(row, title);
    if (column) return CellAt(row, *column + 1);
  }
  return "";
}

void FailImport(const std::string& why, ImportResult& out) {
  out.successful = false;
  out.errors.push_back(why);
}

void FailImport(const InputFile& file, const absl::Status& why, ImportResult& out) {
  FailImport(absl::StrCat("'", file.role.path, "': ", std::string(why.message()), "."), out);
}

// What "Level 1" to "Level 8" of the import options name: a folder, or a title under which each
// record names it.
std::vector<std::string> ReadLevels(const InputFile& file, ImportResult& out) {
  const absl::StatusOr<SheetRows> options = ReadSheet(file.stored_at, kOptions);
  std::vector<std::string> levels;
  if (!options.ok()) return FailImport(file, options.status(), out), levels;
  for (int i = 1; i <= kLevels; ++i) {
    std::string level = ValueBeside(*options, absl::StrCat("level ", i));
    if (!level.empty()) levels.push_back(std::move(level));
  }
  return levels;
}

// The folders of one record; `value_of` gives what it has under a title, nothing when there is no
// such title.
template <typename ValueOf>
std::vector<std::string> FoldersOf(const std::vector<std::string>& levels,
                                   const ValueOf& value_of) {
  std::vector<std::string> folders;
  for (const std::string& level : levels) {
    std::string own = value_of(TitleOf(level));
    folders.push_back(own.empty() ? level : std::move(own));
  }
  return folders;
}

void ImportRows(const SheetRows& rows, size_t name, const std::vector<std::string>& levels,
                const std::string& file, ImportResult& out) {
  const Row& titles = rows.front();
  const std::optional<size_t> folder = ColumnTitled(titles, "folder");
  for (size_t i = 1; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::string record = CellAt(row, name);
    if (!record.empty()) {
      const std::string place = CellAt(row, folder);
      out.records.push_back({record, !place.empty() ? std::vector<std::string>{place}
                                                    : FoldersOf(levels, [&](const auto& title) {
                                                        return CellAt(row,
                                                                      ColumnTitled(titles, title));
                                                      })});
    } else if (!row.empty()) {
      ++out.not_imported;
      out.errors.push_back(absl::StrCat("Row ", i + 1, " of '", file, "' has no record name."));
    }
  }
}

void ImportForm(const SheetRows& rows, const std::vector<std::string>& levels,
                const std::string& file, ImportResult& out) {
  std::string name;
  std::string first;
  for (const Row& row : rows) {
    const std::optional<size_t> title = ColumnWhere(row, NamesARecord);
    if (name.empty() && title) name = CellAt(row, *title + 1);
    const auto cell =
        std::find_if(row.begin(), row.end(), [](const auto& c) { return !c.empty(); });
    if (first.empty() && cell != row.end()) first = *cell;
  }
  if (name.empty()) name = first;
  if (!name.empty()) {
    return out.records.push_back(
        {name, FoldersOf(levels, [&rows](const auto& title) { return ValueBeside(rows, title); })});
  }
  ++out.not_imported;
  out.errors.push_back(absl::StrCat("The first worksheet of '", file, "' is empty."));
}

void ImportWorkbook(const InputFile& file, const std::vector<std::string>& levels,
                    ImportResult& out) {
  const absl::StatusOr<SheetRows> rows = ReadFirstSheet(file.stored_at);
  if (!rows.ok()) return FailImport(file, rows.status(), out);
  ++out.tasks;
  out.log.push_back({"INFO", absl::StrCat("Importing '", file.role.path, "'")});
  const std::optional<size_t> name =
      rows->empty() ? std::nullopt : ColumnWhere(rows->front(), HeadsNames);
  if (name) {
    ImportRows(*rows, *name, levels, file.role.path, out);
  } else {
    ImportForm(*rows, levels, file.role.path, out);
  }
}

}  // namespace

ImportResult ImportExcel(const std::vector<InputFile>& files) {
  ImportResult out;
  int templates = 0;
  int data = 0;
  int combined = 0;
  std::vector<std::string> of_template;
  for (const InputFile& file : files) {
    templates += file.role.type == "Template" ? 1 : 0;
    data += file.role.type == "Data" ? 1 : 0;
    combined += file.role.type == "Combined" ? 1 : 0;
    if (file.role.type == "Template") of_template = ReadLevels(file, out);
  }
  for (const InputFile& file : files) {
    if (file.role.type == "Data") ImportWorkbook(file, of_template, out);
    if (file.role.type == "Combined") ImportWorkbook(file, ReadLevels(file, out), out);
  }
  const bool separate = templates == 1 && data > 0 && combined == 0;
  const bool together = templates == 0 && data == 0 && combined > 0;
  if (!separate && !together) {
    FailImport("An Excel import takes either one template and data files, or combined files.", out);
  }
  if (!out.successful) out.records.clear();
  return out;
}

ExportResult ExportExcel(const ExportParameters& parameters, const std::string& template_path,
                         const RecordTable& records) {
  ExportResult out;
  if (!ReadFirstSheet(template_path).ok()) {
    out.errors.push_back(
        absl::StrCat("The template '", parameters.template_name, "' is not an Excel workbook."));
  }
  const std::string key = absl::AsciiStrToLower(parameters.database_key);
  if (key != absl::AsciiStrToLower(kDatabaseKey)) {
    out.errors.push_back(absl::StrCat("There is no database '", parameters.database_key, "'."));
  }
  if (!out.errors.empty()) return out;
  out.rows.push_back({"Record history identity", "Name"});
  for (const int64_t identity : parameters.identities) {
    const std::optional<std::string> name = records.NameOf(identity);
    if (!name) {
      out.errors.push_back(absl::StrCat("There is no record ", identity, "."));
      continue;
    }
    ++out.exported;
    out.rows.push_back({absl::StrCat(identity), *name});
  }
  out.file_name = absl::StrCat("ExportedRecords-", kTableName, ".xlsx");
  out.log.push_back({"INFO", absl::StrCat("Exported ", out.exported, " records")});
  return out;
}

}  // namespace relais::sandbox::jobqueue
