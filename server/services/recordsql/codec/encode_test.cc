#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "server/services/recordsql/codec/codec.h"
#include "tests/support/read_text.h"
#include "tests/support/sandbox_catalogue.h"

namespace relais::recordsql {
namespace {

using Json = nlohmann::ordered_json;

QueryPlan PlanOf(const v1::Query& query) {
  auto plan = PlanQuery(query, SandboxCatalogue(), {.raw_sql = true});
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *std::move(plan) : QueryPlan();
}

QueryPlan PlanOf(const std::string& text) {
  v1::Query query;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &query)) << text;
  query.set_record_sql("erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CodePostal");
  return PlanOf(query);
}

// A request in testdata/encode (page_size and skip stand for count and offset) and the JSON that it
// becomes, keys in their order. Names beginning with E are those of the vendor's documented
// examples.
TEST(EncodeExecute, WritesTheDocumentedRequests) {
  int read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("server/services/recordsql/codec/testdata/encode")) {
    if (entry.path().extension() != ".txtpb") continue;
    SCOPED_TRACE(entry.path().string());
    v1::ExplainQueryRequest request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadText(entry.path()), &request));
    const std::string body =
        EncodeExecute(PlanOf(request.query()), {request.skip(), request.page_size(), ""}, "TOKEN");
    auto expected = entry.path();
    EXPECT_EQ(Json::parse(body).dump(2) + "\n", ReadText(expected.replace_extension(".json")));
    ++read;
  }
  EXPECT_GE(read, 18);
}

TEST(EncodeExecute, AddsTheKeysetToWhateverElseHolds) {
  QueryPlan plain = PlanOf("");
  ASSERT_TRUE(UseKeyset("T057.T057_ID", SandboxCatalogue(), plain).ok());
  EXPECT_FALSE(Json::parse(EncodeExecute(plain, {0, 10, ""}, "T")).contains("filter"));
  const Json first = Json::parse(EncodeExecute(plain, {0, 10, "7"}, "T"))["filter"];
  EXPECT_EQ(first.dump(),
            R"({"whereremovecondition":{"name":"","parameters":"RELAIS_KEYSET"},)"
            R"("createwhere":[{"name":"RELAIS_KEYSET","condition":"T057.T057_ID > 7"}],)"
            R"("whereaddcondition":{"name":"RELAIS","condition":"RELAIS_KEYSET"}})");

  QueryPlan where =
      PlanOf("where { name: 'Like_Vil' parameters { key: 'vil' value { string_value: 'A%' } } }");
  ASSERT_TRUE(UseKeyset("T057.T057_ID", SandboxCatalogue(), where).ok());
  const Json with_case = Json::parse(EncodeExecute(where, {0, 10, "7"}, "T"));
  EXPECT_FALSE(with_case.contains("where") || with_case.contains("where_parameters"));
  EXPECT_EQ(with_case["filter"]["where"].dump(), R"([{"name":"Like_Vil","parameters":"vil=A%"}])");
  EXPECT_EQ(with_case["filter"]["whereaddcondition"]["condition"], "RELAIS_KEYSET");

  QueryPlan any = PlanOf(R"(filter { operator: OPERATOR_OR
    custom { name: "A" field: "T057.VIL" operator: OPERATOR_IS_NULL }
    custom { name: "B" field: "T057.VIL" operator: OPERATOR_IS_NOT_NULL } })");
  ASSERT_TRUE(UseKeyset("T057.T057_ID", SandboxCatalogue(), any).ok());
  const Json with_or = Json::parse(EncodeExecute(any, {0, 10, "7"}, "T"))["filter"];
  EXPECT_EQ(with_or["whereaddcondition"]["condition"], "(A or B) and RELAIS_KEYSET");
  EXPECT_EQ(with_or["whereremovecondition"]["parameters"], "A;B;RELAIS_KEYSET");
}

TEST(EncodeExecute, KeepsCasesJoinedByOrApartFromTheKeyset) {
  QueryPlan plan = PlanOf(R"(filter { operator: OPERATOR_OR
    cases { name: "Equal_Vil" parameters { key: "vil" value { string_value: "ALBI" } } }
    cases { name: "Equal_Cpostal" parameters { key: "cpostal" value { string_value: "31000" } } } })");
  ASSERT_TRUE(UseKeyset("T057.T057_ID", SandboxCatalogue(), plan).ok());
  const Json filter = Json::parse(EncodeExecute(plan, {0, 10, "7"}, "T"))["filter"];
  // The upstream ANDs its expression with what is left, and joins what is left by OR.
  EXPECT_EQ(filter["operator_where"], "OR");
  EXPECT_EQ(filter["whereaddcondition"]["condition"], "RELAIS_KEYSET");
  EXPECT_EQ(filter["where"].size(), 2u);
}

TEST(EncodeExecute, EscapesEveryCallersText) {
  const QueryPlan plan = PlanOf(R"(where { name: "Like_Vil"
    parameters { key: "vil" value { string_value: "\"},{\"access_token\":\"x\\ é" } } })");
  const Json json = Json::parse(EncodeExecute(plan, {0, 1, ""}, "T\"O"));
  EXPECT_EQ(json["access_token"], "T\"O");
  EXPECT_EQ(json["where_parameters"], "vil=\"},{\"access_token\":\"x\\ é");
}

TEST(EncodeAuth, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(EncodeAuth({"", "u@x.fr", "p\"w", "", ""}), R"({"user":"u@x.fr","password":"p\"w"})");
  EXPECT_EQ(EncodeAuth({"D", "u", "p", "env", "<debugenv>1"}),
            R"({"domain":"D","user":"u","password":"p","env":"env","infos":"<debugenv>1"})");
}

TEST(EncodeSpecial, AsksForNoMoreThanItNeeds) {
  EXPECT_EQ(EncodeSpecial("_razcache", "", "", "T"), R"({"dhoq":"_razcache","access_token":"T"})");
  EXPECT_EQ(
      EncodeSpecial("a5rsdos.dhoq", "Utilisateur", "<infostoken>1", "T"),
      R"({"dhoq":"a5rsdos.dhoq","recordsql":"Utilisateur","access_token":"T","count":1,"infos":"<infostoken>1"})");
}

}  // namespace
}  // namespace relais::recordsql
