#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <random>

#include "server/core/base/error.h"
#include "server/services/recordsql/query/query.h"
#include "tests/support/metadata.h"
#include "tests/support/sandbox_catalogue.h"
#include "tests/support/sql_text.h"

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

absl::StatusOr<QueryPlan> PlanFilter(const v1::Filter& filter, const std::string& record_sql) {
  v1::Query query;
  query.set_record_sql("erps/demo/dictionaries/" + record_sql);
  *query.mutable_filter() = filter;
  return PlanQuery(query, SandboxCatalogue(), {.raw_sql = true});
}

absl::StatusOr<QueryPlan> PlanFilter(
    const std::string& text, const std::string& record_sql = "gtrsart.dhoq/recordSqls/Article") {
  v1::Filter filter;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &filter)) << text;
  return PlanFilter(filter, record_sql);
}

// The SQL of one custom condition.
std::string Sql(const std::string& condition) {
  const auto plan = PlanFilter("custom { name: 'c' " + condition + " }");
  return plan.ok() ? plan->created.at(0).second : std::string(plan.status().message());
}

TEST(CustomCondition, CompilesEachOperator) {
  const std::string ref = "field: 'art.ref' operator: OPERATOR_";
  EXPECT_EQ(Sql(ref + "EQUAL values { string_value: \"L'A\" }"), "ART.REF = 'L''A'");
  EXPECT_EQ(Sql(ref + "NOT_EQUAL values { string_value: 'A' }"), "ART.REF <> 'A'");
  EXPECT_EQ(Sql(ref + "LESS values { integer_value: 5 }"), "ART.REF < '5'");
  EXPECT_EQ(Sql(ref + "LIKE values { string_value: '%A_' }"), "ART.REF LIKE '%A_'");
  EXPECT_EQ(Sql(ref + "NOT_LIKE values { string_value: 'A%' }"), "ART.REF NOT LIKE 'A%'");
  EXPECT_EQ(Sql(ref + "IN values { string_value: 'A' }"), "ART.REF IN ('A')");
  EXPECT_EQ(Sql(ref + "IN values { string_value: 'A' } values { string_value: 'B' }"),
            "ART.REF IN ('A', 'B')");
  EXPECT_EQ(Sql(ref + "IS_NULL"), "ART.REF IS NULL");
  EXPECT_EQ(Sql(ref + "IS_NOT_NULL"), "ART.REF IS NOT NULL");
  const std::string price = "field: 'ART.PRIX' operator: OPERATOR_";
  EXPECT_EQ(Sql(price + "BETWEEN values { decimal_value: '-1.5' } values { integer_value: 3 }"),
            "ART.PRIX BETWEEN -1.5 AND 3");
  EXPECT_EQ(Sql(price + "LESS_OR_EQUAL values { string_value: '3' }"), "ART.PRIX <= 3");
  EXPECT_EQ(Sql(price + "GREATER values { integer_value: 3 }"), "ART.PRIX > 3");
  EXPECT_EQ(Sql("field: 'ART.CREDT' operator: OPERATOR_GREATER_OR_EQUAL "
                "values { date_value { year: 2024 month: 2 day: 29 } }"),
            "ART.CREDT >= '20240229'");
  EXPECT_EQ(Sql("field: 'FOU.NOM' operator: OPERATOR_EQUAL values { string_value: 'A' }"),
            "FOU.NOM = 'A'");
}

