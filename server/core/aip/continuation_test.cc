#include "server/core/aip/continuation.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "server/core/base/error.h"

namespace relais {
namespace {

TEST(Continuation, ComesBackFromItsToken) {
  const Continuation sent = {.offset = 123456789012, .key = std::string("M\0\"é", 5)};
  const auto received =
      DecodeContinuation(EncodeContinuation(sent, 42), 42, Reason::kInvalidPageToken);
  ASSERT_TRUE(received.ok()) << received.status();
  EXPECT_EQ(received->offset, sent.offset);
  EXPECT_EQ(received->key, sent.key);
}

TEST(Continuation, IsRefusedWithOtherArguments) {
  const std::string token = EncodeContinuation({.offset = 7, .key = ""}, Fingerprint("a"));
  const auto received = DecodeContinuation(token, Fingerprint("b"), Reason::kInvalidResumeToken);
  EXPECT_EQ(received.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(HasReason(received.status(), Reason::kInvalidResumeToken));
}

TEST(Continuation, IsRefusedWhenCutOrChanged) {
  const std::string token = EncodeContinuation({.offset = 700, .key = "KEY"}, 1);
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(DecodeContinuation(token.substr(0, size), 1, Reason::kInvalidPageToken).ok());
  }
  EXPECT_FALSE(DecodeContinuation("not a token", 1, Reason::kInvalidPageToken).ok());
  EXPECT_FALSE(DecodeContinuation(token + token, 1, Reason::kInvalidPageToken).ok());
}

TEST(Continuation, IsTheSameInEveryProcess) {
  // Tokens outlive the gateway that made them.
  EXPECT_EQ(Fingerprint(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fingerprint("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(EncodeContinuation({.offset = 10, .key = ""}, 0xabc),
            "MTphYmM6NDU2OGMxMTgxODFjYTQ3YToxMDo");
}

TEST(Continuation, IsRefusedWithANegativeOffset) {
  const std::string token = EncodeContinuation({.offset = -1, .key = ""}, 1);
  EXPECT_FALSE(DecodeContinuation(token, 1, Reason::kInvalidPageToken).ok());
}

TEST(Continuation, IsRefusedWithAnOffsetThatCouldOverflow) {
  const auto decoded = [](std::int64_t offset) {
    return DecodeContinuation(EncodeContinuation({.offset = offset, .key = ""}, 1), 1,
                              Reason::kInvalidPageToken)
        .ok();
  };
  EXPECT_TRUE(decoded(kMostOffset));
  EXPECT_FALSE(decoded(kMostOffset + 1));
  EXPECT_FALSE(decoded(std::numeric_limits<std::int64_t>::max()));
}

TEST(Continuation, IsRefusedOnlyWhenLongerThanAnyTokenOfOurs) {
  const Continuation longest{.offset = kMostOffset, .key = std::string(kMostKeyBytes, 'k')};
  const std::string token = EncodeContinuation(longest, ~std::uint64_t{0});
  const auto decoded = DecodeContinuation(token, ~std::uint64_t{0}, Reason::kInvalidPageToken);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->key, longest.key);
  EXPECT_FALSE(DecodeContinuation(token + "AAAA", 1, Reason::kInvalidPageToken).ok());
}

}  // namespace
}  // namespace relais
