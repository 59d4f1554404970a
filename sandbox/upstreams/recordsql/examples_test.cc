// The documented request and reply examples E1 to E24, at the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sandbox/upstreams/recordsql/sandbox_client.h"

namespace relais::sandbox::recordsql {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Examples : public ::testing::Test {
 protected:
  std::unique_ptr<Sandbox> sandbox_ = StartSandbox();
  SandboxClient client_{sandbox_->http_port()};

  std::vector<std::string> Cities(json changes) {
    const json reply = client_.Execute(PostCodes(std::move(changes)));
    EXPECT_EQ(reply["error"], 0) << reply;
    return ValuesOf(reply, "VIL");
  }
};

TEST_F(Examples, E1SignsIn) {
  const json reply = client_.Auth(
      {{"domain", ""}, {"user", "DEMO"}, {"password", "demo-password"}, {"env", "ERP"}});
  EXPECT_EQ(reply["error"], 0);
  EXPECT_EQ(reply["txterr"], "");
  EXPECT_EQ(reply["infos"], "");
  EXPECT_THAT(reply["access_token"].get<std::string>(), HasSubstr("."));
}

TEST_F(Examples, E2RefusesADictionaryThatIsNotAllowed) {
  const json reply = client_.Execute(
      {{"dhoq", "xxrstab.dhoq"}, {"recordsql", ""}, {"fields", "*"}, {"offset", 0}, {"count", 0}});
  EXPECT_EQ(reply, json::parse(R"({"error":54,"txterr":"erreur : dhoq '' non autorisé",
      "tablename":"","nbrecord":0,"records":null,"infos":""})"));
}

TEST_F(Examples, E3ReadsOneRowForACountOfZero) {
  const json expected = json::parse(R"({"error":0,"txterr":"","tablename":"T116","nbrecord":1,
      "records":[{"record":{"T116_ID":"3","CEBIN":"116","DOS":"998","TABNO":"116",
      "CATFOUCOD":"TRANSIT","LIB80":"Transitaire","CATFABFL":"1","USERCR":"DEMO","USERMO":"DEMO",
      "USERCRDH":"20191119144005","USERMODH":"20191119144026","CENOTE":"1","NOTE":"0"}}],
      "infos":""})");
  for (const std::string fields : {"*", "", " "}) {
    EXPECT_EQ(client_.Execute({{"dhoq", "gtrstab.dhoq"},
                               {"recordsql", "CATFOU"},
                               {"fields", fields},
                               {"offset", 0},
                               {"count", 0}}),
              expected);
  }
}

TEST_F(Examples, E4ReadsTwoFields) {
  const json reply = client_.Execute({{"dhoq", "gtrstab.dhoq"},
                                      {"recordsql", "CODEPOSTAL"},
                                      {"fields", "CPOSTAL;VIL"},
                                      {"offset", 0},
                                      {"count", 2}});
  EXPECT_EQ(reply["tablename"], "T057");
  EXPECT_EQ(reply["nbrecord"], 2);
  EXPECT_EQ(reply["records"],
            json::parse(R"([{"record":{"CPOSTAL":"01000","VIL":"BOURG EN BRESSE"}},
                                              {"record":{"CPOSTAL":"01000","VIL":"BROU"}}])"));
}

TEST_F(Examples, E5MatchesLike) {
  const json reply = client_.Execute({{"dhoq", "gtrstab.dhoq"},
                                      {"recordsql", "CODEPOSTAL"},
                                      {"fields", "CPOSTAL;VIL"},
                                      {"where", " like_cpostal"},
                                      {"where_parameters", " cpostal=67%"},
                                      {"count", 100}});
  EXPECT_EQ(reply["records"],
            json::parse(R"([{"record":{"CPOSTAL":"67000","VIL":"STRASBOURG"}}])"));
}

