// The documented examples E17 to E24 of the RecordSql service, through the gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"
#include "tests/integration/rows.h"

namespace relais::integration {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class RecordSqlExamplesOfOptions : public GatewayTest {
 protected:
  v1::Erp Erp() {
    const auto erp = gateway().Call(&Stub::GetErp, "name: 'erps/sandbox'");
    EXPECT_TRUE(erp.status.ok()) << Describe(erp.status);
    return erp.message;
  }
};

TEST_F(RecordSqlExamplesOfOptions, E17MeasuresPerformanceAndMemory) {
  const auto perf =
      gateway().Page(QueryOf(kCodePostal, "diagnostics: DIAGNOSTIC_PERFORMANCE"), 10).diagnostics();
  EXPECT_THAT(perf.values(), SizeIs(15));
  EXPECT_THAT(perf.values(), ::testing::Contains(Key("xperf.TimeGtrstabCodepostal")));
  EXPECT_EQ(perf.values().at("xperf.CountNumberExecuteRequeteSQL"), "1");
  EXPECT_THAT(perf.raw(), StartsWith("{\"xperf\":{"));
  const auto memory =
      gateway().Page(QueryOf(kCodePostal, "diagnostics: DIAGNOSTIC_MEMORY"), 10).diagnostics();
  EXPECT_THAT(memory.values(), SizeIs(23));
  EXPECT_THAT(memory.values(), ::testing::Contains(Key("xperf.PeakWorkingSetMemorySize")));
}

TEST_F(RecordSqlExamplesOfOptions, E18TellsTheVersionAndWhetherDebugIsOn) {
  v1::Erp erp = Erp();
  EXPECT_EQ(erp.reachability(), v1::Erp::REACHABILITY_REACHABLE) << erp.problem();
  EXPECT_EQ(erp.rest_version(), "3.05");
  EXPECT_FALSE(erp.debug_enabled());
  EXPECT_TRUE(erp.has_session_expire_time());
  const auto set = gateway().Call(&Stub::SetDebug, "name: 'erps/sandbox' enabled: true");
  EXPECT_TRUE(set.status.ok()) << Describe(set.status);
  EXPECT_TRUE(Erp().debug_enabled());
}

TEST_F(RecordSqlExamplesOfOptions, E19TracesANewContextOnce) {
  const v1::Query query =
      QueryOf(kCodePostal, "company_file: '997' diagnostics: DIAGNOSTIC_COMPANY_FILE_CONTEXT");
  const auto trace = [&] {
    return gateway().Page(query, 1).diagnostics().values().at("debugctx.debugctx_action");
  };
  EXPECT_THAT(trace(), StartsWith("TABLECOMMUNE,TCOMMUN,UTILISATEUR,DOSSIERCRM,APPLIAUTORIS,"
                                  "DOSSIER,PDOSSIER,DOSEXP,EXPERT_GRM,EXPERT_QUAL,EXPERT_CONT,"
                                  "EXPERT_DDOC,"));
  EXPECT_THAT(trace(), HasSubstr("existe déjà pour le dossier 997"));
}

TEST_F(RecordSqlExamplesOfOptions, E20TracesTheEnvironmentAtTheFirstLoginOnly) {
  const auto trace = [this] {
    const auto reply = gateway().Call(&Stub::DiagnoseEnvironment, "name: 'erps/sandbox'");
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
    return reply.message.trace();
  };
  EXPECT_THAT(trace(), HasSubstr("LectureFichier"));
  EXPECT_EQ(trace(), "");
}

TEST_F(RecordSqlExamplesOfOptions, E21ClearsEachCache) {
  for (const char* cache : {"CACHE_DICTIONARIES", "CACHE_USER", "CACHE_AUTHORIZED_DICTIONARIES"}) {
    const auto reply =
        gateway().Call(&Stub::ClearCache, std::string("name: 'erps/sandbox' cache: ") + cache);
    EXPECT_TRUE(reply.status.ok()) << Describe(reply.status);
  }
  std::vector<std::string> words;
  for (const std::string& body : gateway().ExecuteBodies()) {
    words.push_back(json::parse(body)["dhoq"]);
  }
  EXPECT_THAT(words, ElementsAre("_razcache", "_razuser", "_razautorisedhoq"));
}

TEST_F(RecordSqlExamplesOfOptions, E22NeverSendsAKeyWithABlankWhichTheUpstreamRefuses) {
  const json refusal = json::parse(gateway().PostToSandbox(
      "/api/v1/RecordSql/Execute", R"({"dhoq ":"gtrstab.dhoq","recordsql":"CODEPOSTAL"})"));
  EXPECT_NE(refusal["error"], 0);
  EXPECT_TRUE(refusal["records"].is_null());
  sandbox().traffic().Reset();
  gateway().Page(QueryOf(kClient, R"(fields: 'TIERS' order_by: 'Par_Nom' company_file: '998'
      joins { all: true action: ACTION_ACTIVATE } diagnostics: DIAGNOSTIC_VERSION
      filter { raw { name: 'R' sql: 'CLI.CLI_ID < 9' }
               cases { name: 'Actif' parameters { key: 'actif' value { bool_value: true } } } })"));
  gateway().Page(QueryOf("gtrsart.dhoq/ArticleParFamille",
                         "having { name: 'Au_Moins' parameters { key: 'nombre' value { "
                         "integer_value: 2 } } }"));
  EXPECT_EQ(Erp().reachability(), v1::Erp::REACHABILITY_REACHABLE);
  for (const std::string& body : sandbox().traffic().LastBodies()) {
    const json request = json::parse(body);
    for (const auto& [key, value] : request.items()) {
      EXPECT_THAT(key, Not(HasSubstr(" "))) << body;
    }
  }
}

TEST_F(RecordSqlExamplesOfOptions, E23ChangesTheCompanyFile) {
  EXPECT_THAT(ValuesOf(gateway().Page(QueryOf(kCodePostal)), "VIL"),
              ElementsAre("BOURG EN BRESSE", "BROU", "STRASBOURG"));
  EXPECT_THAT(gateway().Page(QueryOf(kCodePostal, "company_file: '997'")).rows(), SizeIs(7));
  EXPECT_THAT(gateway().Page(QueryOf(kCodePostal, "company_file: '1'")).rows(), IsEmpty());
}

TEST_F(RecordSqlExamplesOfOptions, E24CoercesAnExcessivePageSize) {
  const auto one =
      gateway().Page(QueryOf(kClient,
                             "where { name: 'Equal_Tiers' parameters { key: 'tiers' value { "
                             "string_value: 'C0000001' } } }"),
                     10000);
  EXPECT_THAT(ValuesOf(one, "TIERS"), ElementsAre("C0000001"));
  EXPECT_THAT(NamesOf(one.columns()), IsSupersetOf({"CLI_ID", "NOM", "ENCOURS"}));
  EXPECT_EQ(json::parse(gateway().ExecuteBodies().front())["count"], 1000);
  const auto all = gateway().Page(QueryOf(kClient), 10000);
  EXPECT_THAT(all.rows(), SizeIs(1000));
  EXPECT_NE(all.next_page_token(), "");
}

}  // namespace
}  // namespace relais::integration
