#include "server/core/base/text/text.h"

#include <gtest/gtest.h>

#include <string_view>

namespace relais {
namespace {

TEST(Text, AGuidHasFiveGroupsOfHexadecimalDigits) {
  EXPECT_TRUE(IsGuid("00000000-0000-0000-0000-000000000000"));
  EXPECT_TRUE(IsGuid("0a1B2c3D-1234-5678-9abc-DEF012345678"));
  EXPECT_FALSE(IsGuid(""));
  EXPECT_FALSE(IsGuid("00000000-0000-0000-0000-00000000000"));
  EXPECT_FALSE(IsGuid("00000000-0000-0000-0000-0000000000000"));
  EXPECT_FALSE(IsGuid("00000000000000000000000000000000-----"));
  EXPECT_FALSE(IsGuid("g0000000-0000-0000-0000-000000000000"));
  EXPECT_FALSE(IsGuid("{00000000-0000-0000-0000-0000000000}"));
}

TEST(Text, ControlCharactersAreThoseOfAscii) {
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(HasControl(""));
  EXPECT_FALSE(HasControl("café ~"));
  EXPECT_TRUE(HasControl("a\nb"));
  EXPECT_TRUE(HasControl("a\0b"sv));
  EXPECT_TRUE(HasControl("\x7f"));
}

TEST(Text, CharactersAreCountedAndNotBytes) {
  EXPECT_EQ(CharactersIn(""), 0U);
  EXPECT_EQ(CharactersIn("cafe"), 4U);
  EXPECT_EQ(CharactersIn("caf\xc3\xa9"), 4U);
  EXPECT_EQ(CharactersIn("\xe2\x82\xac\xf0\x9f\x98\x80"), 2U);
}

}  // namespace
}  // namespace relais
