// The documented examples E1 to E16 of the RecordSql service, through the gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sandbox/upstreams/recordsql/operations.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using sandbox::recordsql::RecordSqlOperation;

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class RecordSqlExamples : public GatewayTest {
 protected:
  // Towns of company file 997, where the examples on conditions play.
  std::vector<std::string> Towns(const std::string& conditions) {
    return ValuesOf(gateway().Page(QueryOf(kCodePostal, "company_file: '997' " + conditions)),
                    "VIL");
  }

  // Sizes of all pages of the clients up to `last`.
  std::vector<int> PageSizes(int last, int page_size) {
    const v1::Query query = QueryOf(kClient,
                                    "filter { custom { name: 'UpTo' field: 'CLI.CLI_ID' "
                                    "operator: OPERATOR_LESS_OR_EQUAL values { integer_value: " +
                                        std::to_string(last) + " } } }");
    std::vector<int> sizes;
    std::string token;
    do {
      const auto page = gateway().Query(query, page_size, token);
      EXPECT_TRUE(page.status.ok()) << Describe(page.status);
      sizes.push_back(page.message.rows_size());
      token = page.message.next_page_token();
    } while (!token.empty());
    return sizes;
  }
};

TEST_F(RecordSqlExamples, E1SignsInOnceForManyCalls) {
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth), 0);
  EXPECT_THAT(gateway().Page(QueryOf(kCodePostal), 1).rows(), SizeIs(1));
  EXPECT_THAT(gateway().Page(QueryOf(kCodePostal), 1).rows(), SizeIs(1));
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth), 1);
  EXPECT_EQ(json::parse(sandbox().traffic().LastBodies().front()),
            json::parse(R"({"user":"DEMO","env":"ERP"})"));
}

TEST_F(RecordSqlExamples, E2TellsThatADictionaryIsNotAuthorized) {
  const auto reply = gateway().Query(QueryOf("xxrstab.dhoq/Anything"));
  EXPECT_TRUE(Fails(reply.status, grpc::PERMISSION_DENIED, "DICTIONARY_NOT_AUTHORIZED"));
  const Failure failure = FailureOf(reply.status);
  EXPECT_EQ(failure.metadata.at("upstreamCode"), "54");
  EXPECT_EQ(failure.metadata.at("connection"), "sandbox");
  EXPECT_EQ(failure.locale, "fr");
  EXPECT_THAT(failure.localized, AllOf(StartsWith("erreur : dhoq "), HasSubstr("non autorisé")));
}

TEST_F(RecordSqlExamples, E3ReadsTheFirstCategory) {
  const v1::QueryRecordsResponse page = gateway().Page(QueryOf(kCatFou), 1);
  EXPECT_EQ(page.table(), "T116");
  ASSERT_THAT(page.rows(), SizeIs(1));
  const std::map<std::string, std::string> expected = {{"T116_ID", "3"},
                                                       {"CEBIN", "116"},
                                                       {"DOS", "998"},
                                                       {"TABNO", "116"},
                                                       {"CATFOUCOD", "TRANSIT"},
                                                       {"LIB80", "Transitaire"},
                                                       {"CATFABFL", "1"},
                                                       {"USERCR", "DEMO"},
                                                       {"USERMO", "DEMO"},
                                                       {"CENOTE", "1"},
                                                       {"NOTE", "0"},
                                                       {"USERCRDH", "20191119144005"},
                                                       {"USERMODH", "20191119144026"}};
  EXPECT_EQ(RowOf(page), expected);
}

TEST_F(RecordSqlExamples, E4ReadsTwoFields) {
  const auto page = gateway().Page(QueryOf(kCodePostal, "fields: 'CPOSTAL' fields: 'VIL'"), 2);
  EXPECT_EQ(page.table(), "T057");
  EXPECT_THAT(NamesOf(page.columns()), ElementsAre("CPOSTAL", "VIL"));
  EXPECT_THAT(ValuesOf(page, "CPOSTAL"), ElementsAre("01000", "01000"));
  EXPECT_THAT(ValuesOf(page, "VIL"), ElementsAre("BOURG EN BRESSE", "BROU"));
}

