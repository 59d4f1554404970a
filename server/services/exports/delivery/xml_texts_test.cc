#include "server/services/exports/delivery/xml_texts.h"

#include <gtest/gtest.h>

namespace relais::exports {
namespace {

TEST(XmlTexts, AreGivenInTheOrderInWhichElementsEnd) {
  const auto texts = XmlTextsOf(
      "<?xml version=\"1.0\"?><List xmlns=\"urn:x\"><Up><Key>a &amp; b</Key></Up><Up/></List>");
  ASSERT_TRUE(texts.has_value());
  ASSERT_EQ(texts->size(), 4U);
  EXPECT_EQ(texts->front().path, "List/Up/Key");
  EXPECT_EQ(texts->front().text, "a & b");
  EXPECT_EQ(texts->back().path, "List");
  EXPECT_EQ(TextAt(*texts, "List/Up/Key"), "a & b");
  EXPECT_EQ(TextAt(*texts, "List/None"), "");
}

TEST(XmlTexts, AreNoneWhereTheDocumentCannotBeTrusted) {
  EXPECT_FALSE(XmlTextsOf("").has_value());
  EXPECT_FALSE(XmlTextsOf("<a>").has_value());
  EXPECT_FALSE(XmlTextsOf("{\"a\": 1}").has_value());
  EXPECT_FALSE(XmlTextsOf("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").has_value());
  std::string deep;
  for (int i = 0; i < 17; ++i) deep += "<a>";
  for (int i = 0; i < 17; ++i) deep += "</a>";
  EXPECT_FALSE(XmlTextsOf(deep).has_value());
}

TEST(XmlTexts, AreEscaped) { EXPECT_EQ(EscapeXmlText("a<b>&\"c\""), "a&lt;b&gt;&amp;\"c\""); }

}  // namespace
}  // namespace relais::exports
