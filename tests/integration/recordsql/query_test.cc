// QueryRecords: paging, columns, and conditions against real rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"
#include "tests/support/scripted_http_server.h"

namespace relais::integration {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class QueryRecords : public GatewayTest {
 protected:
  grpc::Status StatusOf(const std::string& record_sql, const std::string& text) {
    return gateway().Query(QueryOf(record_sql, text)).status;
  }
  std::vector<std::string> Towns(const std::string& text) {
    return ValuesOf(gateway().Page(QueryOf(kCodePostal, "company_file: '997' " + text)), "VIL");
  }
  std::vector<std::string> Ids(const std::string& text) {
    return ValuesOf(gateway().Page(QueryOf(kClient, text), 1000), "CLI_ID");
  }
  void StartWith(std::vector<std::string> settings) {
    GatewayOptions options;
    options.erp = std::move(settings);
    Start(std::move(options));
  }
};

std::string Whole(int number) { return absl::StrCat("values { integer_value: ", number, " } "); }

TEST_F(QueryRecords, PagesToTheEnd) {
  const v1::Query query = QueryOf(kModeReglement);
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = gateway().Query(query, 4, token);
    ASSERT_TRUE(page.status.ok()) << Describe(page.status);
    for (std::string& value : ValuesOf(page.message, "REGL")) seen.push_back(std::move(value));
    token = page.message.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(seen, ValuesOf(gateway().Page(query), "REGL"));
}

// Clients of gRPC refuse messages of more than 4 MiB unless told otherwise.
TEST_F(QueryRecords, APageEndsBeforeItIsTooLargeForAMessage) {
  static constexpr int kRows = 7;
  ScriptedHttpServer upstream([](ScriptedConnection& connection) {
    while (const auto request = connection.ReadRequest()) {
      std::string reply = R"({"error":0,"access_token":"t"})";
      if (request->find("/RecordSql/Execute") != std::string::npos) {
        const auto asked = nlohmann::json::parse(request->substr(request->find("\r\n\r\n") + 4));
        auto records = nlohmann::json::array();
        const int end = std::min(kRows, asked.value("offset", 0) + asked.value("count", 0));
        for (int i = asked.value("offset", 0); i < end; ++i)
          records.push_back({{"record", {{"NOM", absl::StrCat(i, std::string(1 << 20, 'x'))}}}});
        reply =
            nlohmann::json{{"error", 0}, {"nbrecord", records.size()}, {"records", records}}.dump();
      }
      connection.Write(
          absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", reply.size(), "\r\n\r\n", reply));
    }
  });
  StartWith({"base_url=" + upstream.Url("")});
  const v1::Query query = QueryOf(kClient, "fields: 'NOM'");
  std::string token, told;
  int pages = 0;
  do {
    const auto page = gateway().Query(query, 100, token);
    ASSERT_TRUE(page.status.ok()) << Describe(page.status);
    for (const v1::Row& row : page.message.rows()) told += row.values(0).string_value()[0];
    token = page.message.next_page_token();
    ++pages;
  } while (!token.empty() && pages < kRows);
  EXPECT_EQ(told, "0123456");
  EXPECT_EQ(pages, 4);
}

TEST_F(QueryRecords, TellsAllThatIsWrongAtOnce) {
  v1::QueryRecordsRequest request;
  *request.mutable_query() = QueryOf(kClient, "fields: 'NOTHING'");
  request.set_skip(-2);
  const grpc::Status status = gateway().Call(&Stub::QueryRecords, request).status;
  for (const char* field : {"query.fields[0]", "skip"})
    EXPECT_TRUE(Violates(status, field)) << field;
}

TEST_F(QueryRecords, FillsAPageUnderALowerCap) {
  Disturb({.row_cap = 7});
  const auto page = gateway().Page(QueryOf(kClient), 30);
  EXPECT_THAT(page.rows(), SizeIs(30));
  EXPECT_THAT(gateway().Page(QueryOf(kModeReglement), 100).rows(), SizeIs(19));
}

TEST_F(QueryRecords, HasDocumentedPageSizes) {
  EXPECT_THAT(gateway().Page(QueryOf(kClient)).rows(), SizeIs(100));
  StartWith({"max_page_size=40"});
  EXPECT_THAT(gateway().Page(QueryOf(kClient)).rows(), SizeIs(40));
  EXPECT_THAT(gateway().Page(QueryOf(kClient), 41).rows(), SizeIs(40));
}

TEST_F(QueryRecords, PassesOverRows) {
  v1::QueryRecordsRequest request;
  *request.mutable_query() = QueryOf(kClient);
  request.set_skip(2490);
  request.set_page_size(6);
  const auto first = gateway().Call(&Stub::QueryRecords, request);
  EXPECT_EQ(ValuesOf(first.message, "CLI_ID").front(), "2491");
  request.set_page_token(first.message.next_page_token());
  EXPECT_THAT(ValuesOf(gateway().Call(&Stub::QueryRecords, request).message, "CLI_ID"),
              ElementsAre("2497", "2498", "2499", "2500"));
  request.set_skip(2491);
  EXPECT_TRUE(Fails(gateway().Call(&Stub::QueryRecords, request).status, grpc::INVALID_ARGUMENT,
                    "INVALID_PAGE_TOKEN"));
}

TEST_F(QueryRecords, RefusesForeignTokensAndNegativeNumbers) {
  const std::string token = gateway().Page(QueryOf(kClient), 1).next_page_token();
  const v1::Query other = QueryOf(kClient, "order_by: 'Par_Nom'");
  for (const auto& [query, with] :
       {std::pair(other, token), {QueryOf(kModeReglement), token}, {other, std::string("x")}}) {
    EXPECT_TRUE(Fails(gateway().Query(query, 1, with).status, grpc::INVALID_ARGUMENT,
                      "INVALID_PAGE_TOKEN"));
  }
  EXPECT_TRUE(Violates(gateway().Query(other, -1).status, "page_size"));
  v1::QueryRecordsRequest request;
  *request.mutable_query() = other;
  request.set_skip(-1);
  EXPECT_TRUE(Violates(gateway().Call(&Stub::QueryRecords, request).status, "skip"));
}

TEST_F(QueryRecords, GivesTheFieldsInTheOrderAskedFor) {
  const auto page = gateway().Page(QueryOf(kArticle,
                                           "fields: 'EAN' fields: 'famlib' "
                                           "fields: 'REF'"),
                                   1);
  EXPECT_THAT(NamesOf(page.columns()), ElementsAre("EAN", "FAMLIB", "REF"));
  EXPECT_EQ(RowOf(page).at("FAMLIB"), "Outillage");
  EXPECT_TRUE(Violates(StatusOf(kArticle, "fields: 'REFF'"), "query.fields[0]"));
  EXPECT_THAT(FailureOf(StatusOf(kArticle, "fields: 'FAMLYB'")).violations,
              HasSubstr("did you mean \"FAMLIB\"?"));
}

TEST_F(QueryRecords, SwitchesJoinsAndColumnsInOrder) {
  const auto columns = [this](const std::string& record_sql, const std::string& text) {
    return NamesOf(gateway().Page(QueryOf(record_sql, text), 1).columns());
  };
  EXPECT_THAT(columns(kClient, ""), Not(Contains("VILLEOFFICIELLE")));
  EXPECT_THAT(columns(kClient, "joins { name: 'codepostal' action: ACTION_ACTIVATE }"),
              Contains("VILLEOFFICIELLE"));
  EXPECT_THAT(columns(kArticle, "columns { name: 'PRIXDOUBLE' action: ACTION_DEACTIVATE }"),
              AllOf(Not(Contains("PRIXDOUBLE")), Contains("FAMLIB")));
  EXPECT_THAT(columns(kArticle,
                      "columns { all: true action: ACTION_DEACTIVATE } "
                      "columns { name: 'PRIXDOUBLE' action: ACTION_ACTIVATE }"),
              Contains("PRIXDOUBLE"));
  EXPECT_TRUE(Violates(StatusOf(kArticle, "joins { name: 'Nobody' action: ACTION_ACTIVATE }"),
                       "query.joins[0].name"));
}

TEST_F(QueryRecords, SwitchesJoinsBesideAFilter) {
  const auto page =
      gateway().Page(QueryOf(kArticle, "joins { all: true action: ACTION_DEACTIVATE } " +
                                           Custom("ART.REF", "EQUAL", TextValue("FCR0011"))));
  EXPECT_THAT(ValuesOf(page, "REF"), ElementsAre("FCR0011"));
  EXPECT_THAT(NamesOf(page.columns()), Not(Contains("FAMLIB")));
}

TEST_F(QueryRecords, ComparesByEveryOperator) {
  const auto ids = [this](const std::string& op, const std::string& values) {
    return Ids(Custom("CLI.CLI_ID", op, values));
  };
  EXPECT_THAT(ids("EQUAL", Whole(7)), ElementsAre("7"));
  EXPECT_THAT(ids("NOT_EQUAL", Whole(1)), SizeIs(1000));
  EXPECT_EQ(ids("NOT_EQUAL", Whole(1)).front(), "2");
  EXPECT_THAT(ids("LESS", Whole(3)), ElementsAre("1", "2"));
  EXPECT_THAT(ids("LESS_OR_EQUAL", Whole(3)), ElementsAre("1", "2", "3"));
  EXPECT_THAT(ids("GREATER", Whole(2498)), ElementsAre("2499", "2500"));
  EXPECT_THAT(ids("GREATER_OR_EQUAL", Whole(2499)), ElementsAre("2499", "2500"));
  EXPECT_THAT(ids("IN", Whole(9) + Whole(3) + Whole(99999)), ElementsAre("3", "9"));
  EXPECT_THAT(ids("BETWEEN", Whole(5) + Whole(7)), ElementsAre("5", "6", "7"));
  EXPECT_THAT(ids("IS_NULL", ""), IsEmpty());
  EXPECT_THAT(ids("IS_NOT_NULL", ""), SizeIs(1000));
  EXPECT_THAT(Towns(Custom("T057.VIL", "LIKE", TextValue("%OBER%"))),
              ElementsAre("OBERNAI", "OBERHERGHEIM"));
  EXPECT_THAT(Towns(Custom("T057.VIL", "NOT_LIKE", TextValue("%E%"))),
              ElementsAre("STRASBOURG", "ALBI", "PARIS"));
}

TEST_F(QueryRecords, ComparesValuesOfEveryType) {
  const auto count = [this](const std::string& field, const std::string& op,
                            const std::string& values) {
    return gateway()
        .Page(QueryOf(kMouvement, Custom("MOUV." + field, op, values)), 1000)
        .rows_size();
  };
  GatewayOptions options;
  options.sandbox.Of<sandbox::recordsql::Options>().movement_rows = 260;
  Start(std::move(options));
  EXPECT_EQ(count("MOUVDT", "IS_NULL", ""), 20);
  EXPECT_EQ(count("MOUVDT", "EQUAL", "values { date_value { year: 2000 month: 1 day: 2 } }"), 30);
  EXPECT_EQ(count("MOUVHE", "LESS", "values { time_value { minutes: 1 } }"), 3);
  EXPECT_EQ(count("USERCRDH", "LESS_OR_EQUAL",
                  "values { date_time_value { year: 2000 month: 1 day: 1 seconds: 34 } }"),
            2);
  EXPECT_EQ(count("QTE", "EQUAL", "values { decimal_value: '0.125' }"), 1);
  EXPECT_EQ(count("MONT", "LESS", "values { decimal_value: '-49990.00' }"), 7);
  EXPECT_EQ(count("SOLDE", "EQUAL", "values { bool_value: true }"), 86);
  EXPECT_EQ(count("REF", "EQUAL", TextValue("art00017")), 1);
}

TEST_F(QueryRecords, CombinesCasesAndOwnConditions) {
  const std::string parts =
      "cases { name: 'Like_Cpostal' parameters { key: 'cpostal' value { string_value: '67%' } } } "
      "custom { name: 'A' field: 'T057.VIL' operator: OPERATOR_EQUAL " +
      TextValue("ALBI") +
      "} "
      "custom { name: 'B' field: 'T057.VIL' operator: OPERATOR_EQUAL " +
      TextValue("OBERNAI") + "} ";
  EXPECT_THAT(Towns("filter { " + parts + "}"), IsEmpty());
  EXPECT_THAT(Towns("filter { operator: OPERATOR_OR " + parts + "}"),
              ElementsAre("ENTZHEIM", "OBERNAI", "STRASBOURG", "ALBI"));
  EXPECT_THAT(Towns("filter { expression: 'Like_Cpostal AND (a OR b)' " + parts + "}"),
              ElementsAre("OBERNAI"));
  EXPECT_THAT(Towns("filter { expression: 'a or like_cpostal and b' " + parts + "}"),
              ElementsAre("OBERNAI", "ALBI"));
  EXPECT_TRUE(Violates(StatusOf(kCodePostal, "filter { expression: 'A or' " + parts + "}"),
                       "query.filter.expression"));
  EXPECT_TRUE(Violates(StatusOf(kCodePostal, "filter { expression: 'A or B or C' " + parts + "}"),
                       "query.filter.expression"));
}

TEST_F(QueryRecords, GroupsWithAHavingCase) {
  const auto page = gateway().Page(
      QueryOf("gtrsart.dhoq/ArticleParFamille",
              "order_by: 'Par_Fam' having { name: 'Au_Moins' parameters { key: 'nombre' "
              "value { integer_value: 3 } } }"));
  EXPECT_THAT(ValuesOf(page, "FAM"), ElementsAre("FRAISE", "OUTIL"));
  EXPECT_THAT(ValuesOf(page, "NB"), ElementsAre("3", "3"));
}

TEST_F(QueryRecords, ListsAllViolationsAtOnce) {
  const Failure failure = FailureOf(
      StatusOf(kCodePostal, "fields: 'NO' order_by: 'NO' company_file: '?' where { name: 'NO' }"));
  EXPECT_THAT(failure.violated, ElementsAre("query.fields[0]", "query.where.name", "query.order_by",
                                            "query.company_file"));
}

TEST_F(QueryRecords, LetsOnlyTheUpstreamCheckWhatIsNotDeclared) {
  GatewayOptions options;
  options.declared = false;
  Start(std::move(options));
  const auto reply = gateway().Query(QueryOf(kCodePostal, "order_by: 'Par_Nothing'"));
  EXPECT_TRUE(Fails(reply.status, grpc::INVALID_ARGUMENT, "UPSTREAM_REJECTED_REQUEST"));
  EXPECT_EQ(FailureOf(reply.status).locale, "fr");
  EXPECT_NE(FailureOf(reply.status).localized, "");
  const auto page = gateway().Page(QueryOf(kCatFou), 1);
  EXPECT_EQ(page.columns(0).type(), v1::VALUE_TYPE_UNSPECIFIED);
  EXPECT_EQ(RowOf(page).at("USERCRDH"), "20191119144005");
}

}  // namespace
}  // namespace relais::integration