TEST_F(Examples, E6AndE7ReadTwoPages) {
  json request = {{"dhoq", "gtrstab.dhoq"},
                  {"recordsql", "MODEREGLEMENT"},
                  {"fields", "*"},
                  {"offset", 0},
                  {"count", 10}};
  const json first = client_.Execute(request);
  EXPECT_EQ(first["nbrecord"], 10);
  EXPECT_THAT(ValuesOf(first, "REGL"),
              ElementsAre("B30", "B30F", "C", "N10", "N30", "P30", "P30F", "T30", "T30F", "T60"));
  EXPECT_EQ(first["records"][0]["record"], json::parse(R"({"DOS":"998","REGL":"B30","LIB":""})"));
  request["offset"] = 10;
  request["fields"] = "DOS;REGL;LIB";
  const json second = client_.Execute(request);
  EXPECT_EQ(second["nbrecord"], 9);
  EXPECT_THAT(ValuesOf(second, "REGL"),
              ElementsAre("T60F", "TMUL", "V30", "V30F", "E", "TMEN", "VIR", "VII", "SEPA"));
}

TEST_F(Examples, E8ReadsBaseColumnsWithEverythingSwitchedOff) {
  const json reply = client_.Execute({{"dhoq", "gtrsart.dhoq"},
                                      {"recordsql", "ARTICLE"},
                                      {"fields", "DOS;REF;EAN"},
                                      {"where", "Between_Ean"},
                                      {"where_parameters", "eanD=3000000000000;eanF=4000000000000"},
                                      {"offset", 0},
                                      {"count", 5},
                                      {"orderby", "Par_CodeEAN"},
                                      {"infos", "<joindeactivate>$ALL<columndeactivate>$ALL"}});
  EXPECT_EQ(reply["tablename"], "ART");
  EXPECT_EQ(reply["nbrecord"], 5);
  EXPECT_EQ(reply["infos"], "");
  EXPECT_THAT(ValuesOf(reply, "REF"),
              ElementsAre("FCR0011", "CPAQ0009", "FPN0104", "X0000018", "FPT0061"));
  EXPECT_THAT(ValuesOf(reply, "EAN"), ElementsAre("3210330000250", "3210330003821", "3210330017159",
                                                  "3210330017585", "3210330021356"));
  EXPECT_THAT(ValuesOf(reply, "DOS"), ElementsAre("998", "998", "998", "998", "998"));
}

TEST_F(Examples, E9TellsTheTokensExpiry) {
  const json reply = client_.Execute(
      {{"dhoq", "a5rsdos.dhoq"}, {"recordsql", "Utilisateur"}, {"infos", "<infostoken>1"}});
  EXPECT_EQ(reply["tablename"], "MUSER");
  EXPECT_EQ(reply["nbrecord"], 1);
  const json token = json::parse(reply["infos"].get<std::string>())["InfosToken"];
  EXPECT_THAT(token["ExpireLocalTime"].get<std::string>(), SizeIs(14));
  EXPECT_THAT(token["ExpireUtcTime"].get<std::string>(), SizeIs(14));
  EXPECT_EQ(token["ExpireMinutes"], "0");
  EXPECT_EQ(token["ExpireLocalTimeName"], "Romance Standard Time");
  for (const char* key : {"Env", "User", "Domain"}) EXPECT_EQ(token[key], "");
}

TEST_F(Examples, E10TakesPositionalParameters) {
  EXPECT_THAT(Cities({{"where", "Equal_Vil"}, {"where_parameters", "ENTZHEIM"}}),
              ElementsAre("ENTZHEIM"));
}

