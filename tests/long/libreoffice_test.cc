// Files of exports, as LibreOffice understands them: types, days, identifiers, characters, sheets.

#include <gtest/gtest.h>
#include <stdio.h>

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;
using nlohmann::json;

// Texts that a spreadsheet likes to make something else of, or to lose.
const std::vector<std::string> kTexts = {"007",        "1e5",         "12",
                                         "1,5",        "2024-03-31",  "3/4",
                                         "TRUE",       "=1+1",        "-12",
                                         "+33 1 23",   "@x",          "#N/A",
                                         "'quoted'",   " blank ",     "two  three",
                                         "tab\tin",    "line\nbreak", "\"q\"",
                                         "a,b;c|d",    "<&>",         "]]>",
                                         "Grüße",      "漢字",        "😀",
                                         "œuvre €",    "_x0041_",     "1234567890123456789",
                                         "http://x.y", "0x1F",        "１２",
                                         "ﬁ",          "e\u0301",     "\u00A0x",
                                         "100%"};

Kept Day(std::string_view text) { return {CellKind::kDate, std::string(text)}; }

json Understood(const WrittenFile& file, std::string_view arguments) {
  EXPECT_TRUE(file.status().ok()) << file.status();
  const std::string command = absl::StrCat(
      "/usr/bin/env python3 -B tests/long/read_with_libreoffice.py ", std::string(arguments));
  FILE* const output = popen(command.c_str(), "r");
  if (output == nullptr) return json();
  std::string text;
  std::array<char, 1 << 16> piece{};
  while (const std::size_t got = fread(piece.data(), 1, piece.size(), output))
    text.append(piece.data(), got);
  EXPECT_EQ(pclose(output), 0) << command;
  return json::parse(text, nullptr, false);
}

json Workbook(const WrittenFile& file) {
  return Understood(file, absl::StrCat("xlsx ", file.path()));
}

// What must be understood of a cell.
json Expected(const Kept& cell) {
  double number = 0;
  switch (cell.kind) {
    case CellKind::kNull:
      return nullptr;
    case CellKind::kInteger:
    case CellKind::kDecimal:
      EXPECT_TRUE(absl::SimpleAtod(cell.text, &number)) << cell.text;
      return {"n", number};
    case CellKind::kBool:
      return {"b", cell.text == "true"};
    case CellKind::kDate:
    case CellKind::kDateTime:
      return {"d", cell.text};
    case CellKind::kTime: {
      const std::vector<std::string> parts = absl::StrSplit(cell.text, ':');
      return {"t", absl::StrCat("PT", parts[0], "H", parts[1], "M", parts[2], "S")};
    }
    default:
      return {"s", cell.text};
  }
}

void ExpectRows(const json& sheet, const std::vector<KeptRow>& rows) {
  const json& understood = sheet["rows"];
  ASSERT_EQ(understood.size(), rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json expected = json::array();
    for (const Kept& cell : rows[i]) expected.push_back(Expected(cell));
    EXPECT_EQ(understood[i + 1], expected) << "row " << i + 1;
  }
}

v1::Format Xlsx(int rows_per_sheet = 0) {
  v1::Format format;
  format.mutable_xlsx()->set_rows_per_sheet(rows_per_sheet);
  return format;
}

v1::Format PlainCsv() {
  v1::Format format;
  format.mutable_csv()->set_formula_guard(v1::Csv::FORMULA_GUARD_OFF);
  return format;
}

TEST(LibreOffice, FindsEveryTypeInAWorkbook) {
  const Kept truth = {CellKind::kBool, "true"};
  const Kept time = {CellKind::kTime, "18:07:09"};
  const std::vector<KeptRow> rows = {
      {Text("0012"),
       Integer("-12"),
       Decimal("0.1"),
       Day("2024-02-29"),
       {CellKind::kDateTime, "2024-03-31T12:34:56"},
       time,
       truth},
      {Text("=1+1"),
       Integer("123456789012345"),
       Decimal("-1234567.891"),
       Day("1900-03-01"),
       {CellKind::kDateTime, "1999-12-31T23:59:59"},
       time,
       {CellKind::kBool, "false"}},
      {{}, {}, Decimal("0.0000001"), Day("9999-12-31"), {}, {}, truth}};
  const WrittenFile file(Xlsx(), Columns(7), rows);
  const json sheets = Workbook(file);
  ASSERT_EQ(sheets.size(), 1u);
  ExpectRows(sheets[0], rows);
}

TEST(LibreOffice, LeavesTextsOfAWorkbookTexts) {
  std::vector<KeptRow> rows;
  for (const std::string& text : kTexts) rows.push_back({Text(text)});
  const WrittenFile file(Xlsx(), Columns(1), rows);
  ExpectRows(Workbook(file)[0], rows);
}

TEST(LibreOffice, FindsAllRowsOfAWorkbookOfSeveralSheets) {
  constexpr int kRowsOfASheet = 1000;
  std::vector<KeptRow> rows;
  for (int i = 0; i < 2500; ++i) rows.push_back({Integer(std::to_string(i)), Text("x")});
  const WrittenFile file(Xlsx(kRowsOfASheet), Columns(2), rows);
  const json sheets = Workbook(file);
  ASSERT_EQ(sheets.size(), 3u);
  std::size_t begin = 0;
  for (const json& sheet : sheets) {
    const std::size_t count = sheet["rows"].size() - 1;
    EXPECT_EQ(sheet["rows"][0], json::parse(R"([["s","a"],["s","b"]])"));
    ASSERT_LE(begin + count, rows.size());
    ExpectRows(sheet, {rows.begin() + static_cast<std::ptrdiff_t>(begin),
                       rows.begin() + static_cast<std::ptrdiff_t>(begin + count)});
    begin += count;
  }
  EXPECT_EQ(begin, rows.size());
}

TEST(LibreOffice, FindsTextsNumbersAndDaysInCsv) {
  std::vector<KeptRow> rows;
  for (const std::string& text : kTexts)
    rows.push_back({Text(text), Decimal("-1234.5"), Day("2024-02-29")});
  const WrittenFile file(PlainCsv(), Columns(3), rows);
  const json sheets = Understood(file, absl::StrCat("csv ", file.path(), " tnd"));
  ASSERT_EQ(sheets.size(), 1u);
  ExpectRows(sheets[0], rows);
}

TEST(LibreOffice, MakesNoFormulaOfAGuardedText) {
  std::vector<KeptRow> rows;
  for (const char* text : {"=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1"})
    rows.push_back({Text(text)});
  v1::Format guarded;
  guarded.mutable_csv();
  const WrittenFile file(guarded, Columns(1), rows);
  // Read as people open it: with types that are guessed. The program fails when there is a formula.
  const json sheets = Understood(file, absl::StrCat("csv ", file.path(), " n"));
  ASSERT_EQ(sheets.size(), 1u);
  ASSERT_EQ(sheets[0]["rows"].size(), rows.size() + 1);
  for (const json& row : sheets[0]["rows"]) EXPECT_EQ(row[0][0], "s") << row;
}

}  // namespace
}  // namespace relais::exports
