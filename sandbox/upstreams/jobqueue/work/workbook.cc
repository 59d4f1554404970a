#include "sandbox/upstreams/jobqueue/work/workbook.h"

#include <minizip/unzip.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/work/xml.h"

namespace relais::sandbox::jobqueue {
namespace {

constexpr size_t kMaxColumns = 16384;

class ZipArchive {
 public:
  explicit ZipArchive(const std::string& path) : file_(unzOpen64(path.c_str())) {}
  ~ZipArchive() {
    if (file_ != nullptr) unzClose(file_);
  }
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  bool Has(const char* name) { return file_ != nullptr && unzLocateFile(file_, name, 2) == UNZ_OK; }

  // False when the entry is missing, damaged or not well-formed.
  bool Parse(const char* name, XmlReader reader) {
    if (!Has(name) || unzOpenCurrentFile(file_) != UNZ_OK) return false;
    XmlParser parser(std::move(reader));
    char buffer[16 << 10];
    bool good = true;
    int count = 0;
    while (good && (count = unzReadCurrentFile(file_, buffer, sizeof(buffer))) > 0) {
      good = parser.Feed({buffer, static_cast<size_t>(count)});
    }
    const bool whole = unzCloseCurrentFile(file_) == UNZ_OK && count == 0;
    return good && whole && parser.Finish();
  }

 private:
  const unzFile file_;
};

// "BC12" is in column 54, counted from 0.
size_t ColumnOf(std::string_view reference) {
  size_t column = 0;
  for (const char c : reference) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) break;
    column = column * 26 + static_cast<size_t>(absl::ascii_toupper(c) - 'A' + 1);
    if (column > kMaxColumns) return kMaxColumns;
  }
  return column == 0 ? kMaxColumns : column - 1;
}

bool ReadSharedStrings(ZipArchive& zip, std::vector<std::string>& strings) {
  constexpr char kEntry[] = "xl/sharedStrings.xml";
  if (!zip.Has(kEntry)) return true;
  bool in_text = false;
  XmlReader reader;
  reader.start = [&](std::string_view name, const XmlAttributes&) {
    if (name == "si") strings.emplace_back();
    in_text = name == "t" && !strings.empty();
  };
  reader.end = [&](std::string_view) { in_text = false; };
  reader.text = [&](std::string_view piece) {
    if (in_text) strings.back() += piece;
  };
  return zip.Parse(kEntry, std::move(reader));
}

class SheetReader {
 public:
  explicit SheetReader(const std::vector<std::string>& strings) : strings_(strings) {}

  XmlReader Handlers() {
    return {[this](std::string_view name, const XmlAttributes& a) { Start(name, a); },
            [this](std::string_view name) { End(name); },
            [this](std::string_view piece) {
              if (in_value_) value_ += piece;
            }};
  }
  SheetRows Take() { return std::move(rows_); }

 private:
  void Start(std::string_view name, const XmlAttributes& attributes) {
    if (name == "row") rows_.emplace_back();
    if (name == "c") {
      const auto reference = attributes.find("r");
      const auto type = attributes.find("t");
      column_ = reference != attributes.end() ? ColumnOf(reference->second)
                : rows_.empty()               ? 0
                                              : rows_.back().size();
      shared_ = type != attributes.end() && type->second == "s";
      value_.clear();
    }
    in_value_ = name == "v" || name == "t";
  }

  void End(std::string_view name) {
    in_value_ = false;
    if (name != "c" || rows_.empty() || column_ >= kMaxColumns) return;
    uint32_t index = 0;
    if (shared_) {
      const bool known = absl::SimpleAtoi(value_, &index) && index < strings_.size();
      value_ = known ? strings_[index] : "";
    }
    if (value_.empty()) return;
    if (rows_.back().size() <= column_) rows_.back().resize(column_ + 1);
    rows_.back()[column_] = std::move(value_);
    value_.clear();
  }

  const std::vector<std::string>& strings_;
  SheetRows rows_;
  size_t column_ = 0;
  bool shared_ = false;
  bool in_value_ = false;
  std::string value_;
};

