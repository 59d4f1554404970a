// Reads a finished workbook; see xlsx_sheet.h.

#include <minizip/unzip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/format/xlsx/sheet.h"

namespace relais::exports {
namespace {

constexpr std::string_view kRowsBegin = "<sheetData>";
constexpr std::string_view kRowsEnd = "</sheetData>";

// One part of the workbook while it passes by.
class Part {
 public:
  void Add(std::string_view bytes) {
    if (begin_.size() < kKept) begin_.append(bytes.substr(0, kKept - begin_.size()));
    if (!rows_begin_.has_value()) FindRows(bytes);
    size_ += static_cast<std::int64_t>(bytes.size());
    end_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kKept)));
    if (end_.size() > kKept) end_.erase(0, end_.size() - kKept);
  }

  // Whether its last tag closes its first.
  bool IsWhole() const {
    const std::size_t declared = begin_.find("?>");
    const std::size_t root = begin_.find('<', declared == std::string::npos ? 0 : declared);
    if (root == std::string::npos) return false;
    const std::size_t name_end = begin_.find_first_of(" >", root);
    if (name_end == std::string::npos) return false;
    const std::string last = "</" + begin_.substr(root + 1, name_end - root - 1) + ">";
    return absl::EndsWith(absl::StripTrailingAsciiWhitespace(View(end_)), last);
  }

  // Whether its rows are of so many bytes.
  bool HasRows(std::int64_t rows) const {
    if (!rows_begin_.has_value()) return rows == 0;
    const std::size_t rows_end = end_.rfind(kRowsEnd);
    if (rows_end == std::string::npos) return false;
    const auto end = size_ - static_cast<std::int64_t>(end_.size() - rows_end);
    return end - *rows_begin_ == rows;
  }

 private:
  static constexpr std::size_t kKept = 4096;

  void FindRows(std::string_view bytes) {
    // The tag may begin in what came before.
    const std::size_t seam = std::min(end_.size(), kRowsBegin.size() - 1);
    const std::string window = end_.substr(end_.size() - seam) + std::string(bytes);
    const std::size_t found = window.find(kRowsBegin);
    if (found == std::string::npos) return;
    rows_begin_ = size_ + static_cast<std::int64_t>(found + kRowsBegin.size()) -
                  static_cast<std::int64_t>(seam);
  }

  std::int64_t size_ = 0;
  std::string begin_;  // the first bytes
  std::string end_;    // the last bytes
  std::optional<std::int64_t> rows_begin_;
};

struct CloseZip {
  void operator()(void* zip) const { unzClose(zip); }
};

// Reads the current part to its end; false when it is damaged.
bool ReadPart(void* zip, Part& part) {
  if (unzOpenCurrentFile(zip) != UNZ_OK) return false;
  std::vector<char> bytes(std::size_t{1} << 16);
  int got = 0;
  while ((got = unzReadCurrentFile(zip, bytes.data(), static_cast<unsigned>(bytes.size()))) > 0)
    part.Add({bytes.data(), static_cast<std::size_t>(got)});
  const int closed = unzCloseCurrentFile(zip);  // compares the checksum
  return got == 0 && closed == UNZ_OK;
}

// The number of a sheet from 1 on; 0 for other parts.
std::int64_t SheetNumber(std::string_view name) {
  absl::string_view rest = View(name);
  if (!absl::ConsumePrefix(&rest, "xl/worksheets/sheet") || !absl::ConsumeSuffix(&rest, ".xml"))
    return 0;
  return ParseId(ToView(rest)).value_or(0);
}

bool IsWhole(void* zip, const std::vector<std::int64_t>& sheet_bytes) {
  std::size_t sheets = 0;
  int step = unzGoToFirstFile(zip);
  for (; step == UNZ_OK; step = unzGoToNextFile(zip)) {
    std::array<char, 256> name{};
    if (unzGetCurrentFileInfo64(zip, nullptr, name.data(), name.size(), nullptr, 0, nullptr, 0) !=
        UNZ_OK)
      return false;
    Part part;
    if (!ReadPart(zip, part) || !part.IsWhole()) return false;
    const auto number = static_cast<std::size_t>(SheetNumber(name.data()));
    if (number == 0) continue;
    if (number > sheet_bytes.size() || !part.HasRows(sheet_bytes[number - 1])) return false;
    ++sheets;
  }
  return step == UNZ_END_OF_LIST_OF_FILE && sheets == sheet_bytes.size();
}

}  // namespace

absl::Status CheckWorkbook(const std::string& path, const std::vector<std::int64_t>& sheet_bytes) {
  const std::unique_ptr<void, CloseZip> zip(unzOpen64(path.c_str()));
  if (zip == nullptr || !IsWhole(zip.get(), sheet_bytes)) return FileFailure(ENOSPC);
  return absl::OkStatus();
}

}  // namespace relais::exports
