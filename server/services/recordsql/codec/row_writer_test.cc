#include "server/services/recordsql/codec/row_writer.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace relais::recordsql {
namespace {

// The rows as Protobuf's own parser reads them.
v1::StreamRecordsResponse Parsed(const std::string& bytes) {
  v1::StreamRecordsResponse message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  // Nothing that Protobuf would have written otherwise.
  EXPECT_EQ(message.SerializeAsString(), bytes);
  v1::QueryRecordsResponse page;
  EXPECT_TRUE(page.ParseFromString(bytes));
  EXPECT_EQ(page.rows_size(), message.rows_size());
  return message;
}

std::string Written(const Cell& cell, v1::ValueType type) {
  std::string scratch;
  std::string bytes;
  AppendRow({cell}, {type}, scratch, bytes);
  const v1::StreamRecordsResponse message = Parsed(bytes);
  EXPECT_EQ(message.rows_size(), 1);
  EXPECT_EQ(message.rows(0).values_size(), 1);
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.PrintToString(message.rows(0).values(0), &text);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

TEST(RowWriter, WritesEveryTypeAsItsOwnKind) {
  EXPECT_EQ(Written("ALBI", v1::VALUE_TYPE_STRING), "string_value: \"ALBI\"");
  EXPECT_EQ(Written("81000", v1::VALUE_TYPE_UNSPECIFIED), "string_value: \"81000\"");
  EXPECT_EQ(Written("-42", v1::VALUE_TYPE_INTEGER), "integer_value: -42");
  EXPECT_EQ(Written("-12.50", v1::VALUE_TYPE_DECIMAL), "decimal_value: \"-12.50\"");
  EXPECT_EQ(Written("20240229", v1::VALUE_TYPE_DATE), "date_value { year: 2024 month: 2 day: 29 }");
  EXPECT_EQ(Written("20191119144005", v1::VALUE_TYPE_DATE_TIME),
            "date_time_value { year: 2019 month: 11 day: 19 hours: 14 minutes: 40 seconds: 5 }");
  EXPECT_EQ(Written("235959", v1::VALUE_TYPE_TIME),
            "time_value { hours: 23 minutes: 59 seconds: 59 }");
  EXPECT_EQ(Written("1", v1::VALUE_TYPE_BOOL), "bool_value: true");
  EXPECT_EQ(Written("0", v1::VALUE_TYPE_BOOL), "bool_value: false");
}

TEST(RowWriter, WritesTheBoundariesOfEveryType) {
  EXPECT_EQ(Written("9223372036854775807", v1::VALUE_TYPE_INTEGER),
            "integer_value: 9223372036854775807");
  EXPECT_EQ(Written("-9223372036854775808", v1::VALUE_TYPE_INTEGER),
            "integer_value: -9223372036854775808");
  EXPECT_EQ(Written("0", v1::VALUE_TYPE_INTEGER), "integer_value: 0");
  EXPECT_EQ(Written("127", v1::VALUE_TYPE_INTEGER), "integer_value: 127");
  EXPECT_EQ(Written("128", v1::VALUE_TYPE_INTEGER), "integer_value: 128");
  EXPECT_EQ(Written("00010101", v1::VALUE_TYPE_DATE), "date_value { year: 1 month: 1 day: 1 }");
  EXPECT_EQ(Written("99991231", v1::VALUE_TYPE_DATE),
            "date_value { year: 9999 month: 12 day: 31 }");
  EXPECT_EQ(Written("00010101000000", v1::VALUE_TYPE_DATE_TIME),
            "date_time_value { year: 1 month: 1 day: 1 }");
  EXPECT_EQ(Written("99991231235959", v1::VALUE_TYPE_DATE_TIME),
            "date_time_value { year: 9999 month: 12 day: 31 hours: 23 minutes: 59 seconds: 59 }");
  EXPECT_EQ(Written("000000", v1::VALUE_TYPE_TIME), "time_value { }");
  const std::string digits = std::string(38, '9') + "." + std::string(38, '9');
  EXPECT_EQ(Written(digits, v1::VALUE_TYPE_DECIMAL), "decimal_value: \"" + digits + "\"");
}

TEST(RowWriter, KeepsWhatItsTypeCannotHoldAsText) {
  const auto is_text = [](const std::string& text, v1::ValueType type) {
    EXPECT_EQ(Written(text, type), "string_value: \"" + text + "\"");
  };
  for (const char* text : {"20230229", "20240631", "20241301", "20240100", "00000101", "2024022",
                           "202402290", "2024-2-9", " 0240229", "00000000", "19000229"}) {
    is_text(text, v1::VALUE_TYPE_DATE);
  }
  for (const char* text : {"20230229000000", "20240229240000", "20240229006000", "20240229000060",
                           "20240229", "2024022900000", "00000000000000"}) {
    is_text(text, v1::VALUE_TYPE_DATE_TIME);
  }
  for (const char* text : {"240000", "006000", "000060", "00000", "0000000", "12:000"}) {
    is_text(text, v1::VALUE_TYPE_TIME);
  }
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "1.0", "+1", " 1", "1 ", "0x1", "-"}) {
    is_text(text, v1::VALUE_TYPE_INTEGER);
  }
  for (const char* text : {"1,5", "1e3", ".5", "NaN"}) is_text(text, v1::VALUE_TYPE_DECIMAL);
  for (const char* text : {"2", "true", "01"}) is_text(text, v1::VALUE_TYPE_BOOL);
}

