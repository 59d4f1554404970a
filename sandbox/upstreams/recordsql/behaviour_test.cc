// How the RecordSql server behaves beyond the documented examples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "sandbox/upstreams/recordsql/sandbox_client.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/recordsql/sql/collation.h"
#include "sandbox/upstreams/recordsql/upstream.h"

namespace relais::sandbox::recordsql {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class RecordSql : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartSandbox();
  SandboxClient client_{sandbox_->http_port()};

  std::vector<std::string> Filtered(const std::string& filter) {
    const json reply = client_.Execute(PostCodes({{"filter", json::parse(filter)}}));
    EXPECT_EQ(reply["error"], 0) << reply;
    return ValuesOf(reply, "VIL");
  }
  int ErrorOf(json request) { return client_.Execute(std::move(request))["error"]; }
};

TEST_F(RecordSql, RefusesWrongCredentialsWithHttp200) {
  const httplib::Result result =
      client_.Post(kAuthPath, R"({"user":"DEMO","password":"wrong","env":"ERP"})");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  const json reply = json::parse(result->body);
  EXPECT_EQ(reply["error"], 903);
  EXPECT_EQ(reply["access_token"], "");
  EXPECT_EQ(client_.Auth({{"user", "DEMO"}, {"password", "demo-password"}, {"env", "X"}})["error"],
            904);
}

TEST_F(RecordSql, RoutesWithoutRegardToCaseAndInTheCloudForm) {
  const std::string body = R"({"user":"DEMO","password":"demo-password"})";
  EXPECT_EQ(json::parse(client_.Post("/123456/ERP/api/v1/authent/AUTH", body)->body)["error"], 0);
  EXPECT_EQ(json::parse(client_.Post("/123456/other/api/v1/Authent/Auth", body)->body)["error"],
            904);
  EXPECT_EQ(client_.Post("/dhsdivaltoservicedivaapirest/API/V1/recordsql/EXECUTE", "{}")->status,
            200);
  EXPECT_EQ(client_.Post("/api/v1/Authent/Auth", body)->status, 404);
}

TEST_F(RecordSql, PutsNoPasswordIntoTheToken) {
  std::string text;
  const std::string& token = client_.token();
  const size_t dot = token.find('.');
  const std::string payload = token.substr(dot + 1, token.rfind('.') - dot - 1);
  ASSERT_TRUE(absl::WebSafeBase64Unescape(payload, &text));
  EXPECT_THAT(text, Not(HasSubstr("demo-password")));
  const json claims = json::parse(text);
  EXPECT_GT(std::stod(claims["exp"].get<std::string>()), 40000);  // days, not seconds
  EXPECT_LT(std::stod(claims["exp"].get<std::string>()), 80000);
}

TEST_F(RecordSql, ExpiresTokensByTheClock) {
  EXPECT_EQ(ErrorOf(PostCodes({})), 0);
  sandbox_->AdvanceClock(absl::Minutes(44));
  EXPECT_EQ(ErrorOf(PostCodes({})), 0);
  sandbox_->AdvanceClock(absl::Minutes(2));
  EXPECT_EQ(ErrorOf(PostCodes({})), 907);
  client_.ForgetToken();
  EXPECT_EQ(ErrorOf(PostCodes({})), 0);
  sandbox_->ExpireTokens();
  EXPECT_EQ(ErrorOf(PostCodes({})), 907);
}

TEST_F(RecordSql, RefusesMissingForeignAndAlteredTokens) {
  EXPECT_EQ(ErrorOf(PostCodes({{"access_token", ""}})), 905);
  EXPECT_EQ(ErrorOf(PostCodes({{"access_token", "a.b.c"}})), 906);
  EXPECT_EQ(ErrorOf(PostCodes({{"access_token", client_.token() + "x"}})), 906);
  const auto other = StartSandbox();
  SandboxClient elsewhere(other->http_port());
  EXPECT_EQ(ErrorOf(PostCodes({{"access_token", elsewhere.token()}})), 906);
}

TEST_F(RecordSql, AcceptsABearerToken) {
  const httplib::Headers headers = {{"Authorization", "Bearer " + client_.token()}};
  const httplib::Result result =
      client_.http().Post(kExecutePath, headers, PostCodes({}).dump(), "application/json");
  ASSERT_TRUE(result);
  EXPECT_EQ(json::parse(result->body)["error"], 0);
}

TEST_F(RecordSql, IgnoresUnknownKeys) {
  EXPECT_EQ(ErrorOf(PostCodes({{"havingc", "whatever"}, {"x", {1, 2}}})), 0);
}

