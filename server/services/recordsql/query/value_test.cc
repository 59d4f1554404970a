#include "server/services/recordsql/query/value.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <random>

#include "server/core/base/text/text.h"
#include "tests/support/sql_text.h"

namespace relais::recordsql {
namespace {

v1::Value ValueOf(const std::string& text) {
  v1::Value value;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &value)) << text;
  return value;
}

v1::Value TextValue(std::string text) {
  v1::Value value;
  value.set_string_value(std::move(text));
  return value;
}

std::string Outcome(const absl::StatusOr<std::string>& result) {
  return result.ok() ? *result : "refused: " + std::string(result.status().message());
}

std::string Upstream(const std::string& text) { return Outcome(UpstreamText(ValueOf(text))); }

std::string Literal(const std::string& text, v1::ValueType type = v1::VALUE_TYPE_UNSPECIFIED) {
  return Outcome(SqlLiteral(ValueOf(text), type));
}

TEST(UpstreamText, IsTheUpstreamsOwnNotation) {
  EXPECT_EQ(Upstream("string_value: 'L\\'Haÿ; 1=1'"), "L'Haÿ; 1=1");
  EXPECT_EQ(Upstream("string_value: ''"), "");
  EXPECT_EQ(Upstream("integer_value: -9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Upstream("decimal_value: '-12.50'"), "-12.50");
  EXPECT_EQ(Upstream("date_value { year: 2024 month: 2 day: 29 }"), "20240229");
  EXPECT_EQ(Upstream("date_value { year: 1 month: 1 day: 1 }"), "00010101");
  EXPECT_EQ(
      Upstream("date_time_value { year: 2019 month: 11 day: 19 hours: 14 minutes: 40 seconds: 5 }"),
      "20191119144005");
  EXPECT_EQ(Upstream("time_value { hours: 23 minutes: 59 seconds: 59 }"), "235959");
  EXPECT_EQ(Upstream("time_value { }"), "000000");
  EXPECT_EQ(Upstream("bool_value: true"), "1");
  EXPECT_EQ(Upstream("bool_value: false"), "0");
}

TEST(UpstreamText, RefusesWhatIsNoSuchValue) {
  for (const char* date :
       {"year: 2023 month: 2 day: 29", "year: 2024 month: 6 day: 31", "year: 2024 month: 13 day: 1",
        "year: 2024 month: 1 day: 0", "year: 2024 month: 0 day: 1", "year: 0 month: 1 day: 1",
        "year: 10000 month: 1 day: 1", "year: -5 month: 1 day: 1", "year: 1900 month: 2 day: 29",
        "year: 2147483647 month: 2147483647 day: 1"}) {
    EXPECT_EQ(Upstream("date_value { " + std::string(date) + " }"),
              "refused: not a day of the calendar");
  }
  for (const char* time : {"hours: 24", "minutes: 60", "seconds: 60", "nanos: 1", "hours: -1"}) {
    EXPECT_EQ(Upstream("time_value { " + std::string(time) + " }"),
              "refused: not a time of day in whole seconds");
    EXPECT_EQ(Upstream("date_time_value { year: 2024 month: 1 day: 1 " + std::string(time) + " }"),
              "refused: not a day and time of day in whole seconds");
  }
  EXPECT_EQ(Upstream("date_time_value { year: 2024 month: 1 day: 1 utc_offset { } }"),
            "refused: must have no zone: the ERP's times are local");
  EXPECT_EQ(Upstream("null_value: NULL_VALUE"), "refused: must not be null; use OPERATOR_IS_NULL");
  EXPECT_EQ(Upstream(""), "refused: is missing");
  EXPECT_EQ(Outcome(UpstreamText(TextValue(std::string("a\0b", 3)))),
            "refused: must not contain control characters");
  EXPECT_FALSE(UpstreamText(TextValue("a\nb")).ok());
  EXPECT_FALSE(UpstreamText(TextValue("a\x7f")).ok());
}

TEST(Decimal, IsDigitsWithAnOptionalSignAndFraction) {
  for (const char* text : {"0", "-0", "12", "12.50", "-12.5", "007"})
    EXPECT_TRUE(IsDecimal(text)) << text;
  EXPECT_TRUE(IsDecimal(std::string(38, '9') + "." + std::string(38, '9')));
  for (const char* text :
       {"", "-", ".", "1.", ".5", "+1", "1e3", "1,5", " 1", "1 ", "--1", "1-1", "0x1", "NaN"}) {
    EXPECT_FALSE(IsDecimal(text)) << text;
  }
  EXPECT_FALSE(IsDecimal(std::string(39, '9')));
  EXPECT_FALSE(IsDecimal("0." + std::string(39, '9')));
}

TEST(ParameterText, RefusesTheSeparatorThatCannotBeEscaped) {
  EXPECT_EQ(Outcome(ParameterText(TextValue("a=b"), v1::VALUE_TYPE_STRING)), "a=b");
  EXPECT_EQ(Outcome(ParameterText(TextValue("it's"), v1::VALUE_TYPE_STRING)), "it's");
  EXPECT_EQ(Outcome(ParameterText(TextValue("a;b"), v1::VALUE_TYPE_STRING)),
            "refused: must not contain \";\", which the upstream cannot tell from a separator");
  EXPECT_FALSE(ParameterText(TextValue(";"), v1::VALUE_TYPE_UNSPECIFIED).ok());
}

TEST(ParameterText, SuitsTheDeclaredType) {
  const auto text = [](const std::string& value, v1::ValueType type) {
    return Outcome(ParameterText(ValueOf(value), type));
  };
  EXPECT_EQ(text("string_value: '20240131'", v1::VALUE_TYPE_DATE), "20240131");
  EXPECT_EQ(text("string_value: '2024-01-31'", v1::VALUE_TYPE_DATE),
            "refused: must be a date_value, or text in the form YYYYMMDD");
  EXPECT_EQ(text("integer_value: 20240131", v1::VALUE_TYPE_DATE),
            "refused: must be a date_value, or text in the form YYYYMMDD");
  EXPECT_EQ(text("date_value { year: 2024 month: 1 day: 31 }", v1::VALUE_TYPE_INTEGER),
            "refused: must be a whole number");
  EXPECT_EQ(text("decimal_value: '1.5'", v1::VALUE_TYPE_INTEGER),
            "refused: must be a whole number");
  EXPECT_EQ(text("string_value: '42'", v1::VALUE_TYPE_INTEGER), "42");
  EXPECT_EQ(text("string_value: 'x'", v1::VALUE_TYPE_DECIMAL), "refused: must be a number");
  EXPECT_EQ(text("bool_value: true", v1::VALUE_TYPE_BOOL), "1");
  EXPECT_EQ(text("integer_value: 2", v1::VALUE_TYPE_BOOL), "refused: must be a bool_value");
  EXPECT_EQ(text("string_value: '120000'", v1::VALUE_TYPE_TIME), "120000");
  EXPECT_EQ(text("string_value: '12:00'", v1::VALUE_TYPE_TIME),
            "refused: must be a time_value, or text in the form HHMMSS");
  EXPECT_EQ(text("string_value: '20240131120000'", v1::VALUE_TYPE_DATE_TIME), "20240131120000");
  EXPECT_EQ(text("date_value { year: 2024 month: 1 day: 31 }", v1::VALUE_TYPE_DATE_TIME),
            "refused: must be a date_time_value, or text in the form YYYYMMDDHHMMSS");
}

TEST(SqlLiteral, QuotesEverythingButNumbers) {
  EXPECT_EQ(Literal("string_value: \"L'Haÿ\""), "'L''Haÿ'");
  EXPECT_EQ(Literal("string_value: \"''\""), "''''''");
  EXPECT_EQ(Literal("string_value: ''"), "''");
  EXPECT_EQ(Literal("integer_value: -7"), "-7");
  EXPECT_EQ(Literal("decimal_value: '1.50'"), "1.50");
  EXPECT_EQ(Literal("bool_value: true"), "1");
  EXPECT_EQ(Literal("date_value { year: 2024 month: 2 day: 29 }"), "'20240229'");
  EXPECT_EQ(Literal("time_value { hours: 1 }"), "'010000'");
}

TEST(SqlLiteral, FollowsTheTypeOfTheColumn) {
  EXPECT_EQ(Literal("integer_value: 67000", v1::VALUE_TYPE_STRING), "'67000'");
  EXPECT_EQ(Literal("string_value: '42'", v1::VALUE_TYPE_INTEGER), "42");
  EXPECT_EQ(Literal("string_value: '4.2'", v1::VALUE_TYPE_DECIMAL), "4.2");
  EXPECT_EQ(Literal("string_value: '1 OR 1=1'", v1::VALUE_TYPE_INTEGER),
            "refused: must be a whole number");
}

TEST(SqlLiteral, HoldsAnyTextInsideItsQuotes) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same texts every time
  const std::string alphabet = "'';-/*\"\\\x01\n%_=() orORx1\xc3\xa9";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t size = random() % 12; text.size() < size;)
      text += alphabet[random() % alphabet.size()];
    for (const v1::ValueType type : {v1::VALUE_TYPE_UNSPECIFIED, v1::VALUE_TYPE_STRING,
                                     v1::VALUE_TYPE_INTEGER, v1::VALUE_TYPE_DATE}) {
      const auto literal = SqlLiteral(TextValue(text), type);
      if (!literal.ok()) continue;
      const SqlText sql = SplitSql(*literal);
      if (sql.skeleton == "?") {
        EXPECT_TRUE(sql.closed);
        ASSERT_EQ(sql.literals[0], text);
      } else {
        ASSERT_TRUE(IsDecimal(text)) << text;
        ASSERT_EQ(*literal, text);
      }
      EXPECT_FALSE(HasControl(*literal));
    }
  }
}

}  // namespace
}  // namespace relais::recordsql
