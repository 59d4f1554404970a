#include "server/core/base/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace relais {
namespace {

constexpr char kGood[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, IsWhatTheStandardSays) {
  EXPECT_TRUE(IsTraceparent(kGood));
  EXPECT_TRUE(IsTraceparent("cc" + std::string(kGood).substr(2)));
  EXPECT_TRUE(IsTraceparent("cc" + std::string(kGood).substr(2) + "-more"));
  for (const std::string& bad :
       {std::string(), std::string("garbage"), "ff" + std::string(kGood).substr(2),
        "0x" + std::string(kGood).substr(2), std::string(kGood) + "-more", std::string(kGood) + "0",
        "00-" + std::string(32, '0') + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + std::string(16, '0') + "-01",
        std::string("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"),
        "cc" + std::string(kGood).substr(2) + "." + std::string(4, '1'),
        "cc" + std::string(kGood).substr(2) + "-" + std::string(300, '1')}) {
    EXPECT_FALSE(IsTraceparent(bad)) << bad;
  }
}

TEST(TraceContext, SaysWhichTraceItIsAndWhetherItIsKept) {
  const auto kept = ParseTraceparent(kGood);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(kept->span_id, "b7ad6b7169203331");
  EXPECT_TRUE(kept->sampled);
  const std::string ids = std::string(kGood).substr(0, 53);
  EXPECT_FALSE(ParseTraceparent(ids + "00")->sampled);
  EXPECT_FALSE(ParseTraceparent(ids + "fe")->sampled);
  EXPECT_TRUE(ParseTraceparent(ids + "0b")->sampled);
  EXPECT_FALSE(ParseTraceparent(""));
}

TEST(TraceContext, HasAStateOfPrintableCharacters) {
  EXPECT_TRUE(IsTracestate("rojo=00f067aa0ba902b7, congo=t61rcWkgMzE"));
  EXPECT_FALSE(IsTracestate(""));
  EXPECT_FALSE(IsTracestate("a=b\r\nX: y"));
  EXPECT_FALSE(IsTracestate(std::string(513, 'a')));
}

}  // namespace
}  // namespace relais
