#include "server/services/recordsql/query/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;

std::string Rewritten(const std::string& source) {
  const auto expression = ParseExpression(source);
  return expression.ok() ? expression->text : std::string(expression.status().message());
}

TEST(Expression, IsWrittenAnewWithItsNames) {
  const auto read = ParseExpression(" (Like_Cpostal\tAND Equal_Vil )Or\nLike_Vil ");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text, "(Like_Cpostal and Equal_Vil) or Like_Vil");
  EXPECT_THAT(read->names, ElementsAre("Like_Cpostal", "Equal_Vil", "Like_Vil"));
}

TEST(Expression, KeepsRepetitionsAndParentheses) {
  EXPECT_EQ(Rewritten("A"), "A");
  EXPECT_EQ(Rewritten("((A))"), "((A))");
  EXPECT_EQ(Rewritten("A and A or A"), "A and A or A");
  EXPECT_THAT(ParseExpression("A and A")->names, ElementsAre("A", "A"));
}

TEST(Expression, RefusesEverythingElse) {
  EXPECT_EQ(Rewritten(""), "ends where the name of a condition should stand");
  EXPECT_EQ(Rewritten("A and"), "ends where the name of a condition should stand");
  EXPECT_EQ(Rewritten("A B"), "has \"B\" where AND, OR or the end should stand");
  EXPECT_EQ(Rewritten("A)"), "has \")\" where AND, OR or the end should stand");
  EXPECT_EQ(Rewritten("(A"), "ends where \")\" should stand");
  EXPECT_EQ(Rewritten("()"), "has \")\" where the name of a condition should stand");
  EXPECT_EQ(Rewritten("or A"), "has \"or\" where the name of a condition should stand");
  for (const char* source : {"A; drop", "A = 1", "not A", "A et B", "'A'", "A -- B", "A/*", "1",
                             "_A", "A and (B or)", "A\\B", "é"}) {
    EXPECT_FALSE(ParseExpression(source).ok()) << source;
  }
  EXPECT_FALSE(ParseExpression(std::string("A\0B", 3)).ok());
}

TEST(Expression, LimitsDepthAndLength) {
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "A" + std::string(depth, ')');
  };
  EXPECT_TRUE(ParseExpression(nested(32)).ok());
  EXPECT_EQ(Rewritten(nested(33)), "has parentheses nested too deep");
  EXPECT_EQ(Rewritten(std::string(4000, '(')), "has parentheses nested too deep");
  std::string longest = "A";
  while (longest.size() + 5 <= 4000) longest += " or A";
  EXPECT_TRUE(ParseExpression(longest).ok());
  EXPECT_EQ(Rewritten(longest + " or A"), "is longer than 4000 characters");
}

TEST(Expression, QuotesOnlyTheBeginningOfALongWord) {
  EXPECT_EQ(Rewritten("A " + std::string(100, 'B')),
            "has \"" + std::string(64, 'B') + "\" where AND, OR or the end should stand");
}

TEST(Expression, QuotesWholeCharacters) {
  EXPECT_EQ(Rewritten("A and é"), "has \"é\" where the name of a condition should stand");
  EXPECT_EQ(Rewritten("A 😀 B").substr(0, 17), "has \"😀\" where ");
}

}  // namespace
}  // namespace relais::recordsql
