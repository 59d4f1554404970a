#include "server/core/base/log.h"

#include <gtest/gtest.h>

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
