#include "server/services/jobqueue/codec/marker.h"

#include <gtest/gtest.h>

namespace relais::jobqueue {
namespace {

constexpr char kMarker[] = "mfrggzdfmztwq2lk";
constexpr char kMark[] = "[relais:mfrggzdfmztwq2lk]";

TEST(Marker, IsTheLastLine) {
  EXPECT_EQ(AddMarker("Checked", kMarker), std::string("Checked\n") + kMark);
  EXPECT_EQ(AddMarker("", kMarker), kMark);
  EXPECT_EQ(AddMarker("Checked", ""), "Checked");
}

TEST(Marker, ComesOffAsItWasPutOn) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("a\n"), std::string("a\r"), std::string("\na"),
        std::string("two\nlines"), std::string("a\n") + kMark, std::string(kMark),
        std::string("[relais:"), std::string("a\0b", 3), std::string("\xff")}) {
    const MarkedText stripped = StripMarker(AddMarker(text, kMarker));
    EXPECT_EQ(stripped.text, text);
    EXPECT_EQ(stripped.marker, kMarker);
  }
}

TEST(Marker, LeavesAloneWhatIsNotOurs) {
  const std::string mark = kMark;
  for (const std::string& text :
       {std::string(), std::string("a"), "a" + mark, mark + "\n", mark + " ", " " + mark,
        "\n" + mark, "a\n" + mark + "\nb", std::string("[relais:mfrggzdfmztwq2l]"),
        std::string("[relais:mfrggzdfmztwq2lkk]"), std::string("[relais:MFRGGZDFMZTWQ2LK]"),
        std::string("[relais:mfrggzdfmztwq2l1]"), std::string("[Relais:mfrggzdfmztwq2lk]"),
        std::string("[relais:mfrggzdfmztwq2lk)"), std::string("x\n[relais:mfrggzdf ztwq2lk]")}) {
    const MarkedText stripped = StripMarker(text);
    EXPECT_EQ(stripped.text, text);
    EXPECT_EQ(stripped.marker, "") << text;
  }
}

TEST(Marker, HasSixteenCharactersOfBase32) {
  EXPECT_TRUE(IsMarker(kMarker));
  for (const char* text :
       {"", "mfrggzdfmztwq2l", "mfrggzdfmztwq2lkk", "mfrggzdfmztwq2l1", "mfrggzdfmztwq2l8"}) {
    EXPECT_FALSE(IsMarker(text)) << text;
  }
}

}  // namespace
}  // namespace relais::jobqueue
