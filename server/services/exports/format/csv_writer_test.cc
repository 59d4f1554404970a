#include "server/services/exports/format/csv_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

v1::Format Csv(std::string_view delimiter = "") {
  v1::Format format;
  format.mutable_csv()->set_delimiter(std::string(delimiter));
  return format;
}

std::string CsvOf(const v1::Format& format, const std::vector<KeptRow>& rows) {
  return WrittenFile(format, Columns(rows[0].size()), rows).Content();
}

TEST(CsvWriterTest, WritesTitlesThenRowsWithCrLf) {
  EXPECT_EQ(CsvOf(Csv(), {{Text("x"), Integer("1")}, {Text("y"), Decimal("-2.50")}}),
            "a,b\r\nx,1\r\ny,-2.50\r\n");
  v1::Format format = Csv();
  format.mutable_csv()->set_no_header(true);
  format.mutable_csv()->set_newline(v1::Csv::NEWLINE_LF);
  EXPECT_EQ(CsvOf(format, {{Text("x"), Integer("1")}}), "x,1\n");
}

TEST(CsvWriterTest, KnowsFourDelimitersAndQuotesTheOneInUse) {
  for (const std::string delimiter : {",", ";", "|", "\t"}) {
    EXPECT_EQ(CsvOf(Csv(delimiter), {{Text("1,2;3|4\t5"), Text("x")}}),
              "a" + delimiter + "b\r\n\"1,2;3|4\t5\"" + delimiter + "x\r\n");
    EXPECT_EQ(CsvOf(Csv(delimiter), {{Text("a: b"), Text("x")}}),
              "a" + delimiter + "b\r\na: b" + delimiter + "x\r\n");
  }
}

TEST(CsvWriterTest, DoublesQuotesAndKeepsLineBreaks) {
  EXPECT_EQ(CsvOf(Csv(), {{Text("say \"hi\""), Text("one\r\ntwo")}}),
            "a,b\r\n\"say \"\"hi\"\"\",\"one\r\ntwo\"\r\n");
}

TEST(CsvWriterTest, QuotesWhatItIsToldTo) {
  v1::Format format = Csv();
  format.mutable_csv()->set_no_header(true);
  const std::vector<KeptRow> rows = {{Text("x"), Integer("1"), {}, {CellKind::kBool, "true"}}};
  EXPECT_EQ(CsvOf(format, rows), "x,1,,true\r\n");
  format.mutable_csv()->set_quoting(v1::Csv::QUOTING_TEXT);
  EXPECT_EQ(CsvOf(format, rows), "\"x\",1,,true\r\n");
  format.mutable_csv()->set_quoting(v1::Csv::QUOTING_ALL);
  EXPECT_EQ(CsvOf(format, rows), "\"x\",\"1\",,\"true\"\r\n");
}

TEST(CsvWriterTest, TellsNoValueFromAnEmptyText) {
  v1::Format format = Csv();
  format.mutable_csv()->set_no_header(true);
  EXPECT_EQ(CsvOf(format, {{{}, Text(""), Text("x")}}), ",\"\",x\r\n");
  EXPECT_EQ(CsvOf(format, {{{}}}), "\"\"\r\n") << "an empty line is no row to many readers";
  format.mutable_csv()->set_null_text("NULL");
  EXPECT_EQ(CsvOf(format, {{{}, Text(""), Text("NULL")}}), "NULL,\"\",\"NULL\"\r\n");
}

TEST(CsvWriterTest, WritesADecimalCommaOfNumbersOnly) {
  v1::Format format = Csv();
  format.mutable_csv()->set_no_header(true);
  format.mutable_csv()->set_decimal_comma(true);
  const std::vector<KeptRow> rows = {{Decimal("-1.5"), Text("1.5"), Integer("7"), Decimal("2")}};
  EXPECT_EQ(CsvOf(format, rows), "\"-1,5\",1.5,7,2\r\n");
  format.mutable_csv()->set_delimiter(";");
  EXPECT_EQ(CsvOf(format, rows), "-1,5;1.5;7;2\r\n");
}

TEST(CsvWriterTest, PutsAByteOrderMarkFirst) {
  v1::Format format = Csv();
  format.mutable_csv()->set_encoding(v1::Csv::ENCODING_UTF8_BOM);
  EXPECT_EQ(CsvOf(format, {{Text("é")}}),
            "\xEF\xBB\xBF"
            "a\r\né\r\n");
}

