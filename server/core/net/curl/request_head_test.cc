#include "server/core/net/curl/request_head.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace relais {
namespace {

TEST(Destination, IsAUrlTakenApart) {
  const auto to = Destination::Of("https://erp.example:8443/a/b?c=d&e");
  ASSERT_TRUE(to);
  EXPECT_TRUE(to->tls);
  EXPECT_EQ(to->origin, "https://erp.example:8443");
  EXPECT_EQ(to->authority, "erp.example:8443");
  EXPECT_EQ(to->target, "/a/b?c=d&e");
  EXPECT_EQ(Destination::Of("http://[::1]:80?x")->authority, "[::1]:80");
  EXPECT_EQ(Destination::Of("http://[::1]")->target, "");
}

TEST(Destination, LeavesWhatIsUnusualToOthers) {
  for (const std::string url :
       {"", "ftp://a/", "http://", "http:///a", "http://:80/", "http://user@host/", "http://a:0/",
        "http://a:65536/", "http://a:99999999999/", "http://a:x/", "http://a:/", "http://a b/",
        "http://a/ b", "http://a/#b", "http://a/\xc3\xa9", "http://\xc3\xa9/"}) {
    EXPECT_FALSE(Destination::Of(url)) << url;
  }
}

std::string Head(const HttpRequest& request) {
  return HeadOf(request, *Destination::Of(request.url), "relais").value_or("none");
}

TEST(RequestHead, SaysWhatIsWantedAndWhatComes) {
  EXPECT_EQ(Head({.url = "http://erp.example:80/a"}),
            "GET /a HTTP/1.1\r\nHost: erp.example\r\nUser-Agent: relais\r\nAccept: */*\r\n"
            "Accept-Encoding: identity\r\n\r\n");
  EXPECT_EQ(Head({.method = "PUT",
                  .url = "https://erp.example:8443?a",
                  .headers = {{"X", "y"}, {"Empty", ""}, {"accept", "text/plain"}},
                  .body = "12345"}),
            "PUT /?a HTTP/1.1\r\nX: y\r\nEmpty:\r\naccept: text/plain\r\nHost: erp.example:8443\r\n"
            "User-Agent: relais\r\nAccept-Encoding: identity\r\nContent-Length: 5\r\n\r\n");
}

TEST(RequestHead, AnnouncesAnEmptyBodyOnlyWithAPost) {
  EXPECT_NE(Head({.method = "POST", .url = "http://a/"}).find("Content-Length: 0\r\n"),
            std::string::npos);
  EXPECT_EQ(Head({.method = "DELETE", .url = "http://a/"}).find("Content-Length"),
            std::string::npos);
}

TEST(RequestHead, LeavesFramingOfTheCallersOwnToOthers) {
  for (const std::string name : {"connection", "Content-Length", "TRANSFER-ENCODING", "Expect"}) {
    EXPECT_EQ(Head({.url = "http://a/", .headers = {{name, "1"}}}), "none") << name;
  }
}

}  // namespace
}  // namespace relais