TEST_F(RecordSql, NamesEveryMistakeByItsCode) {
  const std::vector<std::pair<int, json>> mistakes = {
      {911, {{"recordsql", "NOPE"}}},
      {912, {{"fields", "CPOSTAL;NOPE"}}},
      {913, {{"where", "Nope"}}},
      {914, {{"having", "Nope"}}},
      {915, {{"orderby", "Nope"}}},
      {916, {{"filter", "<joindeactivate>nope"}}},
      {916, {{"infos", "<columndeactivate>nope"}}},
      {917, {{"where", "Between_Cpostal"}, {"where_parameters", "1"}}},
      {917, {{"where", "Like_Vil"}}},
      {917, {{"parameters", "nonsense"}}},
      {918,
       {{"where", "Like_Vil"},
        {"where_parameters", "A%"},
        {"filter", {{"where", {{"name", "Like_Vil"}, {"parameters", "B%"}}}}}}},
      {919,
       {{"filter", {{"createwhere", {{"name", "X"}, {"condition", "1=1; DROP TABLE T057"}}}}}}},
      {919, {{"filter", {{"createwhere", {{"name", "X"}, {"condition", "OTHER.VIL='A'"}}}}}}},
      {920, {{"filter", {{"whereaddcondition", {{"name", "X"}, {"condition", "A or"}}}}}}},
      {921, {{"count", -1}}},
      {921, {{"offset", -1}}},
      {901, {{"count", "many"}}},
      {901, {{"fields", 7}}},
      {901, {{"filter", 7}}},
      {923, {{"filter", {{"createwhere", {{"name", "X"}, {"condition", "VIL = MZ.VIL"}}}}}}}};
  for (const auto& [code, changes] : mistakes) {
    const json reply = client_.Execute(PostCodes(changes));
    EXPECT_EQ(reply["error"], code) << changes << reply;
    EXPECT_TRUE(reply["records"].is_null());
    EXPECT_NE(reply["txterr"], "");
  }
}

TEST_F(RecordSql, AnswersAnyBytesWithAnError) {
  for (const std::string body : {"", "[]", "7", "{", "\xFF\xFE", "null"}) {
    EXPECT_EQ(json::parse(client_.Post(kExecutePath, body)->body)["error"], 901);
    EXPECT_EQ(json::parse(client_.Post(kAuthPath, body)->body)["error"], 901);
  }
  EXPECT_EQ(json::parse(client_.Post(kExecutePath, std::string(100000, '['))->body)["error"], 901);
}

TEST_F(RecordSql, DropsRemovedConditionsThatNoExpressionUses) {
  EXPECT_THAT(Filtered(R"({"where":[{"name":"Equal_Vil","parameters":"ALBI"},
      {"name":"Like_Cpostal","parameters":"67%"}],"whereremovecondition":{"name":"like_cpostal"}})"),
              ElementsAre("ALBI"));
}

TEST_F(RecordSql, ReadsAGroupOfOneNameAsAnd) {
  EXPECT_THAT(Filtered(R"({"where":[{"name":"Like_Vil","parameters":"%OBER%"},
      {"name":"Like_Vil","parameters":"%HEIM"}],
      "whereaddcondition":[{"name":"X","condition":"like_vil"}]})"),
              ElementsAre("OBERHERGHEIM"));
}

TEST_F(RecordSql, JoinsWhatIsLeftToTheExpressionWithAnd) {
  EXPECT_THAT(Filtered(R"x({"operator_where":"OR","where":[
      {"name":"Like_Cpostal","parameters":"67%"},{"name":"Equal_Vil","parameters":"OBERNAI"}],
      "createwhere":{"name":"C","condition":"T057.VIL in ('ENTZHEIM','ALBI')"},
      "whereaddcondition":{"name":"X","condition":"LIKE_CPOSTAL"}})x"),
              UnorderedElementsAre("OBERNAI", "ENTZHEIM"));
}

TEST_F(RecordSql, AcceptsTheObjectFormInsideAString) {
  const json reply = client_.Execute(
      PostCodes({{"filter", R"({"createwhere":{"name":"C","condition":"VIL = 'it''s'"}})"}}));
  EXPECT_EQ(reply["error"], 0);
  EXPECT_EQ(reply["records"], json::array());
}

