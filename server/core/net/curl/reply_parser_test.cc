#include "server/core/net/curl/reply_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"

namespace relais {
namespace {

constexpr std::int64_t kMost = 1000;

// The reply whose bytes come in pieces of that size, and then the end when it is not complete.
absl::StatusOr<HttpReply> Parse(ReplyParser& parser, std::string_view bytes, std::size_t piece) {
  std::string left;
  for (std::size_t at = 0; at < bytes.size() && !parser.complete(); at += piece) {
    left += bytes.substr(at, piece);
    const absl::StatusOr<std::size_t> taken = parser.Add(left);
    if (!taken.ok()) return taken.status();
    left.erase(0, *taken);
  }
  if (!parser.complete()) {
    if (absl::Status end = parser.End(left); !end.ok()) return end;
  }
  return parser.Take();
}

absl::StatusOr<HttpReply> Parse(std::string_view bytes, std::size_t piece = 1000) {
  ReplyParser parser(kMost, true);
  return Parse(parser, bytes, piece);
}

TEST(ReplyParser, FindsTheSameHoweverTheBytesCome) {
  for (std::size_t piece = 1; piece < 100; ++piece) {
    const auto reply = Parse(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nX-Name:  of it \r\n"
        "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Late: 1\r\n\r\n",
        piece);
    ASSERT_TRUE(reply.ok()) << piece << " " << reply.status();
    EXPECT_EQ(reply->status, 201);
    EXPECT_EQ(reply->body, "hello world");
    EXPECT_EQ(reply->Header("x-name"), "of it");
    EXPECT_EQ(reply->Header("x-late"), std::nullopt);
    EXPECT_GE(reply->body.capacity(), reply->body.size() + HttpReply::kBodyPadding);
  }
}

TEST(ReplyParser, SaysWhatItsConnectionIsGoodForAfterwards) {
  const auto keeps_alive = [](std::string_view head) {
    ReplyParser parser(kMost, true);
    EXPECT_TRUE(Parse(parser, head, 1000).ok()) << head;
    return parser.keeps_alive();
  };
  EXPECT_TRUE(keeps_alive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(keeps_alive("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_TRUE(
      keeps_alive("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1 200 OK\r\n\r\nuntil it is closed"));
}

TEST(ReplyParser, ExpectsNoBodyWhereNoneCanBe) {
  ReplyParser head(kMost, false);
  const auto reply = Parse(head, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", 1000);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->ContentLength(), 5000);
  EXPECT_TRUE(Parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").ok());
}

TEST(ReplyParser, TakesNoPartForTheWhole) {
  for (const std::string whole :
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
    ASSERT_TRUE(Parse(whole).ok());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto reply = Parse(std::string_view(whole).substr(0, size));
      EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable))
          << size << " " << reply.status();
    }
  }
}

TEST(ReplyParser, RefusesWhatIsNotHttpAsSoonAsItIsSeen) {
  for (const std::string bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n", "H2", "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"}) {
    ReplyParser parser(kMost, true);
    EXPECT_TRUE(HasReason(parser.Add(bytes).status(), Reason::kUpstreamMalformedResponse)) << bytes;
  }
}

TEST(ReplyParser, RefusesWhatIsAboveItsLimits) {
  const std::string big(kMost + 1, 'x');
  for (const std::string& bytes :
       {absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", big.size(), "\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n\r\n" + big,
        absl::StrCat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", absl::Hex(big.size()),
                     "\r\n", big),
        "HTTP/1.1 200 OK\r\nX: " + std::string(ReplyParser::kMaxHeadBytes, 'x')}) {
    ReplyParser parser(kMost, true);
    const auto added = parser.Add(bytes);
    EXPECT_TRUE(HasReason(added.status(), Reason::kUpstreamMalformedResponse))
        << bytes.substr(0, 60) << " " << added.status();
  }
}

TEST(ReplyParser, RefusesACompressedBodyThatEndsTooSoon) {
  // {"a":1} without its last byte.
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b"
      "\x56\x07\x00\x00",
      26);
  const auto reply = Parse(
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\nContent-Length: ", gzip.size(),
                   "\r\n\r\n", gzip));
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamMalformedResponse)) << reply.status();
  EXPECT_TRUE(Parse("HTTP/1.1 204 OK\r\nContent-Encoding: br\r\n\r\n").ok()) << "there is no body";
}

}  // namespace
}  // namespace relais
