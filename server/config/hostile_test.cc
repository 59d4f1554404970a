// What a fuzzer would try first: none of it may crash, recurse without bound or take long.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/config/config.h"
#include "server/sections.h"

namespace relais::config {
namespace {

constexpr std::size_t kMebibyte = 1 << 20;
// Far above what they take, far below what a quadratic algorithm would.
constexpr std::chrono::seconds kLongest{20};

std::string Repeat(const std::string& unit, std::size_t size = kMebibyte) {
  std::string text;
  text.reserve(size);
  while (text.size() + unit.size() <= size) text += unit;
  return text;
}

absl::Status ParseQuickly(const std::string& text) {
  ConfigOptions options;
  options.look_outside = false;
  const auto start = std::chrono::steady_clock::now();
  const absl::Status status = ParseConfig("hostile.yaml", text, options, ConfigSections()).status();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLongest);
  return status;
}

class Hostile : public testing::TestWithParam<const char*> {};

TEST_P(Hostile, AMebibyteOfItIsRefusedQuickly) {
  EXPECT_FALSE(ParseQuickly(Repeat(GetParam())).ok());
}

TEST_P(Hostile, AMebibyteOfItBelowAKeyIsRefusedQuickly) {
  EXPECT_FALSE(ParseQuickly("recordsql: " + Repeat(GetParam(), kMebibyte - 100)).ok());
}

TEST_P(Hostile, AMebibyteOfItInAListIsRefusedQuickly) {
  EXPECT_FALSE(ParseQuickly("recordsql: [" + Repeat(GetParam(), kMebibyte - 100)).ok());
}

INSTANTIATE_TEST_SUITE_P(Patterns, Hostile,
                         testing::Values("[", "{", "]", "}", "- ", "-\n", "? ", "?", ": ", ":",
                                         "a: ", "a:\n", "[{", "[[],", "{a: ", "{a,", "a,", ",",
                                         "&a ", "*a ", "&a\n", "!a ", "!<", "!!", "|\n", ">", "\"",
                                         "'", "''", "\"a\" ", "\\", "a\n", "a", "a b ", "---\n",
                                         "é", "\xEF\xBB\xBF", "0", "- - a\n", "`", "@", "\"\\",
                                         "{a: b}, ", "a: b\n", "- a\n"));

TEST(HostileConfig, OnlySpaceAndCommentsIsAnEmptyConfiguration) {
  for (const char* unit : {" ", "\n", "\r\n", "#", "# a\n", " \n", "\t", "%a\n", "...\n"}) {
    EXPECT_TRUE(ParseQuickly(Repeat(unit)).ok()) << unit;
  }
}

TEST(HostileConfig, MoreThanAMebibyteIsRefused) {
  EXPECT_EQ(ParseQuickly(std::string(kMebibyte + 1, '\n')).message(),
            "hostile.yaml: larger than 1 MiB, which is the most a configuration may be.");
}

TEST(HostileConfig, DeepNestingIsNamedAsSuch) {
  const std::string brackets = std::string(40, '[') + std::string(40, ']');
  const std::string braces = Repeat("{a: ", 160) + std::string(40, '}');
  for (const std::string& text : {brackets, braces, Repeat("- ", 400)}) {
    const std::string message(ParseQuickly("a:\n  " + text).message());
    EXPECT_NE(message.find("nested more than 32 levels deep"), std::string::npos) << message;
  }
  std::string text;
  for (int i = 0; i < 400; ++i) text += std::string(i, ' ') + "a:\n";
  EXPECT_NE(ParseQuickly(text).message().find("32 levels"), absl::string_view::npos);
}

TEST(HostileConfig, AliasesThatMultiplyAreCounted) {
  std::string text = "recordsql:\n  erps:\n    a0:\n      dictionaries: &l [";
  for (int i = 0; i < 1000; ++i) text += "x.dhsq, ";
  text += "]\n";
  for (int i = 1; i < 1000; ++i) {
    text += "    a" + std::to_string(i) + ": {dictionaries: *l}\n";
  }
  const std::string message(ParseQuickly(text).message());
  EXPECT_NE(message.find("more problems"), std::string::npos);
}

TEST(HostileConfig, BillionLaughsAreHarmless) {
  std::string text = "a: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = std::to_string(i - 1);
    text += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + before;
    for (int j = 0; j < 8; ++j) text += ", *a" + before;
    text += "]\n";
  }
  text += "recordsql: {erps: *a11}\n";
  EXPECT_FALSE(ParseQuickly(text).ok());
}

TEST(HostileConfig, EveryTruncationOfAConfigurationEndsWell) {
  const std::string text =
      "server: {listen: \"127.0.0.1:0\", drain_delay: 0.5s}\nrecordsql:\n  erps:\n    demo: &demo\n"
      "      base_url: 'https://erp.example'\n      user: reader\n      password: {env: "
      "ERP_PASSWORD}\n"
      "      display_name: >-\n        folded\n      dictionaries:\n      - a.dhsq\n    other: "
      "*demo\n";
  ASSERT_TRUE(ParseQuickly(text).ok()) << ParseQuickly(text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    ParseQuickly(text.substr(0, size)).IgnoreError();
    std::string spoilt = text;
    for (const char byte : {'\0', '\xFF', '[', ':', '\n', '*', '"'}) {
      spoilt[size] = byte;
      ParseQuickly(spoilt).IgnoreError();
    }
  }
}

TEST(HostileConfig, ControlCharactersAndInvalidUtf8AreNamed) {
  EXPECT_EQ(ParseQuickly(std::string("a: \0", 4)).message(),
            "hostile.yaml:1:4: a control character, which a configuration cannot contain.");
  for (const char* bytes :
       {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xFF\xFE"}) {
    EXPECT_EQ(ParseQuickly(bytes).message(),
              "hostile.yaml:1:1: invalid UTF-8; save the file as UTF-8.");
  }
  EXPECT_NE(ParseQuickly("recordsql: {erps: {a: {user: \"\\0\"}}}").message().find("control"),
            absl::string_view::npos);
}

}  // namespace
}  // namespace relais::config