TEST(CustomCondition, RefusesWhatDoesNotFitItsOperatorOrField) {
  const absl::Status status = PlanFilter(R"(
    custom { name: "a" field: "ART.REF" operator: OPERATOR_EQUAL }
    custom { name: "b" field: "ART.REF" operator: OPERATOR_BETWEEN values { string_value: "x" } }
    custom { name: "c" field: "ART.REF" operator: OPERATOR_IS_NULL values { string_value: "x" } }
    custom { name: "d" field: "ART.REF" }
    custom { name: "e" field: "ART.NOPE" operator: OPERATOR_IS_NULL }
    custom { name: "f" field: "T057.VIL" operator: OPERATOR_IS_NULL }
    custom { name: "g" field: "REF = 1 OR ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "h" field: "ART.PRIX" operator: OPERATOR_EQUAL values { string_value: "1 OR 1=1" } }
    custom { name: "i" field: "ART.REF" operator: OPERATOR_LIKE values { integer_value: 1 } }
    custom { name: "j" field: "ART.REF" operator: OPERATOR_EQUAL values { null_value: NULL_VALUE } }
    custom { name: "k" field: "ART.REF" operator: OPERATOR_IN })")
                                  .status();
  const auto at = [](int i, const char* rest) {
    return "query.filter.custom[" + std::to_string(i) + "]" + rest;
  };
  EXPECT_THAT(
      ViolatedFields(status),
      UnorderedElementsAre(at(0, ".values"), at(1, ".values"), at(2, ".values"), at(3, ".operator"),
                           at(4, ".field"), at(5, ".field"), at(6, ".field"), at(7, ".values[0]"),
                           at(8, ".values[0]"), at(9, ".values[0]"), at(10, ".values")));
}

TEST(CustomCondition, HasANameOfItsOwn) {
  const absl::Status status = PlanFilter(R"(
    cases { name: "Equal_Ref" parameters { key: "ref" value { string_value: "A" } } }
    custom { name: "equal_ref" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "Like_Ref" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "mine" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "MINE" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "or" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "a;b" field: "ART.REF" operator: OPERATOR_IS_NULL }
    raw { name: "mine" sql: "1 = 1" } raw { name: "empty" })")
                                  .status();
  EXPECT_THAT(ViolatedFields(status),
              UnorderedElementsAre("query.filter.custom[0].name", "query.filter.custom[1].name",
                                   "query.filter.custom[3].name", "query.filter.custom[4].name",
                                   "query.filter.custom[5].name", "query.filter.raw[0].name",
                                   "query.filter.raw[1].sql"));
}

TEST(Filter, NamesEveryOwnConditionInTheExpression) {
  const std::string two = R"(
    custom { name: "A" field: "ART.REF" operator: OPERATOR_IS_NULL }
    custom { name: "B" field: "ART.EAN" operator: OPERATOR_IS_NULL })";
  EXPECT_EQ(PlanFilter(two)->expression, "A and B");
  EXPECT_EQ(PlanFilter(two + "operator: OPERATOR_OR")->expression, "A or B");
  const std::string with_case =
      two + "cases { name: 'Equal_Ref' parameters { key: 'ref' value { string_value: 'x' } } }";
  // Cases that no expression names are ANDed by the upstream, which is right for AND only.
  EXPECT_EQ(PlanFilter(with_case)->expression, "A and B");
  EXPECT_EQ(PlanFilter(with_case + "operator: OPERATOR_OR")->expression, "Equal_Ref or A or B");
  EXPECT_EQ(PlanFilter(with_case + "expression: '(a OR equal_ref) AND b'")->expression,
            "(a or equal_ref) and b");
}

TEST(Filter, RefusesAnExpressionThatWouldChangeTheMeaning) {
  const std::string one = "custom { name: 'A' field: 'ART.REF' operator: OPERATOR_IS_NULL }";
  for (const char* expression : {"A and C", "A or", "A; B"}) {
    EXPECT_THAT(ViolatedFields(PlanFilter(one + "expression: '" + expression + "'").status()),
                ElementsAre("query.filter.expression"))
        << expression;
  }
  const std::string unused =
      one + "custom { name: 'B' field: 'ART.REF' operator: OPERATOR_IS_NULL }";
  EXPECT_THAT(ViolatedFields(PlanFilter(unused + "expression: 'A'").status()),
              ElementsAre("query.filter.expression"));
}

