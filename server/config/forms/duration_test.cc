#include "server/config/forms/duration.h"

#include <gtest/gtest.h>

namespace relais::config {
namespace {

TEST(Duration, AllUnitsAreRead) {
  const struct {
    const char* text;
    absl::Duration expected;
  } kCases[] = {{"0s", absl::ZeroDuration()},          {"5s", absl::Seconds(5)},
                {"0.5s", absl::Milliseconds(500)},     {"500ms", absl::Milliseconds(500)},
                {"0.5ms", absl::Microseconds(500)},    {"2m", absl::Minutes(2)},
                {"1.5h", absl::Minutes(90)},           {"0.000000001s", absl::Nanoseconds(1)},
                {"999999999h", absl::Hours(999999999)}};
  for (const auto& test : kCases) {
    const auto duration = ParseDuration(test.text);
    ASSERT_TRUE(duration.ok()) << test.text;
    EXPECT_EQ(ToAbsl(*duration), test.expected) << test.text;
  }
}

TEST(Duration, EverythingElseIsRefused) {
  for (const char* text : {"",       "s",   "5",           "-5s",           "+5s",
                           "5 s",    " 5s", "5s ",         "5.s",           ".5s",
                           "5S",     "5d",  "1h30m",       "1e3s",          "0x5s",
                           "inf",    "nan", "1234567890s", "1.0000000001s", "0.000000001ms",
                           "1.5.5s", "5ss"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(Duration, IsWrittenInSecondsAndReadBackTheSame) {
  for (const char* text : {"0s", "5s", "0.5s", "86400s", "0.000000001s", "1.25s"}) {
    EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
  }
  EXPECT_EQ(FormatDuration(*ParseDuration("2m")), "120s");
}

}  // namespace
}  // namespace relais::config
