#include "server/core/net/url.h"

#include <gtest/gtest.h>

#include <string>

namespace relais {
namespace {

TEST(PercentEncode, LeavesOnlyUnreservedCharactersAsTheyAre) {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(PercentEncode(unreserved), unreserved);
  std::string changed;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    if (PercentEncode(text) == text) continue;
    EXPECT_EQ(PercentEncode(text).size(), 3u) << byte;
    changed += text;
  }
  EXPECT_EQ(changed.size(), 256 - unreserved.size());
}

TEST(PercentEncode, WritesBytesInUpperCaseHexadecimal) {
  EXPECT_EQ(PercentEncode("A & B.log"), "A%20%26%20B.log");
  EXPECT_EQ(PercentEncode("50%+1=/?#"), "50%25%2B1%3D%2F%3F%23");
  EXPECT_EQ(PercentEncode("é"), "%C3%A9");
  EXPECT_EQ(PercentEncode(std::string("\0\xff", 2)), "%00%FF");
  EXPECT_EQ(PercentEncode(""), "");
}

TEST(MakeUrl, JoinsBasePathAndQuery) {
  EXPECT_EQ(MakeUrl("https://h/sl", "/jobs"), "https://h/sl/jobs");
  EXPECT_EQ(MakeUrl("https://h/sl//", "/jobs", {{"a", "1"}, {"b c", "&="}}),
            "https://h/sl/jobs?a=1&b%20c=%26%3D");
  EXPECT_EQ(MakeUrl("https://h", "/jobs/x:move-to-top", {{"empty", ""}}),
            "https://h/jobs/x:move-to-top?empty=");
}

TEST(FormEncode, WritesPairsAsAForm) {
  EXPECT_EQ(FormEncode({}), "");
  EXPECT_EQ(FormEncode({{"grant_type", "client_credentials"}, {"client_secret", "a+b c&d"}}),
            "grant_type=client_credentials&client_secret=a%2Bb%20c%26d");
}

TEST(PartsOf, TellsWhereAUrlLeads) {
  const UrlParts parts = PartsOf("https://user:secret@erp.example:8443/a/b?token=secret#c");
  EXPECT_EQ(parts.scheme, "https");
  EXPECT_EQ(parts.authority, "erp.example:8443");
  EXPECT_EQ(parts.host, "erp.example");
  EXPECT_EQ(parts.port, 8443);
  EXPECT_EQ(parts.path, "/a/b");
}

TEST(PartsOf, KnowsThePortOfTheScheme) {
  EXPECT_EQ(PartsOf("http://a").port, 80);
  EXPECT_EQ(PartsOf("https://a?b").port, 443);
  EXPECT_EQ(PartsOf("https://a?b").path, "");
  EXPECT_EQ(PartsOf("http://[::1]/").host, "::1");
  EXPECT_EQ(PartsOf("http://[::1]/").port, 80);
  EXPECT_EQ(PartsOf("http://[::1]:81/").port, 81);
}

TEST(PartsOf, TakesWhatIsNoUrl) {
  for (const char* text : {"", "a", "://", "http://", "http://:", "http://[", "http://a:99999999"})
    PartsOf(text);
}

}  // namespace
}  // namespace relais