TEST(RowWriter, TellsNullFromEmptyWhereTheUpstreamDoes) {
  EXPECT_EQ(Written(std::nullopt, v1::VALUE_TYPE_STRING), "null_value: NULL_VALUE");
  EXPECT_EQ(Written("", v1::VALUE_TYPE_STRING), "string_value: \"\"");
  EXPECT_EQ(Written("", v1::VALUE_TYPE_UNSPECIFIED), "string_value: \"\"");
  for (const v1::ValueType type :
       {v1::VALUE_TYPE_INTEGER, v1::VALUE_TYPE_DECIMAL, v1::VALUE_TYPE_DATE,
        v1::VALUE_TYPE_DATE_TIME, v1::VALUE_TYPE_TIME, v1::VALUE_TYPE_BOOL}) {
    EXPECT_EQ(Written("", type), "null_value: NULL_VALUE");
    EXPECT_EQ(Written(std::nullopt, type), "null_value: NULL_VALUE");
  }
}

TEST(RowWriter, WritesTextsAroundEveryLengthBoundary) {
  for (const std::size_t size :
       {0, 1, 120, 122, 123, 124, 125, 126, 127, 128, 16379, 16380, 16383, 16384, 70000}) {
    const std::string text(size, 'x');
    std::string scratch;
    std::string bytes;
    AppendRow({Cell(text), Cell("2")}, {v1::VALUE_TYPE_STRING, v1::VALUE_TYPE_INTEGER}, scratch,
              bytes);
    AppendRow({Cell(text), std::nullopt}, {v1::VALUE_TYPE_DECIMAL, v1::VALUE_TYPE_INTEGER}, scratch,
              bytes);
    const v1::StreamRecordsResponse message = Parsed(bytes);
    ASSERT_EQ(message.rows_size(), 2);
    EXPECT_EQ(message.rows(0).values(0).string_value(), text);
    EXPECT_EQ(message.rows(0).values(1).integer_value(), 2);
    EXPECT_EQ(message.rows(1).values(1).kind_case(), v1::Value::kNullValue);
  }
}

TEST(RowWriter, WritesARowWithoutValues) {
  std::string scratch = "left over";
  std::string bytes;
  AppendRow({}, {}, scratch, bytes);
  EXPECT_EQ(Parsed(bytes).rows_size(), 1);
}

}  // namespace
}  // namespace relais::recordsql
