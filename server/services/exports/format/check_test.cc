#include "server/services/exports/format/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "tests/support/written_file.h"

namespace relais::exports {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> FieldsOf(const Violations& violations) {
  std::vector<std::string> fields;
  if (violations.empty()) return fields;
  for (const Violation& violation : DetailsOf(violations.ToStatus()).violations)
    fields.push_back(violation.field);
  return fields;
}

std::vector<std::string> FormatViolations(const v1::Format& format) {
  Violations violations;
  CheckFormat(format, violations);
  return FieldsOf(violations);
}

std::vector<std::string> ColumnViolations(const v1::Format& format,
                                          const std::function<void(v1::Column&)>& change) {
  google::protobuf::RepeatedPtrField<v1::Column> columns;
  columns.Add()->set_field("first");
  columns.Add()->set_field("second");
  change(columns[1]);
  Violations violations;
  CheckColumns(columns, format, violations);
  return FieldsOf(violations);
}

std::vector<std::string> TimeFormatViolations(v1::Column::Type type, const std::string& format) {
  return ColumnViolations({}, [&](v1::Column& column) {
    column.set_type(type);
    column.set_format(format);
  });
}

TEST(FormatCheckTest, TakesDefaultsAndWhatTheProtoAllows) {
  v1::Format format;
  EXPECT_THAT(FormatViolations(format), IsEmpty());
  for (const std::string delimiter : {",", ";", "|", "\t"}) {
    format.mutable_csv()->set_delimiter(delimiter);
    EXPECT_THAT(FormatViolations(format), IsEmpty());
  }
  format.mutable_csv()->set_null_text("(none)");
  format.set_gzip(true);
  EXPECT_THAT(FormatViolations(format), IsEmpty());
  format.mutable_ndjson();
  EXPECT_THAT(FormatViolations(format), IsEmpty());
  format.mutable_xlsx()->set_sheet_name("abcdefghijklmnopqrstuvwxyzß");
  format.set_gzip(false);
  EXPECT_THAT(FormatViolations(format), IsEmpty());
}

TEST(FormatCheckTest, TellsEverythingThatIsWrongWithCsv) {
  v1::Format format;
  format.mutable_csv()->set_delimiter(",,");
  format.mutable_csv()->set_null_text("a\"b");
  format.mutable_csv()->set_quoting(static_cast<v1::Csv::Quoting>(17));
  EXPECT_THAT(FormatViolations(format),
              ElementsAre("format.csv.delimiter", "format.csv.quoting", "format.csv.null_text"));
  format.mutable_csv()->Clear();
  format.mutable_csv()->set_encoding(v1::Csv::ENCODING_WINDOWS_1252);
  format.mutable_csv()->set_null_text("∅");
  EXPECT_THAT(FormatViolations(format), ElementsAre("format.csv.null_text"));
}

TEST(FormatCheckTest, TellsEverythingThatIsWrongWithXlsx) {
  v1::Format format;
  format.set_gzip(true);
  format.mutable_xlsx()->set_rows_per_sheet(1048576);
  for (const std::string name :
       {"abcdefghijklmnopqrstuvwxyz12", "a/b", "'a", "a'", "HISTORY", "a\nb", "[a", "a?"}) {
    format.mutable_xlsx()->set_sheet_name(name);
    EXPECT_THAT(FormatViolations(format),
                ElementsAre("format.xlsx.sheet_name", "format.xlsx.rows_per_sheet", "format.gzip"))
        << name;
  }
}

TEST(FormatCheckTest, TellsWhatIsWrongWithColumns) {
  const auto check = [](const std::function<void(v1::Column&)>& change) {
    return ColumnViolations({}, change);
  };
  EXPECT_THAT(check([](v1::Column&) {}), IsEmpty());
  EXPECT_THAT(check([](v1::Column& c) { c.clear_field(); }), ElementsAre("columns[1].field"));
  EXPECT_THAT(check([](v1::Column& c) { c.set_header("a\nb"); }), ElementsAre("columns[1].header"));
  EXPECT_THAT(check([](v1::Column& c) { c.set_scale(2); }), ElementsAre("columns[1].scale"));
  EXPECT_THAT(check([](v1::Column& c) {
                c.set_type(v1::Column::TYPE_DECIMAL);
                c.set_scale(19);
                c.set_width(0.5);
              }),
              ElementsAre("columns[1].scale", "columns[1].width"));
  EXPECT_THAT(check([](v1::Column& c) { c.set_width(std::numeric_limits<double>::quiet_NaN()); }),
              ElementsAre("columns[1].width"));
  EXPECT_THAT(check([](v1::Column& c) { c.set_type(static_cast<v1::Column::Type>(99)); }),
              ElementsAre("columns[1].type"));
}

TEST(FormatCheckTest, TakesOnlyHarmlessTimeFormats) {
  for (const std::string format : {"%d/%m/%Y", "%Y年%m月%d日", "%e %b %y (%a)", "%G-W%V", "%F"})
    EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_DATE, format), IsEmpty()) << format;
  EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_DATE_TIME, "%F %R:%E3S %Ez %%"), IsEmpty());
  for (const std::string format :
       {"%H", "%c", "%", "%Y%", "%n", "=%Y", "＝%Y", "plain", "%Q", "%Y\n", "%E", "%z"})
    EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_DATE, format),
                ElementsAre("columns[1].format"))
        << format;
  EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_TIME, "%d"), ElementsAre("columns[1].format"));
  EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_TEXT, "%d"), ElementsAre("columns[1].format"));
  EXPECT_THAT(TimeFormatViolations(v1::Column::TYPE_DATE, std::string(65, 'x') + "%d"),
              ElementsAre("columns[1].format"));
}

TEST(FormatCheckTest, RefusesTitlesThatTheFormatCannotHave) {
  v1::Format format;
  const auto same = [](v1::Column& column) { column.set_header("first"); };
  EXPECT_THAT(ColumnViolations(format, same), IsEmpty());
  format.mutable_ndjson();
  EXPECT_THAT(ColumnViolations(format, same), ElementsAre("columns[1].header"));
  format.mutable_csv()->set_encoding(v1::Csv::ENCODING_WINDOWS_1252);
  const auto polish = [](v1::Column& column) { column.set_header("Łódź"); };
  EXPECT_THAT(ColumnViolations(format, polish), ElementsAre("columns[1].header"));
  format.mutable_csv()->set_no_header(true);
  EXPECT_THAT(ColumnViolations(format, polish), IsEmpty());
}

TEST(FormatCheckTest, MakesNoFileForWhatIsNotValid) {
  v1::Format format;
  format.mutable_csv()->set_delimiter("x");
  const WrittenFile file(format, {ColumnNamed("")}, {});
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailsOf(file.status()).violations.size(), 2u);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  EXPECT_EQ(WrittenFile({}, {}, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace relais::exports
