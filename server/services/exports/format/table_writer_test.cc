#include "server/services/exports/format/table_writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;
using nlohmann::json;

v1::Format FormatNamed(std::string_view name) {
  v1::Format format;
  if (name == "xlsx") format.mutable_xlsx();
  if (name == "ndjson") format.mutable_ndjson();
  if (name == "csv") format.mutable_csv();
  return format;
}

std::string RandomText(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "a",    "Zoé", "\"",   ",",      ";",    "\n",      "\r\n",   "\r",    "\t", " ",
      "漢字", "😀",   "\x01", "\x1F",   "\x7F", "_x0041_", "=",      "-",     "&",  "<",
      ">",    "'",   "\\",   "\u2028", "0",    "007",     "\uFEFF", "\u0085"};
  std::string text;
  for (std::size_t i = random() % 8; i > 0; --i) text += kPieces[random() % kPieces.size()];
  return text;
}

std::vector<KeptRow> RandomRows(std::size_t count) {
  std::mt19937 random(4711);
  std::vector<KeptRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    KeptRow row;
    for (int k = 0; k < 3; ++k)
      row.push_back(random() % 5 == 0 ? Kept() : Text(RandomText(random)));
    row.push_back(Integer(std::to_string(static_cast<int>(random() % 2000) - 1000)));
    rows.push_back(row);
  }
  return rows;
}

TEST(TableWriterTest, WritesCsvThatPythonReadsTheSame) {
  const auto rows = RandomRows(2000);
  v1::Format format;
  for (const std::string delimiter : {",", ";", "|", "\t"}) {
    for (const bool gzip : {false, true}) {
      format.set_gzip(gzip);
      format.mutable_csv()->set_delimiter(delimiter);
      format.mutable_csv()->set_formula_guard(v1::Csv::FORMULA_GUARD_OFF);
      format.mutable_csv()->set_null_text("(null)");
      const json read = json::parse(
          WrittenFile(format, Columns(4), rows).Read("csv", "'" + delimiter + "' utf-8"));
      ASSERT_EQ(read.size(), rows.size() + 1);
      for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t k = 0; k < 4; ++k)
          EXPECT_EQ(read[i + 1][k],
                    rows[i][k].kind == CellKind::kNull ? "(null)" : rows[i][k].text);
    }
  }
}

TEST(TableWriterTest, WritesNdjsonThatPythonReadsTheSame) {
  const auto rows = RandomRows(2000);
  v1::Format format = FormatNamed("ndjson");
  for (const bool gzip : {false, true}) {
    format.set_gzip(gzip);
    const json read = json::parse(WrittenFile(format, Columns(4), rows).Read("ndjson"));
    ASSERT_EQ(read.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t k = 0; k < 4; ++k) {
        const Kept& cell = rows[i][k];
        const json value =
            cell.kind == CellKind::kNull ? json() : json((k == 3 ? "#" : "") + cell.text);
        EXPECT_EQ(read[i][k], json::array({std::string(1, static_cast<char>('a' + k)), value}));
      }
    }
  }
}

TEST(TableWriterTest, WritesWorkbooksThatPythonReadsTheSame) {
  const auto rows = RandomRows(2000);
  v1::Format format = FormatNamed("xlsx");
  format.mutable_xlsx()->set_rows_per_sheet(700);
  const json sheets = json::parse(WrittenFile(format, Columns(4), rows).Read("xlsx"));
  ASSERT_EQ(sheets.size(), 3u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json& read = sheets[i / 700]["rows"][i % 700 + 1];
    for (std::size_t k = 0; k < 3; ++k) {
      const Kept& cell = rows[i][k];
      EXPECT_EQ(read[k], cell.text.empty() ? json() : json::array({"s", cell.text}));
    }
    EXPECT_EQ(read[3], json::array({"n", rows[i][3].text + ".0", "0"}));
  }
}

TEST(TableWriterTest, CompressesTheSameRowsToTheSameBytes) {
  v1::Format format;
  format.set_gzip(true);
  const auto rows = RandomRows(100);
  const WrittenFile file(format, Columns(4), rows);
  EXPECT_EQ(file.Content(), WrittenFile(format, Columns(4), rows).Content());
  EXPECT_EQ(file.Content().substr(0, 8), std::string("\x1F\x8B\x08\0\0\0\0\0", 8))
      << "no time, no name";
  EXPECT_EQ(file.bytes(), static_cast<std::int64_t>(file.Content().size()));
}

