#include "server/services/jobqueue/codec/marker.h"

#include <gtest/gtest.h>

namespace relais::jobqueue {
namespace {

constexpr char kMarker[] = "mfrggzdfmztwq2lk";
constexpr char kMark[] = "[relais:mfrggzdfmztwq2lk]";

TEST(Marker, IsTheLastLine) {
  EXPECT_EQ(AddMark("Checked", {kMarker}), std::string("Checked\n") + kMark);
  EXPECT_EQ(AddMark("", {kMarker}), kMark);
  EXPECT_EQ(AddMark("Checked", {}), "Checked");
}

TEST(Marker, ComesOffAsItWasPutOn) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("a\n"), std::string("a\r"), std::string("\na"),
        std::string("two\nlines"), std::string("a\n") + kMark, std::string(kMark),
        std::string("[relais:"), std::string("a\0b", 3), std::string("\xff")}) {
    const MarkedText stripped = StripMark(AddMark(text, {kMarker}));
    EXPECT_EQ(stripped.text, text);
    EXPECT_EQ(stripped.mark.marker, kMarker);
  }
}

TEST(Marker, HasTheRequestId) {
  for (const std::string& id : {std::string("4711"), std::string("a b"), std::string("]"),
                                std::string(" "), std::string(128, 'x')}) {
    const std::string marked = AddMark("Checked", {kMarker, id});
    EXPECT_EQ(marked, "Checked\n[relais:" + std::string(kMarker) + " " + id + "]");
    const MarkedText stripped = StripMark(marked);
    EXPECT_EQ(stripped.text, "Checked");
    EXPECT_EQ(stripped.mark.marker, kMarker);
    EXPECT_EQ(stripped.mark.request_id, id);
  }
}

TEST(Marker, LeavesAloneWhatIsNotOurs) {
  const std::string mark = kMark;
  for (const std::string& text :
       {std::string(), std::string("a"), "a" + mark, mark + "\n", mark + " ", " " + mark,
        "\n" + mark, "a\n" + mark + "\nb", std::string("[relais:mfrggzdfmztwq2l]"),
        std::string("[relais:mfrggzdfmztwq2lkk]"), std::string("[relais:MFRGGZDFMZTWQ2LK]"),
        std::string("[relais:mfrggzdfmztwq2l1]"), std::string("[Relais:mfrggzdfmztwq2lk]"),
        std::string("[relais:mfrggzdfmztwq2lk)"), std::string("x\n[relais:mfrggzdf ztwq2lk]"),
        std::string("[relais:mfrggzdfmztwq2lk ]"), std::string("[relais:mfrggzdfmztwq2lkx a]"),
        std::string("[relais:mfrggzdfmztwq2lk \xc3\xa9]")}) {
    const MarkedText stripped = StripMark(text);
    EXPECT_EQ(stripped.text, text);
    EXPECT_EQ(stripped.mark.marker, "") << text;
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
