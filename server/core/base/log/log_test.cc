#include "server/core/base/log/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace relais {
namespace {

constexpr char kTime[] = "2026-01-02T03:04:05.678Z";

TEST(Log, WritesAReadableLine) {
  EXPECT_EQ(
      FormatLogLine(LogFormat::kText, LogLevel::kWarning, kTime, "upstream is slow",
                    {{"connection", "erps/main"}, {"wait", "2s"}}),
      "2026-01-02T03:04:05.678Z warning upstream is slow connection=\"erps/main\" wait=\"2s\"");
}

TEST(Log, WritesAJsonObject) {
  EXPECT_EQ(FormatLogLine(LogFormat::kJson, LogLevel::kInfo, kTime, "listening",
                          {{"address", "127.0.0.1:1"}}),
            R"({"time":"2026-01-02T03:04:05.678Z","level":"info","event":"listening",)"
            R"("address":"127.0.0.1:1"})");
}

TEST(Log, EscapesWhatCouldForgeALine) {
  const std::string value = std::string("a\"b\\c\n\r\t\x1b[31m\x7f", 14) + std::string(1, '\0');
  const std::string line =
      FormatLogLine(LogFormat::kText, LogLevel::kError, kTime, "e", {{"k", value}});
  EXPECT_EQ(line,
            std::string(kTime) + R"( error e k="a\"b\\c\u000a\u000d\u0009\u001b[31m\u007f\u0000")");
}

TEST(Log, EscapesWhatDeceivesTheReader) {
  const std::string line =
      FormatLogLine(LogFormat::kText, LogLevel::kError, "t", "e",
                    {{"k", "\u0085\u009b31m \u2028\u2029 \u202e\u2066\u200f é–"}});
  EXPECT_EQ(line, "t error e k=\"\\u0085\\u009b31m \\u2028\\u2029 \\u202e\\u2066\\u200f é–\"");
}

void LogWithoutAReader() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0 || dup2(ends[1], STDERR_FILENO) < 0) std::exit(1);
  const std::string value(1000, 'x');
  for (int i = 0; i < 20'000; ++i) Log(LogLevel::kError, "refused", {{"k", value}});
  std::exit(DroppedLogLines() > 10'000 ? 0 : 2);
}

// In a process of its own, whose standard error nobody reads.
TEST(LogDeathTest, WaitsForNoReader) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(LogWithoutAReader(), testing::ExitedWithCode(0), "");
}

TEST(Log, KeepsUtf8AndReplacesWhatIsNot) {
  const auto quoted = [](const std::string& value) {
    const std::string line =
        FormatLogLine(LogFormat::kText, LogLevel::kDebug, "t", "e", {{"k", value}});
    return line.substr(std::string("t debug e k=").size());
  };
  EXPECT_EQ(quoted("é€😀"), "\"é€😀\"");
  EXPECT_EQ(quoted("\xff"), R"("\ufffd")");
  EXPECT_EQ(quoted("a\xc3"), R"("a\ufffd")");                              // cut short
  EXPECT_EQ(quoted("\xc3("), R"("\ufffd(")");                              // no continuation
  EXPECT_EQ(quoted("\xc0\xaf"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // surrogate
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // beyond Unicode
}

}  // namespace
}  // namespace relais
