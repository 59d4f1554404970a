#include "server/services/recordsql/api/export_rows.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relais/recordsql/v1/recordsql.pb.h"

namespace relais::recordsql {
namespace {

using gateway::CellKind;

v1::StreamRecordsResponse Response(const std::string& text) {
  v1::StreamRecordsResponse response;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &response)) << text;
  return response;
}

struct Decoded {
  absl::Status status;
  std::vector<gateway::SourceColumn> columns;
  std::vector<std::string> cells;  // "KIND text"
  std::string resume_token;
};

Decoded DecodeRows(const std::string& wire, std::vector<gateway::SourceColumn> columns = {}) {
  Decoded decoded;
  decoded.columns = std::move(columns);
  gateway::CellBlock block;
  decoded.status = DecodeExportRows(wire, decoded.columns, block, decoded.resume_token);
  for (std::size_t row = 0; row < block.rows(); ++row) {
    for (std::size_t column = 0; column < block.columns(); ++column) {
      const gateway::Cell& cell = block.at(row, column);
      decoded.cells.push_back(
          absl::StrCat(static_cast<int>(cell.kind), " ", std::string(cell.text)));
    }
  }
  return decoded;
}

std::string Is(CellKind kind, const std::string& text) {
  return absl::StrCat(static_cast<int>(kind), " ", text);
}

TEST(RowsForExports, HaveACellForEveryKindOfValue) {
  const v1::StreamRecordsResponse response = Response(R"(
    columns { name: "A" type: VALUE_TYPE_STRING } columns { name: "B" type: VALUE_TYPE_INTEGER }
    rows { values { string_value: "é" } values { integer_value: -9223372036854775808 } }
    rows { values { null_value: NULL_VALUE } values { bool_value: true } }
    rows { values { bool_value: false } values { decimal_value: "-12.50" } }
    rows { values { date_value { year: 2024 month: 2 day: 29 } }
           values { time_value { hours: 3 nanos: 120000000 } } }
    rows { values { date_time_value { year: 999 month: 12 day: 31 hours: 23 minutes: 59 seconds: 58 } }
           values { string_value: "" } }
    resume_token: "t")");
  const Decoded decoded = DecodeRows(response.SerializeAsString());
  ASSERT_TRUE(decoded.status.ok()) << decoded.status;
  ASSERT_EQ(decoded.columns.size(), 2u);
  EXPECT_EQ(decoded.columns[1].name, "B");
  EXPECT_EQ(decoded.columns[1].kind, CellKind::kInteger);
  EXPECT_EQ(decoded.resume_token, "t");
  EXPECT_EQ(decoded.cells,
            (std::vector<std::string>{
                Is(CellKind::kText, "é"), Is(CellKind::kInteger, "-9223372036854775808"),
                Is(CellKind::kNull, ""), Is(CellKind::kBool, "true"), Is(CellKind::kBool, "false"),
                Is(CellKind::kDecimal, "-12.50"), Is(CellKind::kDate, "2024-02-29"),
                Is(CellKind::kTime, "03:00:00.12"), Is(CellKind::kDateTime, "0999-12-31T23:59:58"),
                Is(CellKind::kText, "")}));
}

TEST(RowsForExports, MayStandBeforeTheirColumnsOrBringNone) {
  const std::string rows = Response("rows { values { string_value: 'x' } }").SerializeAsString();
  const Decoded first = DecodeRows(rows + Response("columns { name: 'A' }").SerializeAsString());
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(first.cells, std::vector<std::string>{Is(CellKind::kText, "x")});
  const Decoded next = DecodeRows(rows, first.columns);
  ASSERT_TRUE(next.status.ok()) << next.status;
  EXPECT_EQ(next.cells, first.cells);
}

TEST(RowsForExports, AreRefusedWithMoreOrFewerValuesThanColumnsOrCutShort) {
  const std::string two =
      Response("rows { values { bool_value: true } values { bool_value: true } }")
          .SerializeAsString();
  const std::vector<gateway::SourceColumn> one(1), three(3), both(2);
  EXPECT_FALSE(DecodeRows(two, one).status.ok());
  EXPECT_FALSE(DecodeRows(two, three).status.ok());
  EXPECT_TRUE(DecodeRows(two, both).status.ok());
  for (std::size_t size = 1; size < two.size(); ++size)
    EXPECT_FALSE(DecodeRows(two.substr(0, size), both).status.ok()) << size;
}

}  // namespace
}  // namespace relais::recordsql
