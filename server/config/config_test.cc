#include "server/config/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/config/forms/duration.h"
#include "server/sections.h"
#include "server/services/recordsql/config_key.pb.h"

namespace relais::config {
namespace {

ConfigOptions Pure() {
  ConfigOptions options;
  options.look_outside = false;
  options.directory = "/etc/relais";
  return options;
}

v1::Config Parse(const std::string& text) {
  const auto loaded = ParseConfig("relais.yaml", text, Pure(), ConfigSections());
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->config : v1::Config();
}

constexpr char kSmallest[] = R"(
recordsql:
  erps:
    demo:
      base_url: https://erp.example
      user: reader
      password: {env: ERP_PASSWORD}
)";

TEST(Config, WithoutAnyKeyTheServerHasItsDocumentedDefaults) {
  const v1::Config config = Parse("");
  EXPECT_EQ(config.server().listen(), "127.0.0.1:50051");
  EXPECT_FALSE(config.server().behind_proxy());
  EXPECT_FALSE(config.server().has_tls());
  EXPECT_EQ(FormatDuration(config.server().drain_delay()), "3s");
  EXPECT_EQ(FormatDuration(config.server().drain_deadline()), "10s");
  EXPECT_EQ(FormatDuration(config.server().max_unary_deadline()), "120s");
  EXPECT_EQ(config.server().polling_threads(), 1);
  EXPECT_EQ(config.server().max_request_bytes(), 4194304);
  EXPECT_EQ(FormatDuration(config.server().watches().heartbeat()), "12s");
  EXPECT_EQ(FormatDuration(config.server().watches().max_age()), "1800s");
  EXPECT_EQ(config.admin().listen(), "127.0.0.1:9464");
  EXPECT_EQ(config.log().level(), v1::Log::LEVEL_INFO);
  EXPECT_EQ(config.log().format(), v1::Log::FORMAT_UNSPECIFIED);
  EXPECT_EQ(config.log().access(), v1::Log::ACCESS_ERRORS);
  EXPECT_TRUE(config.GetExtension(v1::recordsql).erps().empty());
}

TEST(Config, AnErpHasItsDocumentedDefaults) {
  const v1::Erp erp = Parse(kSmallest).GetExtension(v1::recordsql).erps().at("demo");
  EXPECT_EQ(erp.display_name(), "");
  EXPECT_EQ(erp.domain(), "");
  EXPECT_EQ(erp.environment(), "");
  EXPECT_EQ(erp.max_page_size(), 1000);
  EXPECT_TRUE(erp.verify_last_page());
  EXPECT_EQ(FormatDuration(erp.session_lifetime()), "1800s");
  EXPECT_EQ(FormatDuration(erp.session_suspect_age()), "300s");
  EXPECT_TRUE(erp.session_error_codes().empty());
  EXPECT_TRUE(erp.dictionaries().empty());
  EXPECT_EQ(erp.data_dictionary(), "");
  EXPECT_EQ(erp.probe(), "a5rsdos.dhoq/Utilisateur");
  EXPECT_EQ(erp.tls().ca_file(), "");
  EXPECT_EQ(erp.tls().pinned_public_key(), "");
}

TEST(Config, LimitsAndPermissionsHaveTheirDocumentedDefaults) {
  const v1::Erp erp = Parse(kSmallest).GetExtension(v1::recordsql).erps().at("demo");
  EXPECT_EQ(erp.limits().in_flight(), 4);
  EXPECT_EQ(erp.limits().queue(), 256);
  EXPECT_EQ(FormatDuration(erp.limits().attempt_timeout()), "60s");
  EXPECT_EQ(FormatDuration(erp.limits().connect_timeout()), "5s");
  EXPECT_EQ(erp.limits().max_response_bytes(), 67108864);
  EXPECT_EQ(erp.limits().max_attempts(), 3);
  EXPECT_EQ(erp.limits().retry_budget_percent(), 20);
  EXPECT_EQ(erp.limits().breaker_failures(), 5);
  EXPECT_FALSE(erp.permissions().raw_sql());
  EXPECT_FALSE(erp.permissions().debug());
  EXPECT_TRUE(erp.permissions().undeclared_record_sqls());
  EXPECT_TRUE(erp.permissions().company_files().empty());
}

TEST(Config, AValueThatIsZeroOrFalseIsNotReplacedByItsDefault) {
  const v1::Config config = Parse("server: {drain_delay: 0s}\n" + std::string(kSmallest) + R"(
      verify_last_page: false
      limits: {queue: 0, retry_budget_percent: 0}
      permissions: {undeclared_record_sqls: false}
)");
  const v1::Erp& erp = config.GetExtension(v1::recordsql).erps().at("demo");
  EXPECT_EQ(FormatDuration(config.server().drain_delay()), "0s");
  EXPECT_FALSE(erp.verify_last_page());
  EXPECT_EQ(erp.limits().queue(), 0);
  EXPECT_EQ(erp.limits().retry_budget_percent(), 0);
  EXPECT_EQ(erp.limits().in_flight(), 4);
  EXPECT_FALSE(erp.permissions().undeclared_record_sqls());
}

TEST(Config, EnumsAreAcceptedInEverySpelling) {
  for (const char* level :
       {"warning", "WARNING", "\"warning\"", "LEVEL_WARNING", "level_warning"}) {
    EXPECT_EQ(Parse("log: {level: " + std::string(level) + "}").log().level(),
              v1::Log::LEVEL_WARNING);
  }
}

TEST(Config, SectionsWithoutKeysAreAsAbsentOnes) {
  const v1::Config config = Parse("server:\n  tls:\nadmin:\nlog: ~\nrecordsql:\n  erps:\n");
  EXPECT_FALSE(config.server().has_tls());
  EXPECT_EQ(config.SerializeAsString(), Parse("").SerializeAsString());
}

TEST(Config, AnAliasGivesTheSameValueAgain) {
  const v1::Config config = Parse(R"(
recordsql:
  erps:
    one: &one
      base_url: https://erp.example/
      user: reader
      password: {env: ERP_PASSWORD}
      limits: {in_flight: 7}
    two: *one
)");
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("two").limits().in_flight(), 7);
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("two").base_url(), "https://erp.example");
}

