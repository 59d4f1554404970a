#include "server/core/base/sha256.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace relais {
namespace {

constexpr char kOfNothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(""), kOfNothing);
  EXPECT_EQ(Sha256Hex("abc"), kOfAbc);
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(Sha256Of("abc")[0], 0xba);
}

TEST(Sha256, IsTheSameInAnyPieces) {
  const std::string bytes("a\0b and some more that is longer than one block of sixty-four bytes",
                          67);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Sha256 sha;
    sha.Update(std::string_view(bytes).substr(0, cut));
    sha.Update(std::string_view(bytes).substr(cut));
    EXPECT_EQ(sha.FinishHex(), Sha256Hex(bytes)) << cut;
  }
}

TEST(Sha256, BeginsAnewAfterItsDigestAndMayBeMoved) {
  Sha256 sha;
  sha.Update("something");
  sha.FinishHex();
  sha.Update("a");
  Sha256 moved = std::move(sha);
  moved.Update("bc");
  EXPECT_EQ(moved.FinishHex(), kOfAbc);
  EXPECT_EQ(moved.FinishHex(), kOfNothing);
}

}  // namespace
}  // namespace relais