TEST_F(RecordSql, ComparesTextAsTheErpDoes) {
  EXPECT_THAT(Filtered(R"({"where":{"name":"Equal_Vil","parameters":"albi  "}})"),
              ElementsAre("ALBI"));
  EXPECT_EQ(CompareText("ÉTÉ", "été "), 0);
  EXPECT_NE(CompareText("été", "ete"), 0);
  EXPECT_TRUE(MatchesLike("Étau", "é_A%"));
  EXPECT_FALSE(MatchesLike("Étau", "e%"));
  EXPECT_FALSE(MatchesLike(std::string(5000, 'a'), std::string(2000, '%') + "b"));
}

TEST_F(RecordSql, KeepsMandatoryAndBaseColumnsWithJoinsOff) {
  json request = {
      {"dhoq", "gtrsart.dhoq"},
      {"recordsql", "ARTICLE"},
      {"count", 1},
      {"infos", "<joindeactivate>$ALL<columndeactivate>$ALL<columnactivate>prixdouble"}};
  const json row = client_.Execute(request)["records"][0]["record"];
  EXPECT_TRUE(row.contains("REF"));
  EXPECT_TRUE(row.contains("PRIXDOUBLE"));
  EXPECT_FALSE(row.contains("FAMLIB"));
  EXPECT_FALSE(row.contains("NOTEBLOB"));
  request["fields"] = "FAMLIB";
  EXPECT_EQ(ErrorOf(request), 912);
}

TEST_F(RecordSql, JoinsAtMostOneRow) {
  const json reply = client_.Execute({{"dhoq", "gtrsart.dhoq"},
                                      {"recordsql", "ArticleFournisseur"},
                                      {"count", 100},
                                      {"orderby", "Par_Prix"}});
  EXPECT_EQ(reply["nbrecord"], 7);
  EXPECT_THAT(ValuesOf(reply, "CATEGORIE"), Contains("Transitaire"));
  EXPECT_THAT(ValuesOf(reply, "CATEGORIE"), Contains(""));
  EXPECT_EQ(ValuesOf(reply, "PRIXBASE").front(), "1.20");
}

TEST_F(RecordSql, GroupsAndFiltersGroups) {
  const json reply = client_.Execute({{"dhoq", "gtrsart.dhoq"},
                                      {"recordsql", "ArticleParFamille"},
                                      {"count", 100},
                                      {"having", "au_moins"},
                                      {"having_parameters", "nombre=3"}});
  EXPECT_THAT(ValuesOf(reply, "FAM"), ElementsAre("FRAISE", "OUTIL"));
  EXPECT_EQ(ErrorOf({{"dhoq", "gtrsart.dhoq"},
                     {"recordsql", "ArticleParFamille"},
                     {"having", "au_moins"},
                     {"having_parameters", "many"}}),
            917);
}

TEST_F(RecordSql, ReadsTheGeneratedTableInPages) {
  json request = {{"dhoq", "gtrsmou.dhoq"},
                  {"recordsql", "MOUVEMENT"},
                  {"fields", "MOUV_ID;QTE"},
                  {"count", 10000},
                  {"offset", 298500}};
  EXPECT_EQ(client_.Execute(request)["nbrecord"], 1000);
  request["offset"] = 299500;
  const json last = client_.Execute(request);
  EXPECT_EQ(last["nbrecord"], 500);
  EXPECT_EQ(ValuesOf(last, "MOUV_ID").back(), "300000");
  request["offset"] = 0;
  request["filter"] = {{"createwhere", {{"name", "K"}, {"condition", "MOUV.MOUV_ID > 299990"}}}};
  EXPECT_EQ(client_.Execute(request)["nbrecord"], 10);
}

TEST_F(RecordSql, RepeatsARowWhenOneIsInsertedBetweenPages) {
  json request = {{"dhoq", "gtrstab.dhoq"}, {"recordsql", "MODEREGLEMENT"}, {"count", 10}};
  const std::string last = ValuesOf(client_.Execute(request), "REGL").back();
  ASSERT_TRUE(ServerOf(*sandbox_)
                  .InsertRow("T006", {{"T006_ID", "0"}, {"DOS", "998"}, {"REGL", "NEW"}})
                  .ok());
  request["offset"] = 10;
  EXPECT_EQ(ValuesOf(client_.Execute(request), "REGL").front(), last);
}

TEST_F(RecordSql, RemembersPerfAskedAtLogin) {
  const json session = client_.Auth(
      {{"user", "DEMO"}, {"password", "demo-password"}, {"env", "ERP"}, {"infos", "<perf>1"}});
  const json reply = client_.Execute(PostCodes({{"access_token", session["access_token"]}}));
  EXPECT_THAT(reply["infos"].get<std::string>(), HasSubstr("xperf"));
}

}  // namespace
}  // namespace relais::sandbox::recordsql