TEST_F(RecordSqlExamples, E5MatchesLike) {
  const auto page =
      gateway().Page(QueryOf(kCodePostal,
                             "fields: 'CPOSTAL' fields: 'VIL' where { name: 'like_cpostal' "
                             "parameters { key: 'cpostal' value { string_value: '67%' } } }"),
                     100);
  EXPECT_THAT(ValuesOf(page, "CPOSTAL"), ElementsAre("67000"));
  EXPECT_THAT(ValuesOf(page, "VIL"), ElementsAre("STRASBOURG"));
}

TEST_F(RecordSqlExamples, E6ReadsTheFirstPage) {
  const auto page = gateway().Page(QueryOf(kModeReglement), 10);
  EXPECT_EQ(page.table(), "T006");
  EXPECT_THAT(NamesOf(page.columns()), IsSupersetOf({"DOS", "REGL", "LIB"}));
  EXPECT_THAT(ValuesOf(page, "REGL"),
              ElementsAre("B30", "B30F", "C", "N10", "N30", "P30", "P30F", "T30", "T30F", "T60"));
  EXPECT_EQ(RowOf(page).at("DOS"), "998");
  EXPECT_EQ(RowOf(page).at("LIB"), "");
  EXPECT_NE(page.next_page_token(), "");
}

TEST_F(RecordSqlExamples, E7ReadsTheSecondPage) {
  const v1::Query query = QueryOf(kModeReglement, "fields: 'DOS' fields: 'REGL' fields: 'LIB'");
  const std::string token = gateway().Page(query, 10).next_page_token();
  const auto second = gateway().Query(query, 10, token);
  ASSERT_TRUE(second.status.ok()) << Describe(second.status);
  EXPECT_THAT(ValuesOf(second.message, "REGL"),
              ElementsAre("T60F", "TMUL", "V30", "V30F", "E", "TMEN", "VIR", "VII", "SEPA"));
  EXPECT_EQ(second.message.next_page_token(), "");
}

TEST_F(RecordSqlExamples, E8ReadsBaseColumnsWithEverythingSwitchedOff) {
  const auto page = gateway().Page(
      QueryOf(kArticle, R"(fields: 'DOS' fields: 'REF' fields: 'EAN' order_by: 'Par_CodeEAN'
          where { name: 'Between_Ean'
                  parameters { key: 'eanD' value { string_value: '3000000000000' } }
                  parameters { key: 'eanF' value { string_value: '4000000000000' } } }
          joins { all: true action: ACTION_DEACTIVATE }
          columns { all: true action: ACTION_DEACTIVATE })"),
      5);
  EXPECT_EQ(page.table(), "ART");
  EXPECT_THAT(ValuesOf(page, "REF"),
              ElementsAre("FCR0011", "CPAQ0009", "FPN0104", "X0000018", "FPT0061"));
  EXPECT_THAT(ValuesOf(page, "EAN"), ElementsAre("3210330000250", "3210330003821", "3210330017159",
                                                 "3210330017585", "3210330021356"));
  EXPECT_THAT(ValuesOf(page, "DOS"), ElementsAre("998", "998", "998", "998", "998"));
}

TEST_F(RecordSqlExamples, E9TellsWhenTheSessionEnds) {
  const auto session = gateway().Call(&Stub::GetSession, "name: 'erps/sandbox'");
  ASSERT_TRUE(session.status.ok()) << Describe(session.status);
  const absl::Duration left =
      absl::FromUnixSeconds(session.message.expire_time().seconds()) - absl::Now();
  EXPECT_GT(left, absl::Minutes(43));
  EXPECT_LE(left, absl::Minutes(45));
  EXPECT_EQ(session.message.name(), "erps/sandbox");
  EXPECT_EQ(session.message.expire_minutes(), 0);
  EXPECT_EQ(session.message.time_zone(), "Romance Standard Time");
  EXPECT_EQ(session.message.user(), "");
  EXPECT_EQ(json::parse(gateway().ExecuteBodies().back())["infos"], "<infostoken>1");
}

TEST_F(RecordSqlExamples, E10AppliesOneCase) {
  EXPECT_THAT(Towns("where { name: 'Equal_Vil' parameters { key: 'vil' "
                    "value { string_value: 'ENTZHEIM' } } }"),
              ElementsAre("ENTZHEIM"));
}

