#include "server/core/base/randomness.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

namespace relais {
namespace {

std::vector<std::uint64_t> SomeBits() {
  std::vector<std::uint64_t> bits(100);
  for (std::uint64_t& one : bits) one = RandomBits();
  return bits;
}

std::vector<std::uint64_t> SomeBitsOf(std::uint64_t seed) {
  const SeededRandomness seeded(seed);
  return SomeBits();
}

TEST(Randomness, NeverRepeatsItself) {
  const std::vector<std::uint64_t> bits = SomeBits();
  EXPECT_EQ(std::set<std::uint64_t>(bits.begin(), bits.end()).size(), bits.size());
  EXPECT_NE(SomeBits(), bits);
}

TEST(Randomness, OfASeedIsTheSameAgain) {
  EXPECT_EQ(SomeBitsOf(7), SomeBitsOf(7));
  EXPECT_NE(SomeBitsOf(7), SomeBitsOf(8));
}

TEST(Randomness, IsTheSystemsAgainWithoutASeed) {
  SomeBitsOf(7);
  EXPECT_NE(SomeBits(), SomeBits());
}

}  // namespace
}  // namespace relais
