#include "server/gateway/messages/words.h"

#include <gtest/gtest.h>

namespace relais::gateway {
namespace {

enum class Meal { kUnspecified, kOther, kSoup, kBread };

constexpr Word<Meal> kMeals[] = {
    {Meal::kSoup, "Soup"}, {Meal::kSoup, "Broth"}, {Meal::kBread, "Bread"}};

TEST(Words, StandForValuesInAnyCaseUnlessToldOtherwise) {
  EXPECT_EQ(ValueOf(kMeals, "broth", Meal::kOther), Meal::kSoup);
  EXPECT_EQ(ValueOf(kMeals, "Broth", Meal::kOther, Letters::kExact), Meal::kSoup);
  EXPECT_EQ(ValueOf(kMeals, "broth", Meal::kOther, Letters::kExact), Meal::kOther);
  EXPECT_EQ(ValueOf(kMeals, "Stew", Meal::kOther), Meal::kOther);
  EXPECT_EQ(ValueOf(kMeals, "", Meal::kOther), Meal::kUnspecified);
}

TEST(Words, AreSentAsTheFirstOfTheirValue) {
  EXPECT_EQ(WordOf(kMeals, Meal::kSoup), "Soup");
  EXPECT_EQ(WordOf(kMeals, Meal::kOther), "");
}

}  // namespace
}  // namespace relais::gateway
