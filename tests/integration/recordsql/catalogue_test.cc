// The catalogue, and ExplainQuery against what the upstream really receives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
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
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RecordSqlCatalogue : public GatewayTest {
 protected:
  template <typename Request, typename Response>
  Response Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const std::string& request) {
    auto reply = gateway().Call(method, request);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return std::move(reply.message);
  }
  v1::RecordSql Declared(const std::string& record_sql) {
    return Ask(&Stub::GetRecordSql, absl::StrCat("name: '", QueryOf(record_sql).record_sql(), "'"));
  }
};

template <typename List>
std::vector<std::string> LastSegments(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.name().substr(item.name().rfind('/') + 1));
  return names;
}

TEST_F(RecordSqlCatalogue, ListsTheErpsWithoutAskingThem) {
  GatewayOptions options;
  for (const char* erp : {"zulu", "alpha"}) {
    for (const char* setting : {"base_url=http://127.0.0.1:1/x", "user=U", "max_page_size=77",
                                "password.env=RELAIS_SANDBOX_PASSWORD"}) {
      options.settings.push_back(absl::StrCat("recordsql.erps.", erp, ".", setting));
    }
  }
  Start(std::move(options));
  const auto first = Ask(&Stub::ListErps, "page_size: 2");
  EXPECT_THAT(LastSegments(first.erps()), ElementsAre("alpha", "sandbox"));
  EXPECT_EQ(first.erps(0).max_page_size(), 77);
  EXPECT_EQ(first.erps(1).display_name(), "Embedded sandbox");
  EXPECT_EQ(first.erps(1).reachability(), v1::Erp::REACHABILITY_UNSPECIFIED);
  const auto second =
      Ask(&Stub::ListErps, absl::StrCat("page_token: '", first.next_page_token(), "'"));
  EXPECT_THAT(LastSegments(second.erps()), ElementsAre("zulu"));
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth), 0);
}

TEST_F(RecordSqlCatalogue, ListsTheDictionaries) {
  const auto all = Ask(&Stub::ListDictionaries, "parent: 'erps/sandbox'");
  EXPECT_THAT(
      LastSegments(all.dictionaries()),
      ElementsAre("a5rsdos.dhoq", "gtrsart.dhoq", "gtrscli.dhoq", "gtrsmou.dhoq", "gtrstab.dhoq"));
  EXPECT_EQ(all.dictionaries(4).record_sql_count(), 3);
  EXPECT_EQ(all.dictionaries(4).name(), "erps/sandbox/dictionaries/gtrstab.dhoq");
}

