#include "server/core/net/frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "server/core/base/error.h"

namespace relais {
namespace {

// All frames of `bytes`, which come in pieces of these sizes, the last one over and over.
std::vector<std::string> ReadFrames(const std::string& bytes, std::vector<std::size_t> sizes) {
  FrameReader reader(1000);
  std::vector<std::string> frames;
  std::size_t at = 0;
  for (std::size_t i = 0; at < bytes.size(); ++i) {
    const std::size_t size = sizes[std::min(i, sizes.size() - 1)];
    reader.Add(std::string_view(bytes).substr(at, size));
    at += size;
    while (true) {
      auto frame = reader.Next();
      EXPECT_TRUE(frame.ok()) << frame.status();
      if (!frame.ok() || !frame->has_value()) break;
      frames.push_back(**std::move(frame));
    }
  }
  EXPECT_TRUE(reader.AtBoundary());
  return frames;
}

TEST(Frame, HasItsLengthBeforeIt) {
  EXPECT_EQ(EncodeFrame("abc"), std::string("\0\0\0\3abc", 7));
  EXPECT_EQ(EncodeFrame(""), std::string(4, '\0'));
  EXPECT_EQ(EncodeFrame(std::string(258, 'x')).substr(0, 4), std::string("\0\0\1\2", 4));
}

TEST(Frame, ComesOutWholeHoweverItsBytesAreSplit) {
  const std::vector<std::string> contents = {"one", "",
                                             std::string("t\0w\xff"
                                                         "o",
                                                         5),
                                             "three"};
  std::string bytes;
  for (const std::string& content : contents) bytes += EncodeFrame(content);
  for (std::size_t first = 1; first <= bytes.size(); ++first) {
    for (std::size_t rest = 1; rest <= bytes.size(); ++rest)
      EXPECT_EQ(ReadFrames(bytes, {first, rest}), contents) << first << " and " << rest;
  }
}

TEST(Frame, ThatIsCutIsNoBoundary) {
  const std::string bytes = EncodeFrame("content");
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    FrameReader reader(1000);
    reader.Add(bytes.substr(0, size));
    const auto frame = reader.Next();
    ASSERT_TRUE(frame.ok());
    EXPECT_FALSE(frame->has_value());
    EXPECT_FALSE(reader.AtBoundary());
  }
}

TEST(Frame, ThatIsTooLargeOrOfNegativeLengthIsRefusedBeforeItHasCome) {
  for (const std::string& head :
       {std::string("\0\0\3\xe9", 4), std::string("\x7f\xff\xff\xff", 4),
        std::string("\x80\0\0\0", 4), std::string("\xff\xff\xff\xff", 4)}) {
    FrameReader reader(1000);
    reader.Add(head);
    EXPECT_TRUE(HasReason(reader.Next().status(), Reason::kUpstreamMalformedResponse));
  }
  FrameReader reader(1000);
  reader.Add(EncodeFrame(std::string(1000, 'x')));
  EXPECT_EQ((*reader.Next())->size(), 1000U);
}

}  // namespace
}  // namespace relais