TEST_F(RecordSqlExamples, E11JoinsCasesWithAnd) {
  EXPECT_THAT(Towns(R"(filter {
      cases { name: 'LIKE_VIL' parameters { key: 'vil' value { string_value: 'EN%' } } }
      cases { name: 'LIKE_CPOSTAL' parameters { key: 'cpostal' value { string_value: '67%' } } }
    })"),
              ElementsAre("ENTZHEIM"));
}

TEST_F(RecordSqlExamples, E12JoinsCasesWithOr) {
  EXPECT_THAT(Towns(R"(filter { operator: OPERATOR_OR
      cases { name: 'EQUAL_VIL' parameters { key: 'vil' value { string_value: 'ALBI' } } }
      cases { name: 'EQUAL_VIL' parameters { key: 'vil' value { string_value: 'TOULOUSE' } } } })"),
              UnorderedElementsAre("ALBI", "TOULOUSE"));
}

TEST_F(RecordSqlExamples, E13CombinesCasesByAnExpression) {
  EXPECT_THAT(Towns(R"(filter { expression: '(Like_Cpostal and Equal_Vil) or Like_Vil'
      cases { name: 'EQUAL_VIL' parameters { key: 'vil' value { string_value: 'ENTZHEIM' } } }
      cases { name: 'LIKE_VIL' parameters { key: 'vil' value { string_value: '%OBER%' } } }
      cases { name: 'LIKE_CPOSTAL' parameters { key: 'cpostal' value { string_value: '67%' } } }
    })"),
              UnorderedElementsAre("ENTZHEIM", "OBERNAI", "OBERHERGHEIM"));
}

TEST_F(RecordSqlExamples, E14CombinesOwnConditions) {
  EXPECT_THAT(Towns(R"(filter { expression: 'CONDVILLE2 OR CONDVILLE3'
      custom { name: 'CONDVILLE2' field: 'T057.VIL' operator: OPERATOR_EQUAL
               values { string_value: 'TOULOUSE' } }
      custom { name: 'CONDVILLE3' field: 'T057.VIL' operator: OPERATOR_EQUAL
               values { string_value: 'ALBI' } } })"),
              UnorderedElementsAre("TOULOUSE", "ALBI"));
  // The vendor advises to remove the names that are about to be created.
  const json filter = json::parse(gateway().ExecuteBodies().front())["filter"];
  EXPECT_EQ(filter["whereremovecondition"]["parameters"], "CONDVILLE2;CONDVILLE3");
}

TEST_F(RecordSqlExamples, E14RefusesAConditionThatWouldHaveNoEffect) {
  const auto reply = gateway().Query(QueryOf(kCodePostal, R"(filter { expression: 'CONDVILLE2'
      custom { name: 'CONDVILLE1' field: 'T057.VIL' operator: OPERATOR_IS_NULL }
      custom { name: 'CONDVILLE2' field: 'T057.VIL' operator: OPERATOR_IS_NULL } })"));
  EXPECT_TRUE(Violates(reply.status, "query.filter.expression"));
}

TEST_F(RecordSqlExamples, E15SwitchesJoinsInOrder) {
  const std::string off = "joins { all: true action: ACTION_DEACTIVATE }";
  EXPECT_THAT(RowOf(gateway().Page(QueryOf(kArticle), 1)),
              IsSupersetOf({std::pair<const std::string, std::string>("FAMLIB", "Outillage"),
                            {"FOU_NOM", "Ateliers du Rhin"}}));
  EXPECT_THAT(NamesOf(gateway().Page(QueryOf(kArticle, off), 1).columns()),
              AllOf(Not(::testing::Contains("FAMLIB")), Not(::testing::Contains("FOU_NOM"))));
  const auto one = gateway().Page(
      QueryOf(kArticle, off + "joins { name: 'majointure' action: ACTION_ACTIVATE }"), 1);
  EXPECT_EQ(RowOf(one).at("FAMLIB"), "Outillage");
  EXPECT_THAT(NamesOf(one.columns()), Not(::testing::Contains("FOU_NOM")));
}

TEST_F(RecordSqlExamples, E16LoopsOverPages) {
  EXPECT_THAT(PageSizes(18, 10), ElementsAre(10, 8));
  EXPECT_THAT(PageSizes(15, 5), ElementsAre(5, 5, 5, 0));
}

}  // namespace
}  // namespace relais::integration
