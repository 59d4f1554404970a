#include "server/core/aip/order_by.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/base/error.h"

namespace relais {
namespace {

const std::vector<std::string> kFields = {"submit_time", "display_name", "summary.errors"};

std::vector<OrderTerm> Parse(std::string_view text) {
  const auto order = ParseOrderBy(text, kFields);
  EXPECT_TRUE(order.ok()) << text << ": " << order.status();
  return order.value_or(std::vector<OrderTerm>());
}

std::vector<std::string> OrderProblems(std::string_view text) {
  const auto order = ParseOrderBy(text, kFields);
  std::vector<std::string> problems;
  if (order.ok()) return problems;
  for (const Violation& violation : DetailsOf(order.status()).violations) {
    EXPECT_EQ(violation.field, "order_by");
    problems.push_back(violation.description);
  }
  return problems;
}

TEST(OrderBy, ReadsFieldsAndDirections) {
  EXPECT_TRUE(Parse("").empty());
  EXPECT_TRUE(Parse("  ").empty());
  EXPECT_EQ(Parse("submit_time"), (std::vector<OrderTerm>{{"submit_time", false}}));
  EXPECT_EQ(Parse(" submit_time  desc ,display_name asc,summary.errors"),
            (std::vector<OrderTerm>{
                {"submit_time", true}, {"display_name", false}, {"summary.errors", false}}));
}

TEST(OrderBy, TellsEverythingThatIsWrong) {
  EXPECT_THAT(OrderProblems("submit_tme, , display_name down, display_name desc x, nonsense"),
              testing::ElementsAre(
                  "term 1: \"submit_tme\" cannot be sorted by; did you mean submit_time?",
                  "term 2: is empty: name a field",
                  "term 3: has \"down\" after display_name where \"desc\", a comma or the end "
                  "should stand",
                  "term 4: has \"x\" after display_name where \"desc\", a comma or the end should "
                  "stand",
                  "term 5: \"nonsense\" cannot be sorted by; fields are submit_time, display_name, "
                  "summary.errors"));
  EXPECT_THAT(OrderProblems("display_name, display_name desc"),
              testing::ElementsAre("term 2: names display_name twice"));
  EXPECT_THAT(OrderProblems("display_name,"),
              testing::ElementsAre("term 2: is empty: name a field"));
  EXPECT_THAT(OrderProblems("submit_time DESC"), testing::SizeIs(1));
  EXPECT_THAT(OrderProblems(std::string(1025, 'a')),
              testing::ElementsAre("is longer than 1024 bytes"));
  EXPECT_THAT(OrderProblems(std::string(1000, ',')), testing::SizeIs(16));
  EXPECT_THAT(OrderProblems(std::string("display_name\0", 13)), testing::SizeIs(1));
}

TEST(OrderBy, PutsMissingValuesLastInEitherDirection) {
  struct Row {
    std::optional<FilterValue> submit_time;
    std::string display_name;
  };
  const auto time = [](int seconds) { return FilterValue(absl::FromUnixSeconds(seconds)); };
  std::vector<Row> rows = {
      {std::nullopt, "d"}, {time(1), "c"}, {time(2), "b"}, {time(2), "a"}, {std::nullopt, "e"}};
  const auto names_by = [&](std::string_view text) {
    const std::vector<OrderTerm> order = Parse(text);
    const auto value_of = [](const Row& row) {
      return [&row](std::string_view field) -> std::optional<FilterValue> {
        if (field == "submit_time") return row.submit_time;
        return FilterValue(row.display_name);
      };
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& left, const Row& right) {
      return CompareByOrder(order, value_of(left), value_of(right)) < 0;
    });
    std::string names;
    for (const Row& row : rows) names += row.display_name;
    return names;
  };
  EXPECT_EQ(names_by("submit_time, display_name"), "cabde");
  EXPECT_EQ(names_by("submit_time desc, display_name desc"), "baced");
  EXPECT_EQ(names_by("display_name"), "abcde");
}

}  // namespace
}  // namespace relais
