// Rows that are written to a file of an export, and what Python reads there.

#ifndef RELAIS_TESTS_SUPPORT_WRITTEN_FILE_H_
#define RELAIS_TESTS_SUPPORT_WRITTEN_FILE_H_

#include <gtest/gtest.h>
#include <stdio.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/format/table_writer.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {

// A cell that keeps its text.
struct Kept {
  gateway::CellKind kind = gateway::CellKind::kNull;
  std::string text{};
};
using KeptRow = std::vector<Kept>;

inline Kept Text(std::string_view text) { return {gateway::CellKind::kText, std::string(text)}; }
inline Kept Integer(std::string_view text) {
  return {gateway::CellKind::kInteger, std::string(text)};
}
inline Kept Decimal(std::string_view text) {
  return {gateway::CellKind::kDecimal, std::string(text)};
}

inline FileColumn ColumnNamed(std::string_view field,
                              v1::Column::Type type = v1::Column::TYPE_UNSPECIFIED) {
  FileColumn column;
  column.column.set_field(std::string(field));
  column.column.set_type(type);
  return column;
}

inline std::vector<FileColumn> Columns(std::size_t count) {
  std::vector<FileColumn> columns;
  for (std::size_t i = 0; i < count; ++i)
    columns.push_back(ColumnNamed(std::string(1, static_cast<char>('a' + i))));
  return columns;
}

inline absl::TimeZone Paris() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Paris", &zone));
  return zone;
}

inline absl::Status WriteRows(TableWriter& writer, const std::vector<KeptRow>& rows) {
  std::vector<gateway::Cell> cells;
  for (const KeptRow& row : rows) {
    cells.clear();
    for (const Kept& cell : row) cells.push_back({cell.kind, cell.text});
    if (absl::Status status = writer.Write(cells); !status.ok()) return status;
  }
  return writer.Finish();
}

// A file of its own in a folder of its own.
class WrittenFile {
 public:
  WrittenFile(const v1::Format& format, std::vector<FileColumn> columns,
              const std::vector<KeptRow>& rows)
      : path_(folder_.path() + "/file" + ExtensionOf(format)) {
    auto writer = MakeTableWriter(format, std::move(columns), Paris(), path_);
    status_ = writer.ok() ? WriteRows(**writer, rows) : writer.status();
    if (status_.ok()) bytes_ = (*writer)->bytes();
  }

  const std::string& path() const { return path_; }
  const std::string& folder() const { return folder_.path(); }
  const absl::Status& status() const { return status_; }
  std::int64_t bytes() const { return bytes_; }

  std::string Content() const {
    EXPECT_TRUE(status_.ok()) << status_;
    return ReadText(path_);
  }

  // JSON, as read_table.py prints it; `options` stand behind the path.
  std::string Read(std::string_view kind, std::string_view options = "") const {
    EXPECT_TRUE(status_.ok()) << status_;
    const std::string command =
        "/usr/bin/env python3 server/services/exports/format/testdata/read_table.py " +
        std::string(kind) + " " + path_ + " " + std::string(options);
    FILE* const output = popen(command.c_str(), "r");
    if (output == nullptr) return "";
    std::string text;
    std::array<char, 1 << 16> piece{};
    while (const std::size_t got = fread(piece.data(), 1, piece.size(), output))
      text.append(piece.data(), got);
    EXPECT_EQ(pclose(output), 0) << command;
    return text;
  }

 private:
  TemporaryFolder folder_;
  std::string path_;
  absl::Status status_;
  std::int64_t bytes_ = -1;
};

}  // namespace relais::exports

#endif  // RELAIS_TESTS_SUPPORT_WRITTEN_FILE_H_
