#include "server/json/tidy.h"

#include <gtest/gtest.h>

#include <string>

namespace relais::json {
namespace {

TEST(TidyText, IsOneShortLine) {
  EXPECT_EQ(TidyText("Règle\tinconnue\r\n   at Some.Method()"), "Règle inconnue");
  const std::string text = TidyText("x" + std::string(600, '\xc3') + "é");
  EXPECT_LE(text.size(), 500U);
  std::string accents;
  for (int i = 0; i < 300; ++i) accents += "é";
  EXPECT_EQ(TidyText("x" + accents), "x" + accents.substr(0, 498));
}

TEST(TidyText, KeepsTheWordsOfOldCodePages) {
  EXPECT_EQ(TidyText("L\x92"
                     "ann\xe9"
                     "e est ferm\xe9"
                     "e \x80\x81"),
            "L’année est fermée €\uFFFD");
  EXPECT_EQ(ToUtf8("déjà"), "déjà");
  EXPECT_EQ(ToUtf8("\x9f\xa0\xff"), "Ÿ\u00a0ÿ");
}

}  // namespace
}  // namespace relais::json