TEST(Config, RelativePathsCountFromTheDirectoryOfTheFile) {
  const v1::Config config = Parse(std::string(kSmallest) + R"(
      dictionaries: [dictionaries/a.dhsq, /srv/b.dhsq, ../c.dhsq]
      data_dictionary: ./types.dhsd
      tls: {ca_file: ca.pem}
    other:
      base_url: https://erp.example
      user: reader
      password: {file: secret}
server:
  tls: {certificate_file: a.pem, key_file: /b.pem}
)");
  const v1::Erp& erp = config.GetExtension(v1::recordsql).erps().at("demo");
  EXPECT_EQ(erp.dictionaries(0), "/etc/relais/dictionaries/a.dhsq");
  EXPECT_EQ(erp.dictionaries(1), "/srv/b.dhsq");
  EXPECT_EQ(erp.dictionaries(2), "/etc/c.dhsq");
  EXPECT_EQ(erp.data_dictionary(), "/etc/relais/types.dhsd");
  EXPECT_EQ(erp.tls().ca_file(), "/etc/relais/ca.pem");
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("other").password().file(),
            "/etc/relais/secret");
  EXPECT_EQ(config.server().tls().certificate_file(), "/etc/relais/a.pem");
  EXPECT_EQ(config.server().tls().key_file(), "/b.pem");
}

TEST(Config, WithoutAFileDefaultsEnvironmentAndFlagsAreAll) {
  ConfigOptions options;
  options.environment = {{"RELAIS_LOG__LEVEL", "debug"}};
  options.flags = {"server.listen=127.0.0.1:0"};
  const auto loaded = LoadConfig("", options, ConfigSections());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.server().listen(), "127.0.0.1:0");
  EXPECT_EQ(loaded->config.log().level(), v1::Log::LEVEL_DEBUG);
}

