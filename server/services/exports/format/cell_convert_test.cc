#include "server/services/exports/format/cell_convert.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "server/services/exports/format/decimal_text.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using gateway::CellKind;

// What a column makes of a cell; none when it is refused.
std::optional<std::string> Shown(const FileColumn& column, const Kept& cell) {
  CellConverter converter({column}, Paris());
  FileCell to;
  if (!converter.Convert(0, {cell.kind, cell.text}, to)) return std::nullopt;
  return std::string(to.text);
}

std::optional<std::string> As(v1::Column::Type type, const Kept& cell) {
  return Shown(ColumnNamed("c", type), cell);
}

std::string Rounded(std::string_view text, int scale) {
  FileColumn column = ColumnNamed("c", v1::Column::TYPE_DECIMAL);
  column.column.set_scale(scale);
  return Shown(column, Decimal(text)).value_or("refused");
}

std::string Timed(const std::string& format, CellKind kind, std::string_view text) {
  FileColumn column = ColumnNamed("c");
  column.column.set_format(format);
  return Shown(column, {kind, std::string(text)}).value_or("refused");
}

TEST(CellConvertTest, KeepsLeadingZerosOfTexts) {
  EXPECT_EQ(As(v1::Column::TYPE_TEXT, Integer("007")), "007");
  EXPECT_EQ(As(v1::Column::TYPE_UNSPECIFIED, Text("007")), "007");
  EXPECT_EQ(As(v1::Column::TYPE_INTEGER, Text("007")), "7");
}

TEST(CellConvertTest, TakesNumbersThatAreWhatTheColumnSays) {
  EXPECT_EQ(As(v1::Column::TYPE_INTEGER, Text("-12")), "-12");
  EXPECT_EQ(As(v1::Column::TYPE_INTEGER, Decimal("12.00")), "12");
  EXPECT_EQ(As(v1::Column::TYPE_INTEGER, Text("-0")), "0");
  EXPECT_EQ(As(v1::Column::TYPE_DECIMAL, Text(".5")), "0.5");
  EXPECT_EQ(As(v1::Column::TYPE_DECIMAL, Integer("3")), "3");
  for (const std::string text : {"12.5", "x", "", " 1", "1e3", "+1", "1,5", "--1", "-", ".", "0x1"})
    EXPECT_EQ(As(v1::Column::TYPE_INTEGER, Text(text)), std::nullopt) << text;
  EXPECT_EQ(As(v1::Column::TYPE_DECIMAL, Text("1.2.3")), std::nullopt);
  EXPECT_EQ(As(v1::Column::TYPE_DECIMAL, {CellKind::kBool, "true"}), std::nullopt);
  EXPECT_EQ(As(v1::Column::TYPE_UNSPECIFIED, Integer("1}")), std::nullopt);
}

TEST(CellConvertTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Rounded("1.005", 2), "1.01");
  EXPECT_EQ(Rounded("-1.005", 2), "-1.01");
  EXPECT_EQ(Rounded("1.0049999999999999999", 2), "1.00");
  EXPECT_EQ(Rounded("9.995", 2), "10.00");
  EXPECT_EQ(Rounded("99.5", 0), "100");
  EXPECT_EQ(Rounded("0.5", 0), "1");
  EXPECT_EQ(Rounded("-0.5", 0), "-1");
  EXPECT_EQ(Rounded("-0.004", 2), "0.00");
  EXPECT_EQ(Rounded("12", 2), "12.00");
  EXPECT_EQ(Rounded("12345678901234567890.12345", 4), "12345678901234567890.1235");
}

TEST(CellConvertTest, ShowsTimesByTheirFormat) {
  EXPECT_EQ(Timed("", CellKind::kDate, "2024-03-31"), "2024-03-31");
  EXPECT_EQ(Timed("%d/%m/%Y", CellKind::kDate, "2024-03-31"), "31/03/2024");
  EXPECT_EQ(Timed("%e %B %Y %%", CellKind::kDate, "2024-03-01"), " 1 March 2024 %");
  EXPECT_EQ(Timed("%H:%M", CellKind::kTime, "23:59:58.5"), "23:59");
  EXPECT_EQ(Timed("%H:%M:%E3S", CellKind::kTime, "23:59:58.5"), "23:59:58.500");
  EXPECT_EQ(Timed("", CellKind::kDateTime, "2024-03-31T02:30:00"), "2024-03-31T02:30:00")
      << "an hour that Paris does not have that day";
  EXPECT_EQ(Timed("%d.%m.%y %T", CellKind::kDateTime, "2024-03-31 02:30:00.999"),
            "31.03.24 02:30:00");
  EXPECT_EQ(Timed("%d", CellKind::kTime, "23:59:58"), "refused") << "a time of day has no day";
}

