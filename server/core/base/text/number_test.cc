#include "server/core/base/text/number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace relais {
namespace {

TEST(Number, IsTheWholeText) {
  EXPECT_EQ(ParseNumber("0"), 0);
  EXPECT_EQ(ParseNumber("-12"), -12);
  EXPECT_EQ(ParseNumber("007"), 7);
  EXPECT_EQ(ParseNumber("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ParseNumber<std::uint64_t>("fF", 16), 255U);
  using namespace std::string_view_literals;
  for (std::string_view text :
       {""sv, " 1"sv, "1 "sv, "+1"sv, "-"sv, "0x1"sv, "1.0"sv, "1\0"sv, "9223372036854775808"sv}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseNumber<std::uint64_t>("-1"), std::nullopt);
  EXPECT_EQ(ParseNumber<int>("2147483648"), std::nullopt);
}

TEST(Number, AnIdHasOneForm) {
  EXPECT_EQ(ParseId("1"), 1);
  EXPECT_EQ(ParseId("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (std::string_view text : {"", "0", "01", "-1", "1a", "9223372036854775808"})
    EXPECT_EQ(ParseId(text), std::nullopt) << text;
}

}  // namespace
}  // namespace relais