TEST(Config, AFileIsReadWithPathsFromItsDirectory) {
  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) / "relais_config_file";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "a.dhsq") << "x";
  std::ofstream(directory / "relais.yaml") << kSmallest << "      dictionaries: [a.dhsq]\n";
  ConfigOptions options;
  options.environment = {{"ERP_PASSWORD", "hunter2"}};
  const auto loaded = LoadConfig((directory / "relais.yaml").string(), options, ConfigSections());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.GetExtension(v1::recordsql).erps().at("demo").dictionaries(0),
            (directory / "a.dhsq").string());
}

TEST(Config, PlainHttpOverANetworkIsAWarning) {
  const auto loaded = ParseConfig("relais.yaml", R"(
recordsql:
  erps:
    demo: {base_url: "http://erp.example", user: a, password: {env: A}}
    local: {base_url: "http://127.0.0.1:8080", user: a, password: {env: A}}
)",
                                  Pure(), ConfigSections());
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->warnings.size(), 1u);
  EXPECT_EQ(
      loaded->warnings[0],
      "relais.yaml:4:22: recordsql.erps.demo.base_url: sends credentials as plain text over the "
      "network; use https or TLS.");
}

TEST(Config, ABadIdHidesNothingThatIsWrongBelowIt) {
  const auto loaded = ParseConfig("relais.yaml", R"(
recordsql:
  erps:
    Demo:
      base_url: ftp://erp.example
      max_page_size: many
    twice:
      base_url: https://erp.example
      user: reader
      password: {env: ERP_PASSWORD}
    twice:
      nonsense: 1
)",
                                  Pure(), ConfigSections());
  ASSERT_FALSE(loaded.ok());
  for (const char* problem :
       {"\"Demo\" is not a connection id", "recordsql.erps.\"Demo\".base_url",
        "recordsql.erps.\"Demo\".max_page_size", "recordsql.erps.\"Demo\".user: is required",
        "recordsql.erps.twice: written twice", "recordsql.erps.twice.nonsense"}) {
    EXPECT_NE(loaded.status().message().find(problem), std::string::npos)
        << problem << " in " << loaded.status().message();
  }
}

TEST(Config, EachLoginSchemeNeedsItsKeys) {
  const auto loaded = ParseConfig("relais.yaml", R"(
jobqueue:
  queues:
    basic: {base_url: "https://a.example/sl", authentication: {user: a}}
    oidc:
      base_url: "https://a.example/sl"
      authentication: {scheme: oidc_client_credentials, client_id: a, client_secret: {env: A}}
    ticket: {base_url: "https://a.example/sl", authentication: {scheme: negotiate}}
)",
                                  Pure(), ConfigSections());
  ASSERT_FALSE(loaded.ok());
  const std::string message(loaded.status().message());
  EXPECT_NE(message.find("relais.yaml:4:"), std::string::npos) << message;
  EXPECT_NE(
      message.find("jobqueue.queues.basic.authentication.password: is required by the scheme"),
      std::string::npos)
      << message;
  EXPECT_NE(message.find("jobqueue.queues.oidc.authentication.authority: is required"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find("ticket"), std::string::npos) << message;
}

TEST(Config, TheStateFileNeedNotExist) {
  ConfigOptions options;
  options.directory = "/etc/relais";
  const auto named =
      ParseConfig("relais.yaml", "state: {file: state.db}\n", options, ConfigSections());
  ASSERT_TRUE(named.ok()) << named.status();
  EXPECT_EQ(named->config.state().file(), "/etc/relais/state.db");
  const auto memory =
      ParseConfig("relais.yaml", "state: {file: \":memory:\"}\n", options, ConfigSections());
  ASSERT_TRUE(memory.ok()) << memory.status();
  EXPECT_EQ(memory->config.state().file(), ":memory:");
}

TEST(Config, TheEnvironmentOfTheProcessIsReadWhole) {
  ASSERT_EQ(setenv("RELAIS_CONFIG_TEST", "a=b", 1), 0);
  EXPECT_EQ(ProcessEnvironment().at("RELAIS_CONFIG_TEST"), "a=b");
  unsetenv("RELAIS_CONFIG_TEST");
}

}  // namespace
}  // namespace relais::config