TEST(CsvWriterTest, WritesWindows1252) {
  v1::Format format = Csv();
  format.mutable_csv()->set_encoding(v1::Csv::ENCODING_WINDOWS_1252);
  EXPECT_EQ(CsvOf(format, {{Text("é€Ÿ“x”")}}), "a\r\n\xE9\x80\x9F\x93x\x94\r\n");
}

TEST(CsvWriterTest, FailsOrReplacesWhatWindows1252HasNot) {
  v1::Format format = Csv();
  format.mutable_csv()->set_encoding(v1::Csv::ENCODING_WINDOWS_1252);
  for (const std::string secret : {"x\u0081y", "Łódź", "😀"}) {
    const WrittenFile file(format, Columns(2), {{Text("x"), Text("x")}, {Text("x"), Text(secret)}});
    EXPECT_EQ(file.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(HasReason(file.status(), Reason::kPreconditionFailed));
    const std::string message(file.status().message());
    EXPECT_NE(message.find("column \"b\" in row 2 has the character U+"), message.npos) << message;
    EXPECT_EQ(message.find(secret), message.npos) << message;
  }
  format.mutable_csv()->set_unencodable(v1::Csv::UNENCODABLE_REPLACE);
  EXPECT_EQ(CsvOf(format, {{Text("Łódź 😀")}}),
            "a\r\n?\xF3"
            "d? ?\r\n");
}

TEST(CsvWriterTest, ReplacesBytesThatAreNoUtf8AndNuls) {
  EXPECT_EQ(CsvOf(Csv(), {{Text("a\xFF"
                                "b\xC3"),
                           Text(std::string("x\0y", 3))}}),
            "a,b\r\na\uFFFDb\uFFFD,x\uFFFDy\r\n");
}

TEST(CsvWriterTest, GuardsTextsOnly) {
  v1::Format format = Csv();
  format.mutable_csv()->set_no_header(true);
  EXPECT_EQ(CsvOf(format, {{Integer("-1"), Decimal("-1.5"), Text("-1"), Text("a=b")}}),
            "-1,-1.5,'-1,a=b\r\n");
  std::vector<FileColumn> columns = {ColumnNamed("=cmd")};
  columns.push_back(ColumnNamed("n", v1::Column::TYPE_INTEGER));
  const WrittenFile file(Csv(), columns, {{Text("x"), Text("-7")}});
  EXPECT_EQ(file.Content(), "'=cmd,n\r\nx,-7\r\n")
      << "a title is a text; a number in a text is not";
}

TEST(CsvWriterTest, LetsNoFormulaThrough) {
  std::vector<std::string> payloads;
  const std::vector<std::string> prefixes = {"=",  "+",  "-",  "@",  "\t", "\r",
                                             "\n", "＝", "＋", "－", "＠", "\r\n"};
  const std::vector<std::string> bodies = {"1+1",
                                           "cmd|' /C calc'!A0",
                                           "HYPERLINK(\"x\",\"y\")",
                                           "A1",
                                           "SUM(1,2)",
                                           "\"\"",
                                           "",
                                           "é",
                                           ";x",
                                           "\n=1",
                                           "=",
                                           "😀",
                                           "\t=1",
                                           "' x"};
  for (const std::string& prefix : prefixes)
    for (const std::string& body : bodies)
      for (const std::string tail : {"", ",x", "\"q\""}) payloads.push_back(prefix + body + tail);
  ASSERT_GE(payloads.size(), 500u);
  std::vector<KeptRow> rows;
  for (const std::string& payload : payloads) rows.push_back({Text(payload), Text("x")});
  v1::Format format = Csv();
  const auto guarded =
      nlohmann::json::parse(WrittenFile(format, Columns(2), rows).Read("csv", ", utf-8"));
  format.mutable_csv()->set_formula_guard(v1::Csv::FORMULA_GUARD_OFF);
  const auto plain =
      nlohmann::json::parse(WrittenFile(format, Columns(2), rows).Read("csv", ", utf-8"));
  ASSERT_EQ(guarded.size(), payloads.size() + 1);
  ASSERT_EQ(plain.size(), payloads.size() + 1);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    EXPECT_EQ(guarded[i + 1][0], "'" + payloads[i]);
    EXPECT_EQ(plain[i + 1][0], payloads[i]);
  }
}

}  // namespace
}  // namespace relais::exports