TEST_F(Examples, E11JoinsCasesWithAnd) {
  EXPECT_THAT(Cities({{"filter", json::parse(R"({"where":[
      {"name":"LIKE_VIL","parameters":"EN%"},{"name":"LIKE_CPOSTAL","parameters":"67%"}]})")}}),
              ElementsAre("ENTZHEIM"));
}

TEST_F(Examples, E12JoinsCasesWithOr) {
  EXPECT_THAT(Cities({{"filter", json::parse(R"({"operator_where":"OR","where":[
      {"name":"EQUAL_VIL","parameters":"ALBI"},{"name":"EQUAL_VIL","parameters":"TOULOUSE"}]})")}}),
              UnorderedElementsAre("ALBI", "TOULOUSE"));
}

TEST_F(Examples, E13CombinesCasesByAnExpression) {
  EXPECT_THAT(Cities({{"filter", json::parse(R"({"where":[
      {"name":"EQUAL_VIL","parameters":"ENTZHEIM"},{"name":"LIKE_VIL","parameters":"%OBER%"},
      {"name":"LIKE_CPOSTAL","parameters":"67%"}],
      "whereaddcondition":{"name":"cond1",
                           "condition":"(Like_Cpostal and Equal_Vil) or Like_Vil"}})")}}),
              UnorderedElementsAre("ENTZHEIM", "OBERNAI", "OBERHERGHEIM"));
}

TEST_F(Examples, E14CreatesConditions) {
  EXPECT_THAT(Cities({{"filter", json::parse(R"({
      "whereremovecondition":{"name":"","parameters":"CONDVILLE1;CONDVILLE2;CONDVILLE3"},
      "createwhere":[{"name":"CONDVILLE1","condition":"T057.VIL = 'STRASBOURG'"},
                     {"name":"CONDVILLE2","condition":"T057.VIL = 'TOULOUSE'"},
                     {"name":"CONDVILLE3","condition":"T057.VIL = 'ALBI'"}],
      "whereaddcondition":{"name":"CONDTEST","condition":"CONDVILLE2 OR CONDVILLE3"}})")}}),
              UnorderedElementsAre("TOULOUSE", "ALBI"));
}

TEST_F(Examples, E15SwitchesJoinsInOrder) {
  json request = {{"dhoq", "gtrsart.dhoq"},
                  {"recordsql", "ARTICLE"},
                  {"count", 1},
                  {"filter", "<joindeactivate>$all"}};
  const json off = client_.Execute(request)["records"][0]["record"];
  EXPECT_FALSE(off.contains("FAMLIB"));
  EXPECT_FALSE(off.contains("FOU_NOM"));
  request["filter"] = "<joindeactivate>$all<joinactivate>majointure";
  const json one = client_.Execute(request)["records"][0]["record"];
  EXPECT_EQ(one["FAMLIB"], "Outillage");
  EXPECT_FALSE(one.contains("FOU_NOM"));
}

TEST_F(Examples, E16LoopsOverPages) {
  const auto sizes = [this](const std::string& last, int count) {
    std::vector<int> out;
    for (int offset = 0;; offset += count) {
      const json page = client_.Execute(
          {{"dhoq", "gtrscli.dhoq"},
           {"recordsql", "CLIENT"},
           {"offset", offset},
           {"count", count},
           {"filter", {{"createwhere", {{"name", "N"}, {"condition", "CLI.CLI_ID <= " + last}}}}}});
      out.push_back(page["nbrecord"]);
      if (out.back() < count) return out;
    }
  };
  EXPECT_THAT(sizes("18", 10), ElementsAre(10, 8));
  EXPECT_THAT(sizes("15", 5), ElementsAre(5, 5, 5, 0));
}

TEST_F(Examples, E17MeasuresPerformance) {
  json request = {
      {"dhoq", "gtrstab.dhoq"}, {"recordsql", "CODEPOSTAL"}, {"count", 10}, {"infos", "<perf>1"}};
  const json perf = json::parse(client_.Execute(request)["infos"].get<std::string>())["xperf"];
  EXPECT_THAT(perf, SizeIs(15));
  EXPECT_TRUE(perf.contains("TimeGtrstabCodepostal")) << perf;
  EXPECT_EQ(perf["CountNumberExecuteRequeteSQL"], "1");
  request["infos"] = "<perfmem>1";
  const json memory = json::parse(client_.Execute(request)["infos"].get<std::string>())["xperf"];
  EXPECT_THAT(memory, SizeIs(23));
  EXPECT_TRUE(memory.contains("PeakWorkingSetMemorySize"));
}

TEST_F(Examples, E18TellsTheVersion) {
  json request = PostCodes({{"infos", "<version>1"}});
  EXPECT_EQ(client_.Execute(request)["infos"], R"({"VersionRest":"3.05"})");
  request["infos"] = "<debug>1<version>1";
  EXPECT_EQ(client_.Execute(request)["infos"], R"({"VersionRest":"3.05","DebugRest":"1"})");
}

TEST_F(Examples, E19TracesANewContextOnce) {
  const json request = PostCodes({{"parameters", "DOS=997"}, {"infos", "<debugctx>1"}});
  const auto action = [&] {
    const json infos = json::parse(client_.Execute(request)["infos"].get<std::string>());
    return infos["debugctx"]["debugctx_action"].get<std::string>();
  };
  EXPECT_THAT(action(), ::testing::StartsWith(
                            "TABLECOMMUNE,TCOMMUN,UTILISATEUR,DOSSIERCRM,APPLIAUTORIS,DOSSIER,"
                            "PDOSSIER,DOSEXP,EXPERT_GRM,EXPERT_QUAL,EXPERT_CONT,EXPERT_DDOC,"));
  EXPECT_THAT(action(), HasSubstr("existe déjà pour le dossier 997"));
}

TEST_F(Examples, E20TracesTheEnvironmentAtTheFirstLoginOnly) {
  const json request = {
      {"user", "DEMO"}, {"password", "demo-password"}, {"env", "ERP"}, {"infos", "<debugenv>1"}};
  const std::string trace = client_.Auth(request)["infos"];
  EXPECT_THAT(trace, HasSubstr("LectureFichier"));
  EXPECT_TRUE(json::parse(trace, nullptr, false).is_discarded());
  EXPECT_EQ(client_.Auth(request)["infos"], "");
}

TEST_F(Examples, E21AcceptsTheSpecialWords) {
  for (const std::string word : {"_razcache", "_razuser", "_razautorisedhoq", "_RAZCACHE"}) {
    EXPECT_EQ(client_.Execute({{"dhoq", word}}),
              json::parse(R"({"error":0,"txterr":"","tablename":"","nbrecord":0,"records":[],
                              "infos":""})"));
  }
}

TEST_F(Examples, E22RefusesAKeyWithABlank) {
  const json reply = client_.Execute({{"dhoq ", "gtrstab.dhoq"}, {"recordsql", "CODEPOSTAL"}});
  EXPECT_EQ(reply["error"], 902);
  EXPECT_TRUE(reply["records"].is_null());
}

TEST_F(Examples, E23ChangesTheDossier) {
  EXPECT_THAT(Cities({{"parameters", "MZ.DOS=998"}}),
              ElementsAre("BOURG EN BRESSE", "BROU", "STRASBOURG"));
  EXPECT_THAT(Cities({{"parameters", "mz.dos=997;"}}), SizeIs(7));
  EXPECT_THAT(Cities({{"parameters", "MZ.DOS=1"}}), IsEmpty());
}

TEST_F(Examples, E24CapsWhatItReturns) {
  json request = {{"dhoq", "gtrscli.dhoq"},
                  {"recordsql", "CLIENT"},
                  {"fields", ""},
                  {"where", "Equal_Tiers"},
                  {"where_parameters", "tiers=C0000001"},
                  {"count", 10000}};
  EXPECT_EQ(client_.Execute(request)["nbrecord"], 1);
  request.erase("where");
  request.erase("where_parameters");
  const json all = client_.Execute(request);
  EXPECT_EQ(all["nbrecord"], 1000);
  EXPECT_TRUE(all["records"][0]["record"].contains("ENCOURS"));
}

}  // namespace
}  // namespace relais::sandbox::recordsql
