#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/work.h"
#include "sandbox/upstreams/jobqueue/workbook.h"

namespace relais::sandbox::jobqueue {
namespace {

constexpr char kFolder[] = "Excel Import Test";

bool NamesARecord(const std::string& cell) {
  const std::string title = absl::AsciiStrToLower(cell);
  return title == "name" || title == "record name" || title == "full name";
}

std::optional<size_t> ColumnTitled(const std::vector<std::string>& row,
                                   bool (*is_title)(const std::string&)) {
  const auto found = std::find_if(row.begin(), row.end(), is_title);
  if (found == row.end()) return std::nullopt;
  return static_cast<size_t>(found - row.begin());
}

std::string CellAt(const std::vector<std::string>& row, std::optional<size_t> column) {
  return column && *column < row.size() ? row[*column] : "";
}

void ImportRows(const SheetRows& rows, size_t name, const std::string& file, ImportResult& out) {
  const std::optional<size_t> folder = ColumnTitled(rows.front(), [](const std::string& cell) {
    return absl::AsciiStrToLower(cell) == "folder";
  });
  for (size_t i = 1; i < rows.size(); ++i) {
    const std::string record = CellAt(rows[i], name);
    if (!record.empty()) {
      const std::string place = CellAt(rows[i], folder);
      out.records.emplace_back(record, place.empty() ? kFolder : place);
    } else if (!rows[i].empty()) {
      ++out.not_imported;
      out.errors.push_back(absl::StrCat("Row ", i + 1, " of '", file, "' has no record name."));
    }
  }
}

void ImportForm(const SheetRows& rows, const std::string& file, ImportResult& out) {
  std::string first;
  for (const std::vector<std::string>& row : rows) {
    const std::optional<size_t> title = ColumnTitled(row, NamesARecord);
    const std::string name = title ? CellAt(row, *title + 1) : "";
    if (!name.empty()) return out.records.emplace_back(name, kFolder), void();
    const auto cell =
        std::find_if(row.begin(), row.end(), [](const auto& c) { return !c.empty(); });
    if (first.empty() && cell != row.end()) first = *cell;
  }
  if (!first.empty()) return out.records.emplace_back(first, kFolder), void();
  ++out.not_imported;
  out.errors.push_back(absl::StrCat("The first worksheet of '", file, "' is empty."));
}

void FailImport(const std::string& why, ImportResult& out) {
  out.successful = false;
  out.errors.push_back(why);
}

void ImportWorkbook(const InputFile& file, ImportResult& out) {
  const absl::StatusOr<SheetRows> rows = ReadFirstSheet(file.stored_at);
  if (!rows.ok()) {
    return FailImport(
        absl::StrCat("'", file.role.path, "': ", std::string(rows.status().message()), "."), out);
  }
  if (file.role.type == "Template") return;
  ++out.tasks;
  out.log.push_back({"INFO", absl::StrCat("Importing '", file.role.path, "'")});
  const std::optional<size_t> name =
      rows->empty() ? std::nullopt : ColumnTitled(rows->front(), NamesARecord);
  if (name) {
    ImportRows(*rows, *name, file.role.path, out);
  } else {
    ImportForm(*rows, file.role.path, out);
  }
}

}  // namespace

ImportResult ImportExcel(const std::vector<InputFile>& files) {
  ImportResult out;
  int templates = 0;
  int data = 0;
  int combined = 0;
  for (const InputFile& file : files) {
    templates += file.role.type == "Template" ? 1 : 0;
    data += file.role.type == "Data" ? 1 : 0;
    combined += file.role.type == "Combined" ? 1 : 0;
    if (file.role.type != "Attachment") ImportWorkbook(file, out);
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
