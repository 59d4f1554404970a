#include "server/services/exports/format/ndjson_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

std::string LineOf(const KeptRow& row, bool numbers_as_numbers = false) {
  v1::Format format;
  format.mutable_ndjson()->set_numbers_as_numbers(numbers_as_numbers);
  return WrittenFile(format, Columns(row.size()), {row}).Content();
}

TEST(NdjsonWriterTest, WritesAnObjectALine) {
  v1::Format format;
  format.mutable_ndjson();
  std::vector<FileColumn> columns = Columns(2);
  columns[1].column.set_header("the \"b\"");
  EXPECT_EQ(WrittenFile(format, columns, {{Text("x"), {}}, {Text(""), {CellKind::kBool, "true"}}})
                .Content(),
            "{\"a\":\"x\",\"the \\\"b\\\"\":null}\n{\"a\":\"\",\"the \\\"b\\\"\":true}\n");
  EXPECT_EQ(WrittenFile(format, columns, {}).Content(), "");
}

TEST(NdjsonWriterTest, WritesNumbersThatEveryReaderHasExactly) {
  EXPECT_EQ(LineOf({Integer("9007199254740992"), Integer("-9007199254740992")}),
            "{\"a\":9007199254740992,\"b\":-9007199254740992}\n");
  EXPECT_EQ(LineOf({Integer("9007199254740993"), Decimal("1.50")}),
            "{\"a\":\"9007199254740993\",\"b\":\"1.50\"}\n");
  EXPECT_EQ(LineOf({Integer("99999999999999999999999"), Decimal("-.50")}, true),
            "{\"a\":99999999999999999999999,\"b\":-0.50}\n");
  EXPECT_EQ(LineOf({Integer("007"), Integer("-0")}), "{\"a\":7,\"b\":0}\n") << "JSON knows no 007";
}

TEST(NdjsonWriterTest, EscapesWhatLinesAndScriptsWouldBreakAt) {
  EXPECT_EQ(LineOf({Text("\"\\\n\r\t\x01\x7F"), Text("\u2028\u2029é😀")}),
            "{\"a\":\"\\\"\\\\\\n\\r\\t\\u0001\x7F\",\"b\":\"\\u2028\\u2029é😀\"}\n");
  EXPECT_EQ(LineOf({Text(std::string("x\0y", 3)), Text("\xED\xA0\x80")}),
            "{\"a\":\"x\\u0000y\",\"b\":\"\uFFFD\uFFFD\uFFFD\"}\n");
}

}  // namespace
}  // namespace relais::exports
