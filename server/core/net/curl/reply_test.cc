#include "server/core/net/curl/reply.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace relais {
namespace {

CurlReply StartReply(std::int64_t max_body_bytes) {
  CurlReply reply;
  reply.Start(max_body_bytes, /*has_body=*/true);
  EXPECT_TRUE(reply.AddHeadLine("HTTP/1.1 200 OK\r\n"));
  return reply;
}

TEST(CurlReply, GathersHeadersInLowerCaseWithoutBlanks) {
  CurlReply gathered = StartReply(100);
  EXPECT_TRUE(gathered.AddHeadLine("X-Trace-ID:  a b \r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("Empty:\r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("x-trace-id: second\r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("\r\n"));
  EXPECT_TRUE(gathered.head_complete());
  const HttpReply reply = std::move(gathered).Finish();
  EXPECT_EQ(reply.Header("x-trace-id"), "a b");
  EXPECT_EQ(reply.Header("empty"), "");
  EXPECT_EQ(reply.Header("missing"), std::nullopt);
  EXPECT_EQ(reply.headers.size(), 3u);
}

TEST(CurlReply, ForgetsAnInformationalHead) {
  CurlReply gathered;
  gathered.Start(100, true);
  EXPECT_TRUE(gathered.AddHeadLine("HTTP/1.1 103 Early Hints\r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("Link: x\r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("\r\n"));
  EXPECT_TRUE(gathered.AddHeadLine("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(gathered.head_complete());
  EXPECT_TRUE(gathered.AddHeadLine("\r\n"));
  EXPECT_TRUE(std::move(gathered).Finish().headers.empty());
}

TEST(CurlReply, LeavesRoomForAParserBehindEveryBody) {
  for (const std::size_t size : {0u, 1u, 14u, 15u, 16u, 100u, 5000u}) {
    CurlReply gathered = StartReply(10'000);
    gathered.AddHeadLine("\r\n");
    for (std::size_t i = 0; i < size; ++i) ASSERT_TRUE(gathered.AddBody("x"));
    const HttpReply reply = std::move(gathered).Finish();
    EXPECT_EQ(reply.body.size(), size);
    EXPECT_GE(reply.body.capacity(), size + HttpReply::kBodyPadding);
  }
}

TEST(CurlReply, ReservesWhatIsAnnouncedOnce) {
  CurlReply gathered = StartReply(1 << 20);
  gathered.AddHeadLine("Content-Length: 1000000\r\n");
  gathered.AddHeadLine("\r\n");
  ASSERT_TRUE(gathered.AddBody("x"));
  const HttpReply reply = std::move(gathered).Finish();
  EXPECT_GE(reply.body.capacity(), 1'000'064u);
  EXPECT_LT(reply.body.capacity(), 1'100'000u);
}

TEST(CurlReply, RefusesABodyAboveTheLimit) {
  CurlReply gathered = StartReply(10);
  gathered.AddHeadLine("\r\n");
  EXPECT_TRUE(gathered.AddBody("0123456789"));
  EXPECT_FALSE(gathered.AddBody("x"));
  EXPECT_TRUE(gathered.too_large());
}

TEST(CurlReply, RefusesAnAnnouncedBodyAboveTheLimitBeforeItComes) {
  CurlReply gathered = StartReply(10);
  gathered.AddHeadLine("Content-Length: 11\r\n");
  EXPECT_FALSE(gathered.AddHeadLine("\r\n"));
  EXPECT_TRUE(gathered.too_large());
}

TEST(CurlReply, RefusesAHeadWithoutEnd) {
  CurlReply gathered = StartReply(10);
  const std::string line = "X-Long: " + std::string(1000, 'x') + "\r\n";
  int lines = 0;
  while (gathered.AddHeadLine(line)) ASSERT_LT(++lines, 1000);
  EXPECT_TRUE(gathered.too_large());
}

}  // namespace
}  // namespace relais