struct SheetEntry {
  std::string name;
  std::string file;  // in the archive
};

// The worksheets in their order; nothing when the file is no workbook. A workbook that does not say
// which file a worksheet is in has them numbered.
std::optional<std::vector<SheetEntry>> ReadSheetList(ZipArchive& zip) {
  constexpr char kRelations[] = "xl/_rels/workbook.xml.rels";
  std::map<std::string, std::string> targets;
  XmlReader relations;
  relations.start = [&targets](std::string_view name, const XmlAttributes& attributes) {
    const auto id = attributes.find("Id");
    const auto target = attributes.find("Target");
    if (name != "Relationship" || id == attributes.end() || target == attributes.end()) return;
    targets[id->second] =
        absl::StartsWith(target->second, "/") ? target->second.substr(1) : "xl/" + target->second;
  };
  if (zip.Has(kRelations) && !zip.Parse(kRelations, std::move(relations))) return std::nullopt;
  std::vector<SheetEntry> sheets;
  XmlReader workbook;
  workbook.start = [&](std::string_view name, const XmlAttributes& attributes) {
    if (name != "sheet") return;
    SheetEntry sheet{.name = "",
                     .file = absl::StrCat("xl/worksheets/sheet", sheets.size() + 1, ".xml")};
    for (const auto& [key, value] : attributes) {
      if (key == "name") sheet.name = value;
      if (key == "id" && targets.contains(value)) sheet.file = targets.at(value);
    }
    sheets.push_back(std::move(sheet));
  };
  if (!zip.Parse("xl/workbook.xml", std::move(workbook))) return std::nullopt;
  return sheets;
}

// Of the first worksheet that `is_wanted`; no rows when there is none.
absl::StatusOr<SheetRows> ReadSheetWhere(const std::string& path,
                                         const std::function<bool(const SheetEntry&)>& is_wanted) {
  ZipArchive zip(path);
  std::vector<std::string> strings;
  const auto sheets = ReadSheetList(zip);
  if (!sheets || sheets->empty() || !ReadSharedStrings(zip, strings)) {
    return absl::InvalidArgumentError("the file is not an Excel workbook");
  }
  const auto sheet = std::find_if(sheets->begin(), sheets->end(), is_wanted);
  if (sheet == sheets->end()) return SheetRows();
  SheetReader reader(strings);
  if (!zip.Parse(sheet->file.c_str(), reader.Handlers())) {
    return absl::InvalidArgumentError(
        absl::StrCat("the worksheet '", sheet->name, "' cannot be read"));
  }
  return reader.Take();
}

}  // namespace

absl::StatusOr<SheetRows> ReadFirstSheet(const std::string& path) {
  return ReadSheetWhere(path, [](const SheetEntry&) { return true; });
}

absl::StatusOr<SheetRows> ReadSheet(const std::string& path, const std::string& name) {
  return ReadSheetWhere(
      path, [&name](const SheetEntry& sheet) { return absl::EqualsIgnoreCase(sheet.name, name); });
}

absl::Status WriteWorkbook(const std::string& path, const std::vector<Worksheet>& sheets) {
  lxw_workbook* workbook = workbook_new(path.c_str());
  for (const auto& [name, rows] : sheets) {
    lxw_worksheet* worksheet = workbook_add_worksheet(workbook, name.c_str());
    lxw_row_t row = 0;
    for (const std::vector<std::string>& cells : rows) {
      lxw_col_t column = 0;
      for (const std::string& cell : cells) {
        double number = 0;
        if (absl::SimpleAtod(cell, &number)) {
          worksheet_write_number(worksheet, row, column++, number, nullptr);
        } else {
          worksheet_write_string(worksheet, row, column++, cell.c_str(), nullptr);
        }
      }
      ++row;
    }
  }
  const lxw_error error = workbook_close(workbook);
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot write a workbook: ", lxw_strerror(error)));
}

}  // namespace relais::sandbox::jobqueue