TEST(Filter, RefusesOrWhereTheUpstreamWouldAnd) {
  const std::string twice = R"(operator: OPERATOR_OR
    cases { name: "Equal_Ref" parameters { key: "ref" value { string_value: "A" } } }
    cases { name: "EQUAL_REF" parameters { key: "ref" value { string_value: "B" } } })";
  EXPECT_TRUE(PlanFilter(twice).ok());
  const std::string own = "custom { name: 'A' field: 'ART.REF' operator: OPERATOR_IS_NULL }";
  EXPECT_THAT(ViolatedFields(PlanFilter(twice + own).status()),
              ElementsAre("query.filter.operator"));
}

TEST(Filter, HasBetweenOneAndSixtyFourConditions) {
  EXPECT_THAT(ViolatedFields(PlanFilter("").status()), ElementsAre("query.filter"));
  v1::Filter filter;
  for (int i = 0; i < 64; ++i) {
    v1::CustomCondition& added = *filter.add_custom();
    added.set_name("C" + std::to_string(i));
    added.set_field("ART.REF");
    added.set_operator_(v1::CustomCondition::OPERATOR_IS_NULL);
  }
  EXPECT_TRUE(PlanFilter(filter, "gtrsart.dhoq/recordSqls/Article").ok());
  *filter.add_custom() = filter.custom(0);
  EXPECT_THAT(ViolatedFields(PlanFilter(filter, "gtrsart.dhoq/recordSqls/Article").status()),
              ElementsAre("query.filter"));
}

std::string RandomText(std::mt19937& random) {
  static const std::string kAlphabet = "'';-/*\"\\=%_() \n\tORor1x\xc2\xa0";
  std::string text;
  for (std::size_t size = random() % 16; text.size() < size;)
    text += kAlphabet[random() % kAlphabet.size()];
  return text;
}

TEST(Filter, LetsNoValueOutOfItsPlace) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts every time
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = RandomText(random);
    v1::Filter filter;
    v1::CustomCondition& custom = *filter.add_custom();
    custom.set_name("c");
    custom.set_field(round % 2 == 0 ? "T.F" : "ART.REF");
    custom.set_operator_(round % 3 == 0 ? v1::CustomCondition::OPERATOR_LIKE
                                        : v1::CustomCondition::OPERATOR_IN);
    custom.add_values()->set_string_value(text);
    v1::CaseCall& call = *filter.add_cases();
    call.set_name("Like_Ref");
    (*call.mutable_parameters())["reference"].set_string_value(text);
    const auto plan = PlanFilter(
        filter, round % 2 == 0 ? "x.dhoq/recordSqls/X" : "gtrsart.dhoq/recordSqls/Article");
    if (!plan.ok()) {
      ASSERT_NE(text.find_first_of(";\n\t"), std::string::npos) << text << plan.status();
      continue;
    }
    ++accepted;
    const SqlText sql = SplitSql(plan->created[0].second);
    ASSERT_TRUE(sql.closed) << text;
    ASSERT_THAT(sql.literals, ElementsAre(text));
    ASSERT_THAT(sql.skeleton,
                testing::AnyOf("T.F LIKE ?", "ART.REF LIKE ?", "T.F IN (?)", "ART.REF IN (?)"));
    ASSERT_EQ(plan->cases[0].second, "reference=" + text);
    ASSERT_EQ(plan->cases[0].second.find(';'), std::string::npos);
  }
  EXPECT_GT(accepted, 300);
}

TEST(Filter, LetsNoNameInThatIsNotOne) {
  std::mt19937 random(8);  // NOLINT(cert-msc51-cpp): the same texts every time
  for (int round = 0; round < 5000; ++round) {
    const std::string text = RandomText(random);
    v1::Filter filter;
    v1::CustomCondition& custom = *filter.add_custom();
    custom.set_name(text);
    custom.set_field("T." + text);
    custom.set_operator_(v1::CustomCondition::OPERATOR_IS_NULL);
    v1::CaseCall& call = *filter.add_cases();
    call.set_name(text);
    (*call.mutable_parameters())[text].set_string_value("x");
    const auto plan = PlanFilter(filter, "x.dhoq/recordSqls/X");
    if (!plan.ok()) continue;
    ASSERT_EQ(text.find_first_not_of("ORorx1_"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace relais::recordsql
