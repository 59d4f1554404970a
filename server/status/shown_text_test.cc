#include "server/status/shown_text.h"

#include <gtest/gtest.h>

#include <string>

namespace relais::status {
namespace {

TEST(ShownText, LeavesOrdinaryTextsAsTheyAre) {
  for (const char* text :
       {"", "queues/main", "Zürich – №5", "日本語", "😀", "<script>alert(1)</script>"})
    EXPECT_EQ(ShownText(text), text);
}

TEST(ShownText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(ShownText("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(ShownText("\xC3"), "\uFFFD") << "cut in the middle";
  EXPECT_EQ(ShownText("\xC0\x80"), "\uFFFD\uFFFD") << "longer than need be";
  EXPECT_EQ(ShownText("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "half of a pair";
  EXPECT_EQ(ShownText("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD") << "beyond the last";
}

TEST(ShownText, ReplacesWhatIsNotSeenButMisleads) {
  EXPECT_EQ(ShownText("gnp.\u202Eexe"), "gnp.\uFFFDexe");
  EXPECT_EQ(ShownText("a\u200Bb\u2066c\uFEFFd\u2028e"), "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe");
  EXPECT_EQ(ShownText(std::string("a\0b\nc\x7F", 6)), "a\uFFFDb\uFFFDc\uFFFD");
}

TEST(ShownText, CutsWhatIsLong) {
  const std::string shown = ShownText(std::string(1 << 20, 'x'));
  EXPECT_EQ(shown, std::string(kMostCharacters, 'x') + "…");
  std::string umlauts;
  for (int i = 0; i < 1000; ++i) umlauts += "ü";
  EXPECT_EQ(ShownText(umlauts).size(), 2 * kMostCharacters + 3) << "not within a character";
}

}  // namespace
}  // namespace relais::status