TEST_F(RecordSqlCatalogue, PagesThroughDictionaries) {
  std::vector<std::string> seen;
  std::string token;
  do {
    const auto page =
        Ask(&Stub::ListDictionaries,
            absl::StrCat("parent: 'erps/sandbox' page_size: 2 page_token: '", token, "'"));
    for (std::string& name : LastSegments(page.dictionaries())) seen.push_back(std::move(name));
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(seen, SizeIs(5));
}

TEST_F(RecordSqlCatalogue, ListsTheRecordSqlsOfADictionary) {
  const auto list =
      Ask(&Stub::ListRecordSqls, "parent: 'erps/sandbox/dictionaries/GTRSTAB.dhoq' page_size: 2");
  EXPECT_THAT(LastSegments(list.record_sqls()), ElementsAre("CatFou", "CodePostal"));
  EXPECT_EQ(list.record_sqls(1).table(), "T057");
  EXPECT_EQ(list.record_sqls(1).comment(), "Codes postaux");
  EXPECT_THAT(list.record_sqls(1).columns(), IsEmpty());
  EXPECT_NE(list.next_page_token(), "");
}

TEST_F(RecordSqlCatalogue, DescribesARecordSql) {
  const v1::RecordSql article = Declared(kArticle);
  EXPECT_EQ(article.name(), "erps/sandbox/dictionaries/gtrsart.dhoq/recordSqls/Article");
  EXPECT_THAT(NamesOf(article.columns()),
              ElementsAre("ART_ID", "DOS", "REF", "DES", "EAN", "FAM", "TIERS", "PRIX", "POIDS",
                          "CREDT", "FAMLIB", "PRIXDOUBLE", "FOU_NOM"));
  EXPECT_EQ(article.columns(7).type(), v1::VALUE_TYPE_DECIMAL);
  EXPECT_EQ(article.columns(7).scale(), 2);
  EXPECT_EQ(article.columns(9).type(), v1::VALUE_TYPE_DATE);
  EXPECT_EQ(article.columns(2).label(), "Référence");
  EXPECT_EQ(article.columns(10).join(), "MaJointure");
  EXPECT_THAT(LastSegments(article.joins()), ElementsAre("MaJointure", "Fournisseur"));
  EXPECT_TRUE(article.joins(0).active_by_default());
  EXPECT_THAT(LastSegments(article.order_by_cases()), ElementsAre("Par_Ref", "Par_CodeEAN"));
  EXPECT_EQ(article.order_by_cases(0).label(), "Par référence");
  const v1::ConditionCase& between = article.where_cases(3);
  EXPECT_EQ(between.name(), "Between_Ean");
  EXPECT_THAT(LastSegments(between.parameters()), ElementsAre("eanD", "eanF"));
  EXPECT_EQ(article.where_cases(5).parameters(0).type(), v1::VALUE_TYPE_DATE);
}

TEST_F(RecordSqlCatalogue, DescribesTheColumnsThatTheUpstreamReallyGives) {
  for (const char* record_sql : {kCatFou, kCodePostal, kModeReglement, kArticle, kMouvement}) {
    v1::Query query = QueryOf(record_sql);
    const v1::RecordSql declared = Declared(record_sql);
    for (const v1::Join& join : declared.joins()) {
      v1::Switch& item = *query.add_joins();
      item.set_name(join.name());
      item.set_action(v1::Switch::ACTION_ACTIVATE);
    }
    EXPECT_EQ(NamesOf(gateway().Page(query, 1).columns()), NamesOf(declared.columns()))
        << record_sql;
  }
}

TEST_F(RecordSqlCatalogue, IncludesOverridesAndHavingCases) {
  const v1::RecordSql supplied = Declared("gtrsart.dhoq/ArticleFournisseur");
  EXPECT_THAT(NamesOf(supplied.columns()), ::testing::Contains("PRIXBASE"));
  EXPECT_THAT(LastSegments(supplied.order_by_cases()), ElementsAre("Par_Nom", "Par_Prix"));
  EXPECT_THAT(LastSegments(Declared("gtrsart.dhoq/articleparfamille").having_cases()),
              ElementsAre("Au_Moins"));
}

TEST_F(RecordSqlCatalogue, SaysWhatItDoesNotKnow) {
  const auto lost = [this](const std::string& name) {
    return gateway().Call(&Stub::GetRecordSql, absl::StrCat("name: '", name, "'")).status;
  };
  const std::string dictionaries = "erps/sandbox/dictionaries/";
  EXPECT_TRUE(Fails(lost(dictionaries + "gtrstab.dhoq/recordSqls/NOTHING"), grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(Fails(lost(dictionaries + "nothing.dhoq/recordSqls/CATFOU"), grpc::NOT_FOUND,
                    "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(Fails(lost("erps/nobody/dictionaries/gtrstab.dhoq/recordSqls/CATFOU"),
                    grpc::NOT_FOUND, "CONNECTION_NOT_FOUND"));
  EXPECT_NE(lost(dictionaries + "gtrstab.dhoq/recordSqls/CATFO")
                .error_message()
                .find("did you mean \"CatFou\"?"),
            std::string::npos);
  EXPECT_TRUE(Violates(lost("erps/sandbox"), "name"));
  EXPECT_TRUE(Fails(
      gateway().Call(&Stub::ListRecordSqls, "parent: '" + dictionaries + "nothing.dhoq'").status,
      grpc::NOT_FOUND, "RESOURCE_NOT_FOUND"));
  EXPECT_TRUE(
      Violates(gateway().Call(&Stub::ListRecordSqls, "parent: 'erps/sandbox'").status, "parent"));
  EXPECT_TRUE(Fails(gateway().Call(&Stub::GetErp, "name: 'erps/nobody'").status, grpc::NOT_FOUND,
                    "CONNECTION_NOT_FOUND"));
  EXPECT_TRUE(Violates(gateway().Call(&Stub::ClearCache, "name: 'erps/sandbox'").status, "cache"));
}

TEST_F(RecordSqlCatalogue, RefusesWrongPages) {
  EXPECT_TRUE(Violates(gateway().Call(&Stub::ListErps, "page_size: -1").status, "page_size"));
  EXPECT_TRUE(Fails(gateway().Call(&Stub::ListErps, "page_token: 'x'").status,
                    grpc::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN"));
  const auto page = Ask(&Stub::ListDictionaries, "parent: 'erps/sandbox' page_size: 1");
  EXPECT_TRUE(
      Fails(gateway()
                .Call(&Stub::ListErps, absl::StrCat("page_token: '", page.next_page_token(), "'"))
                .status,
            grpc::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN"));
}

TEST_F(RecordSqlCatalogue, ExplainsExactlyWhatIsSent) {
  const std::string text_value = "value { string_value: '67%' }";
  const std::vector<v1::Query> queries = {
      QueryOf(kCatFou),
      QueryOf("gtrstab.dhoq/codepostal", "fields: 'vil' company_file: '997'"),
      QueryOf(kCodePostal, "where { name: 'Like_Cpostal' parameters { key: 'CPOSTAL' " +
                               text_value + " } } order_by: 'par_vil'"),
      QueryOf(kArticle, R"(joins { all: true action: ACTION_DEACTIVATE }
          columns { name: 'PRIXDOUBLE' action: ACTION_DEACTIVATE }
          diagnostics: DIAGNOSTIC_MEMORY diagnostics: DIAGNOSTIC_SESSION)"),
      QueryOf(kArticle, R"(joins { all: true action: ACTION_DEACTIVATE } diagnostics:
          DIAGNOSTIC_VERSION filter { operator: OPERATOR_OR
            custom { name: 'A' field: 'ART.DES' operator: OPERATOR_EQUAL
                     values { string_value: "l'\"été\" \\" } }
            raw { name: 'B' sql: "ART.PRIX > 10" } })"),
      QueryOf(
          "gtrsart.dhoq/ArticleParFamille",
          "having { name: 'Au_Moins' parameters { key: 'nombre' value { integer_value: 2 } } }")};
  for (const v1::Query& query : queries) {
    v1::ExplainQueryRequest request;
    *request.mutable_query() = query;
    request.set_page_size(5);
    const auto explained = gateway().Call(&Stub::ExplainQuery, request);
    ASSERT_TRUE(explained.status.ok()) << Describe(explained.status);
    EXPECT_EQ(explained.message.http_method(), "POST");
    EXPECT_EQ(explained.message.path(), "/api/v1/RecordSql/Execute");
    json body = json::parse(explained.message.body());
    EXPECT_EQ(body["access_token"], "REDACTED");
    body.erase("access_token");
    sandbox().traffic().Reset();
    gateway().Page(query, 5);
    EXPECT_EQ(json::parse(gateway().ExecuteBodies().front()), body);
  }
}

TEST_F(RecordSqlCatalogue, ExplainsWithoutSendingAndWithoutCredentials) {
  const auto reply =
      Ask(&Stub::ExplainQuery,
          absl::StrCat("query { record_sql: '", QueryOf(kCatFou).record_sql(), "' } skip: 40"));
  EXPECT_THAT(reply.body(), AllOf(HasSubstr("\"offset\":40"), Not(HasSubstr("eyJ")),
                                  Not(HasSubstr("demo-password"))));
  EXPECT_THAT(reply.warnings(), IsEmpty());
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kAuth), 0);
  EXPECT_EQ(sandbox().traffic().Counts().Of(RecordSqlOperation::kExecute), 0);
}

TEST_F(RecordSqlCatalogue, WarnsOfWhatDeservesAttention) {
  const auto warnings = [this](const v1::Query& query, int page_size) {
    v1::ExplainQueryRequest request;
    *request.mutable_query() = query;
    request.set_page_size(page_size);
    const auto reply = gateway().Call(&Stub::ExplainQuery, request);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return std::vector<std::string>(reply.message.warnings().begin(),
                                    reply.message.warnings().end());
  };
  EXPECT_THAT(warnings(QueryOf("other.dhoq/Thing"), 1), ElementsAre(HasSubstr("not declared")));
  EXPECT_THAT(warnings(QueryOf(kCodePostal, "order_by: 'Par_Vil'"), 1),
              ElementsAre(HasSubstr("repeat or vanish")));
  EXPECT_THAT(warnings(QueryOf(kCodePostal), 5000), ElementsAre(HasSubstr("reduced to 1000")));
}

}  // namespace
}  // namespace relais::integration
