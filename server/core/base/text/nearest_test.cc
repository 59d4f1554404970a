#include "server/core/base/text/nearest.h"

#include <gtest/gtest.h>

namespace relais {
namespace {

const std::vector<std::string> kCandidates = {"CPOSTAL", "VIL", "DOS", "Par_Cpostal"};

TEST(Nearest, FindsAMisspeltWord) {
  EXPECT_EQ(Nearest("CPOSTL", kCandidates), "CPOSTAL");
  EXPECT_EQ(Nearest("VILL", kCandidates), "VIL");
  EXPECT_EQ(Nearest("Par_Cpsotal", kCandidates), "Par_Cpostal");
}

TEST(Nearest, IgnoresLetterCase) { EXPECT_EQ(Nearest("par_cpostal", kCandidates), "Par_Cpostal"); }

TEST(Nearest, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(Nearest("AUTRECHOSE", kCandidates), "");
  EXPECT_EQ(Nearest("X", kCandidates), "");
  EXPECT_EQ(Nearest("foo", {"log"}), "");
  EXPECT_EQ(Nearest("", kCandidates), "");
  EXPECT_EQ(Nearest("CPOSTAL", {}), "");
}

TEST(Nearest, DoesNotCompareWordsThatAreTooLong) {
  const std::string longest(64, 'a');
  EXPECT_EQ(Nearest(longest, {longest}), longest);
  EXPECT_EQ(Nearest(longest + "a", {longest}), "");
  EXPECT_EQ(Nearest(longest, {longest + "a"}), "");
}

TEST(Nearest, ConsidersSoManyCandidates) {
  std::vector<std::string> candidates(499, "AUTRECHOSE");
  candidates.push_back("CPOSTAL");
  EXPECT_EQ(Nearest("CPOSTL", candidates), "CPOSTAL");
  candidates.insert(candidates.begin(), "AUTRECHOSE");
  EXPECT_EQ(Nearest("CPOSTL", candidates), "");
}

}  // namespace
}  // namespace relais
