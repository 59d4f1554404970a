#include "server/services/exports/format/xlsx/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "server/services/exports/format/xlsx/text.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;
using nlohmann::json;

v1::Format Xlsx(int rows_per_sheet = 0) {
  v1::Format format;
  format.mutable_xlsx()->set_rows_per_sheet(rows_per_sheet);
  return format;
}

json SheetsOf(const WrittenFile& file) { return json::parse(file.Read("xlsx")); }

// The rows of the first sheet, without the titles.
json RowsOf(std::vector<FileColumn> columns, const std::vector<KeptRow>& rows) {
  json read = SheetsOf(WrittenFile(Xlsx(), std::move(columns), rows));
  json& all = read[0]["rows"];
  all.erase(0);
  return all;
}

json CellOf(const FileColumn& column, const Kept& cell) { return RowsOf({column}, {{cell}})[0][0]; }

json TimeOf(const std::string& format, CellKind kind, const std::string& text) {
  FileColumn column = ColumnNamed("t");
  column.column.set_format(format);
  return CellOf(column, {kind, text});
}

std::string SheetText(std::string_view text) {
  std::string out;
  AppendSheetText(text, out);
  return out;
}

TEST(XlsxWriterTest, WritesCellsOfTheirType) {
  const json rows = RowsOf(
      Columns(5), {{Integer("-12"), Decimal("0.1"), {CellKind::kBool, "true"}, {}, Text("x")},
                   {Text("007"), Text("=1+1"), Text("12"), Text("http://x.y"), {}}});
  EXPECT_EQ(rows[0],
            json::parse(R"([["n","-12.0","0"],["n","0.1","0"],["b",true],null,["s","x"]])"));
  EXPECT_EQ(rows[1], json::parse(R"([["s","007"],["s","=1+1"],["s","12"],["s","http://x.y"]])"));
}

TEST(XlsxWriterTest, WritesNumbersOnlyAsTheyAre) {
  const json rows = RowsOf(Columns(4), {{Integer("123456789012345"), Integer("1234567890123456"),
                                         Decimal("9.7"), Decimal("0.1234567890123456")}});
  EXPECT_EQ(rows[0], json::parse(R"([["n","123456789012345.0","0"],["s","1234567890123456"],
                                      ["n","9.7","0"],["s","0.1234567890123456"]])"));
  FileColumn scaled = ColumnNamed("d", v1::Column::TYPE_DECIMAL);
  scaled.column.set_scale(3);
  EXPECT_EQ(CellOf(scaled, Decimal("1.5")), json::array({"n", "1.5", "0.000"}));
}

TEST(XlsxWriterTest, WritesTimesAsSerialNumbers) {
  EXPECT_EQ(TimeOf("", CellKind::kDate, "2024-03-31"),
            json::array({"n", "45382.0", "yyyy\"-\"mm\"-\"dd"}));
  EXPECT_EQ(TimeOf("%d/%m/%Y %H:%M", CellKind::kDateTime, "2024-03-31T12:00:00"),
            json::array({"n", "45382.5", "dd\"/\"mm\"/\"yyyy\" \"hh\":\"mm"}));
  EXPECT_EQ(TimeOf("", CellKind::kTime, "18:00:00"),
            json::array({"n", "0.75", "hh\":\"mm\":\"ss"}));
  EXPECT_EQ(TimeOf("", CellKind::kInstant, "2024-03-31T22:00:00Z")[1], "45383.0") << "in Paris";
  EXPECT_EQ(TimeOf("", CellKind::kDate, "1900-03-01")[1], "61.0");
  EXPECT_EQ(TimeOf("", CellKind::kDate, "9999-12-31")[1], "2958465.0");
}

TEST(XlsxWriterTest, WritesTimesThatExcelHasNotAsTexts) {
  EXPECT_EQ(TimeOf("", CellKind::kDate, "1900-02-28"), json::array({"s", "1900-02-28"}));
  EXPECT_EQ(TimeOf("%j", CellKind::kDate, "2024-03-31"), json::array({"s", "091"}));
  EXPECT_EQ(TimeOf("%M", CellKind::kTime, "18:07:00"), json::array({"s", "07"}))
      << "mm alone is a month";
  EXPECT_EQ(TimeOf("%H %m", CellKind::kDateTime, "2024-03-31T12:34:00"),
            json::array({"s", "12 03"}));
  EXPECT_EQ(TimeOf("%Y\"", CellKind::kDate, "2024-03-31"), json::array({"s", "2024\""}));
}

TEST(XlsxWriterTest, EscapesWhatXmlHasNotOnce) {
  EXPECT_EQ(SheetText("a_x0041_b"), "a_x005F_x0041_b");
  EXPECT_EQ(SheetText("_x0041_x0042_"), "_x005F_x0041_x005F_x0042_");
  EXPECT_EQ(SheetText("_x0041\x01"), "_x005F_x0041_x0001_");
  EXPECT_EQ(SheetText("_x004_ _X0041_ _x0041"), "_x004_ _X0041_ _x0041");
  EXPECT_EQ(SheetText("\xFF"), "\uFFFD");
  const std::vector<std::string> texts = {
      "_x0041_", std::string("\0x", 2), "\x01\x1F\x7F", "a\rb\nc\td", " x ", "_x0041\x02",
      "<&>\"'",  "\uFFFE\uFFFF",        "]]>",          "😀"};
  std::vector<KeptRow> rows;
  for (const std::string& text : texts) rows.push_back({Text(text)});
  const json read = RowsOf(Columns(1), rows);
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(read[i][0], json::array({"s", texts[i]}));
}

TEST(XlsxWriterTest, RefusesTextsThatNoCellHolds) {
  std::string text;
  for (int i = 0; i < 16383; ++i) text.append("😀");
  EXPECT_TRUE(WrittenFile(Xlsx(), Columns(1), {{Text(text + "x")}}).status().ok());
  const WrittenFile file(Xlsx(), Columns(1), {{Text(text + "xy")}});
  EXPECT_EQ(file.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(file.status().message()),
            "The value of column \"a\" in row 1 has more than 32767 characters, which no cell of "
            "XLSX holds.");
}

TEST(XlsxWriterTest, FreezesBoldTitlesAndSetsWidths) {
  std::vector<FileColumn> columns = Columns(2);
  columns[0].column.set_width(33);
  columns[1].column.set_header("A title of some length");
  const WrittenFile file(Xlsx(), columns, {{Text("x"), Text("y")}});
  const json sheet = SheetsOf(file)[0];
  EXPECT_EQ(sheet["name"], "Export");
  EXPECT_EQ(sheet["frozen"], 1);
  EXPECT_EQ(sheet["rows"][0],
            json::parse(R"([["s","a","bold"],["s","A title of some length","bold"]])"));
  EXPECT_NEAR(sheet["widths"][0].get<double>(), 33, 1);
  EXPECT_NEAR(sheet["widths"][1].get<double>(), 24, 1);
  EXPECT_EQ(file.bytes(), static_cast<std::int64_t>(std::filesystem::file_size(file.path())));
}

TEST(XlsxWriterTest, SplitsSheetsAndRepeatsTitles) {
  v1::Format format = Xlsx(2);
  format.mutable_xlsx()->set_sheet_name("Länder & Städte");
  std::vector<KeptRow> rows;
  for (int i = 0; i < 5; ++i) rows.push_back({Integer(std::to_string(i))});
  const json sheets = SheetsOf(WrittenFile(format, Columns(1), rows));
  ASSERT_EQ(sheets.size(), 3u);
  const json title = json::array({json::array({"s", "a", "bold"})});
  const auto row = [](const char* number) {
    return json::array({json::array({"n", number, "0"})});
  };
  EXPECT_EQ(sheets[0]["name"], "Länder & Städte");
  EXPECT_EQ(sheets[2]["name"], "Länder & Städte 3");
  EXPECT_EQ(sheets[0]["rows"], json::array({title, row("0.0"), row("1.0")}));
  EXPECT_EQ(sheets[1]["rows"], json::array({title, row("2.0"), row("3.0")}));
  EXPECT_EQ(sheets[2]["rows"], json::array({title, row("4.0")}));
  format.mutable_xlsx()->set_no_header(true);
  EXPECT_EQ(SheetsOf(WrittenFile(format, Columns(1), rows))[1]["rows"],
            json::array({row("2.0"), row("3.0")}));
  EXPECT_EQ(SheetsOf(WrittenFile(format, Columns(1), {}))[0]["rows"], json::array());
}

TEST(XlsxWriterTest, RefusesMoreSheetsThanItKeepsOpen) {
  const std::vector<KeptRow> rows(256, {Text("x")});
  EXPECT_EQ(WrittenFile(Xlsx(1), Columns(1), rows).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(XlsxWriterTest, MakesTheSameFileOfTheSameRows) {
  const std::vector<KeptRow> rows = {{Text("x"), Integer("1")}};
  EXPECT_EQ(WrittenFile(Xlsx(), Columns(2), rows).Content(),
            WrittenFile(Xlsx(), Columns(2), rows).Content());
}

// Whether there is anything in the folder but the workbook itself.
bool LeavesSomething(const WrittenFile& file) {
  for (const auto& entry : std::filesystem::directory_iterator(file.folder()))
    if (entry.path() != file.path()) return true;
  return false;
}

TEST(XlsxWriterTest, IsWholeOrSaysThatTheStorageIsFull) {
  // Bytes that do not compress: the rows, their copy and the workbook end at different limits.
  std::vector<KeptRow> rows;
  std::uint32_t random = 1;
  for (int i = 0; i < 400; ++i) {
    std::string text;
    for (int k = 0; k < 200; ++k) {
      random = random * 1664525 + 1013904223;
      text.push_back(static_cast<char>('0' + (random >> 16) % 64));
    }
    rows.push_back({Text(text)});
  }
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  int failed = 0;
  int whole = 0;
  for (rlim_t most = 500; most < 130000; most += most < 5000 ? 400 : 997) {
    const rlimit tight = {.rlim_cur = most, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    const WrittenFile file(Xlsx(), Columns(1), rows);
    setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_FALSE(LeavesSomething(file));
    if (file.status().ok()) {
      ++whole;
      if (whole == 1) {
        EXPECT_EQ(SheetsOf(file)[0]["rows"].size(), 401u) << most;
      }
    } else {
      ++failed;
      EXPECT_TRUE(HasReason(file.status(), Reason::kGatewayStorageFull)) << most << file.status();
    }
  }
  std::signal(SIGXFSZ, previous);
  EXPECT_GT(failed, 20);
  EXPECT_GT(whole, 5);
}

TEST(XlsxWriterTest, IsWholeOrSaysSoAtEveryByteOfTheCopy) {
  // Small, so that only the copy of the rows does not fit at some of the limits.
  const std::vector<KeptRow> rows(60,
                                  {Text("some text that is the same in every row of the sheet")});
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  int whole = 0;
  for (rlim_t most = 7200; most < 9200; most += 7) {
    const rlimit tight = {.rlim_cur = most, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    const WrittenFile file(Xlsx(), Columns(1), rows);
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!file.status().ok()) {
      EXPECT_TRUE(HasReason(file.status(), Reason::kGatewayStorageFull)) << file.status();
    } else if (++whole == 1) {
      EXPECT_EQ(SheetsOf(file)[0]["rows"].size(), 61u);
    }
  }
  std::signal(SIGXFSZ, previous);
  EXPECT_GT(whole, 0);
}

TEST(XlsxWriterTest, LeavesNothingBehindWhenItIsGivenUp) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/book.xlsx";
  const auto open_before = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  {
    auto writer = MakeTableWriter(Xlsx(1), Columns(1), Paris(), path);
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*writer)->Write({{CellKind::kText, "x"}}).ok());
    EXPECT_EQ((*writer)->bytes(), 0);
  }
  std::filesystem::remove(path);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}), open_before);
}

}  // namespace
}  // namespace relais::exports