TEST(CellConvertTest, ShowsInstantsInTheZoneOfTheExport) {
  EXPECT_EQ(Timed("", CellKind::kInstant, "2024-03-31T00:59:59Z"), "2024-03-31T01:59:59");
  EXPECT_EQ(Timed("", CellKind::kInstant, "2024-03-31T01:00:00Z"), "2024-03-31T03:00:00");
  EXPECT_EQ(Timed("%F %T%Ez", CellKind::kInstant, "2024-12-31T23:30:00Z"),
            "2025-01-01 00:30:00+01:00");
  EXPECT_EQ(As(v1::Column::TYPE_DATE, {CellKind::kInstant, "2024-12-31T23:30:00Z"}), "2025-01-01");
  EXPECT_EQ(As(v1::Column::TYPE_TEXT, {CellKind::kInstant, "2024-12-31T23:30:00Z"}),
            "2025-01-01T00:30:00");
  EXPECT_EQ(Timed("%T%Ez", CellKind::kDateTime, "2024-12-31T23:30:00"), "refused");
}

TEST(CellConvertTest, TakesWhatATimeHasOfAnother) {
  EXPECT_EQ(As(v1::Column::TYPE_DATE, {CellKind::kDateTime, "2024-03-31T10:00:00"}), "2024-03-31");
  EXPECT_EQ(As(v1::Column::TYPE_TIME, {CellKind::kDateTime, "2024-03-31T10:00:00"}), "10:00:00");
  EXPECT_EQ(As(v1::Column::TYPE_DATE_TIME, Text("2024-03-31")), "2024-03-31T00:00:00");
  for (const std::string text :
       {"2024-02-30", "2023-02-29", "31/03/2024", "2024-3-31", "2024-03-31T24:00:00", "2024-03-31T",
        "2024-03-31x", "0000-01-01", "2024-00-10", "", "10:00:00"})
    EXPECT_EQ(As(v1::Column::TYPE_DATE, Text(text)), std::nullopt) << text;
  EXPECT_EQ(As(v1::Column::TYPE_TIME, Text("2024-03-31")), std::nullopt);
  EXPECT_EQ(As(v1::Column::TYPE_DATE, Integer("20240331")), std::nullopt);
}

TEST(CellConvertTest, ReadsBools) {
  EXPECT_EQ(As(v1::Column::TYPE_BOOL, Text("true")), "true");
  EXPECT_EQ(As(v1::Column::TYPE_BOOL, Integer("0")), "false");
  EXPECT_EQ(As(v1::Column::TYPE_BOOL, Text("yes")), std::nullopt);
}

TEST(CellConvertTest, MasksWhateverThereIs) {
  FileColumn column = ColumnNamed("c", v1::Column::TYPE_INTEGER);
  column.column.set_masked(true);
  for (const Kept& cell : {Kept(), Integer("1"), Text("no number")})
    EXPECT_EQ(Shown(column, cell), "***");
}

TEST(CellConvertTest, NamesColumnRowAndTypeButNeverTheValue) {
  std::vector<FileColumn> columns = {ColumnNamed("ok"), ColumnNamed("f", v1::Column::TYPE_DATE)};
  columns[1].column.set_header("Birthday");
  v1::Format format;
  const WrittenFile file(format, columns, {{Text("x"), {}}, {Text("x"), Text("hush")}});
  EXPECT_EQ(file.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(HasReason(file.status(), Reason::kPreconditionFailed));
  EXPECT_EQ(
      std::string(file.status().message()),
      "The value of column \"Birthday\" in row 2 is not a day, which the column is declared to "
      "have.");
}

TEST(CellConvertTest, KnowsWhatADoubleHolds) {
  for (const std::string text :
       {"0", "0.1", "-123456789012345", "0.00000123456789012345", "12345678.9012345"})
    EXPECT_TRUE(FitsDouble(text)) << text;
  for (const std::string text : {"1234567890123456", "0.1234567890123456", "-1000000000000000"})
    EXPECT_FALSE(FitsDouble(text)) << text;
}

}  // namespace
}  // namespace relais::exports