TEST(TableWriterTest, MakesAFileForItsOwnerAlone) {
  for (const std::string name : {"csv", "ndjson", "xlsx"}) {
    const WrittenFile file(FormatNamed(name), Columns(1), {{Text("x")}});
    struct stat known = {};
    ASSERT_EQ(stat(file.path().c_str(), &known), 0);
    EXPECT_EQ(known.st_mode & 07777, 0600u) << name;
  }
}

TEST(TableWriterTest, RefusesAPathThatExistsAndAFolderThatDoesNot) {
  const TemporaryFolder folder;
  const std::string taken = folder.path() + "/taken";
  std::ofstream(taken) << "mine";
  for (const std::string name : {"csv", "ndjson", "xlsx"}) {
    for (const std::string& path : {taken, folder.path() + "/none/file"}) {
      const auto writer = MakeTableWriter(FormatNamed(name), Columns(1), Paris(), path);
      EXPECT_TRUE(HasReason(writer.status(), Reason::kGatewayInternal)) << path;
    }
  }
  EXPECT_EQ(ReadText(taken), "mine");
}

TEST(TableWriterTest, StaysFailed) {
  for (const std::string name : {"csv", "ndjson", "xlsx"}) {
    const TemporaryFolder folder;
    std::vector<FileColumn> columns = {ColumnNamed("n", v1::Column::TYPE_INTEGER)};
    auto writer = MakeTableWriter(FormatNamed(name), columns, Paris(), folder.path() + "/f");
    ASSERT_TRUE(writer.ok()) << writer.status();
    const absl::Status failed = (*writer)->Write({{CellKind::kText, "x"}});
    EXPECT_EQ(failed.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ((*writer)->Write({{CellKind::kText, "1"}}), failed);
    EXPECT_EQ((*writer)->Finish(), failed);
  }
  const TemporaryFolder folder;
  auto writer = MakeTableWriter({}, Columns(1), Paris(), folder.path() + "/f");
  EXPECT_EQ((*writer)->Write({}).code(), absl::StatusCode::kInternal) << "a row of another size";
}

TEST(TableWriterTest, SaysThatTheStorageIsFull) {
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight = {.rlim_cur = 1000, .rlim_max = limit.rlim_max};
  for (const std::string name : {"csv", "ndjson"}) {
    for (const bool gzip : {false, true}) {
      v1::Format format = FormatNamed(name);
      format.set_gzip(gzip);
      setrlimit(RLIMIT_FSIZE, &tight);
      const WrittenFile file(format, Columns(4), RandomRows(20000));
      setrlimit(RLIMIT_FSIZE, &limit);
      EXPECT_EQ(file.status().code(), absl::StatusCode::kResourceExhausted) << name;
      EXPECT_TRUE(HasReason(file.status(), Reason::kGatewayStorageFull));
    }
  }
  std::signal(SIGXFSZ, previous);
}

TEST(TableWriterTest, NamesItsFiles) {
  v1::Format format;
  EXPECT_EQ(ExtensionOf(format), ".csv");
  EXPECT_EQ(MediaTypeOf(format), "text/csv; charset=utf-8");
  format.set_gzip(true);
  EXPECT_EQ(ExtensionOf(format), ".csv.gz");
  EXPECT_EQ(MediaTypeOf(format), "application/gzip");
  format.mutable_ndjson();
  EXPECT_EQ(ExtensionOf(format), ".ndjson.gz");
  EXPECT_EQ(ExtensionOf(FormatNamed("xlsx")), ".xlsx");
}

// Pages of this process that are in memory.
std::int64_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  in >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

TEST(TableWriterTest, NeedsNoMemoryForRows) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need memory of their own";
#endif
  const std::vector<gateway::Cell> row = {{CellKind::kText, "Some text, of some length"},
                                          {CellKind::kInteger, "123456"},
                                          {CellKind::kDate, "2024-03-31"},
                                          {}};
  for (const std::string name : {"csv", "ndjson", "xlsx"}) {
    const TemporaryFolder folder;
    auto writer = MakeTableWriter(FormatNamed(name), Columns(4), Paris(), folder.path() + "/f");
    ASSERT_TRUE(writer.ok()) << writer.status();
    const std::int64_t before = ResidentBytes();
    std::int64_t most = before;
    for (int i = 0; i < 300000; ++i) {
      ASSERT_TRUE((*writer)->Write(row).ok());
      if (i % 50000 == 0) most = std::max(most, ResidentBytes());
    }
    ASSERT_TRUE((*writer)->Finish().ok());
    EXPECT_LT(std::max(most, ResidentBytes()) - before, std::int64_t{32} << 20) << name;
  }
}

}  // namespace
}  // namespace relais::exports
