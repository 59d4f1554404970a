#include "server/config/yaml/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config/config.h"
#include "server/sections.h"
#include "server/services/recordsql/config_key.pb.h"

namespace relais::config {
namespace {

using ::testing::HasSubstr;

constexpr char kFile[] = R"(
server: {listen: "127.0.0.1:1"}
recordsql:
  erps:
    erp-one: &erp
      base_url: https://one.example
      user: reader
      password: {file: /nonexistent/password}
      limits: {in_flight: 7}
    erp-two: *erp
)";

absl::StatusOr<LoadedConfig> Load(Environment environment, std::vector<std::string> flags = {},
                                  const std::string& text = kFile) {
  ConfigOptions options;
  options.environment = std::move(environment);
  options.flags = std::move(flags);
  options.look_outside = false;
  return ParseConfig("relais.yaml", text, options, ConfigSections());
}

std::string ErrorOf(Environment environment, std::vector<std::string> flags = {}) {
  return std::string(Load(std::move(environment), std::move(flags)).status().message());
}

v1::Config ConfigOf(Environment environment, std::vector<std::string> flags = {}) {
  const auto loaded = Load(std::move(environment), std::move(flags));
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->config : v1::Config();
}

TEST(Overrides, TheEnvironmentWinsOverTheFileAndAFlagOverBoth) {
  EXPECT_EQ(ConfigOf({}).server().listen(), "127.0.0.1:1");
  const Environment environment = {{"RELAIS_SERVER__LISTEN", "127.0.0.1:2"}};
  EXPECT_EQ(ConfigOf(environment).server().listen(), "127.0.0.1:2");
  EXPECT_EQ(ConfigOf(environment, {"server.listen=127.0.0.1:3"}).server().listen(), "127.0.0.1:3");
}

TEST(Overrides, WhatIsEmptyIsRefused) {
  EXPECT_THAT(ErrorOf({{"RELAIS_SERVER__LISTEN", ""}}), HasSubstr("is empty"));
  EXPECT_THAT(ErrorOf({}, {"server.listen="}), HasSubstr("server.listen: is empty"));
}

TEST(Overrides, TheLastFlagOfAKeyWins) {
  EXPECT_EQ(ConfigOf({}, {"log.level=debug", "log.level=error"}).log().level(),
            v1::Log::LEVEL_ERROR);
}

TEST(Overrides, OneConnectionIsChangedAndItsAliasIsNot) {
  const v1::Config config = ConfigOf({{"RELAIS_RECORDSQL__ERPS__ERP_ONE__LIMITS__IN_FLIGHT", "9"}});
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("erp-one").limits().in_flight(), 9);
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("erp-two").limits().in_flight(), 7);
}

TEST(Overrides, EveryTypeCanBeGivenAsText) {
  const std::string erp = "recordsql.erps.erp-one.";
  const v1::Config config = ConfigOf(
      {}, {erp + "user=4711", erp + "verify_last_page=false", erp + "session_lifetime=2m",
           erp + "limits.max_response_bytes=2048", erp + "dictionaries=/a.dhsq, /b.dhsq",
           erp + "session_error_codes=54,55", erp + "display_name=a=b", "log.format=json"});
  const v1::Erp& one = config.GetExtension(v1::recordsql).erps().at("erp-one");
  EXPECT_EQ(one.user(), "4711");
  EXPECT_FALSE(one.verify_last_page());
  EXPECT_EQ(one.session_lifetime().seconds(), 120);
  EXPECT_EQ(one.limits().max_response_bytes(), 2048);
  EXPECT_EQ(one.dictionaries_size(), 2);
  EXPECT_EQ(one.dictionaries(1), "/b.dhsq");
  EXPECT_EQ(one.session_error_codes(1), 55);
  EXPECT_EQ(one.display_name(), "a=b");
  EXPECT_EQ(config.log().format(), v1::Log::FORMAT_JSON);
}

TEST(Overrides, AConnectionCanComeFromTheEnvironmentAlone) {
  const auto loaded = Load({{"RELAIS_RECORDSQL__ERPS__MY_ERP__BASE_URL", "https://erp.example"},
                            {"RELAIS_RECORDSQL__ERPS__MY_ERP__USER", "reader"},
                            {"RELAIS_RECORDSQL__ERPS__MY_ERP__PASSWORD__ENV", "RELAIS_MY__SECRET"},
                            {"RELAIS_MY__SECRET", "hunter2"}},
                           {}, "");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.GetExtension(v1::recordsql).erps().at("my-erp").password().env(),
            "RELAIS_MY__SECRET");
}

TEST(Overrides, TheOtherSourceOfASecretGivesWay) {
  const v1::Config config = ConfigOf({}, {"recordsql.erps.erp-one.password.env=ERP_PASSWORD"});
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("erp-one").password().env(),
            "ERP_PASSWORD");
  EXPECT_EQ(config.GetExtension(v1::recordsql).erps().at("erp-two").password().file(),
            "/nonexistent/password");
}

TEST(Overrides, VariablesThatAreNoOverridesAreIgnored) {
  const v1::Config config = ConfigOf({{"RELAIS_HOME", "x"},
                                      {"RELAIS_", "x"},
                                      {"RELAIS", "x"},
                                      {"relais_server__listen", "x"},
                                      {"OTHER_SERVER__LISTEN", "x"}});
  EXPECT_EQ(config.server().listen(), "127.0.0.1:1");
}

TEST(Overrides, AVariableThatASecretNamesIsNoOverride) {
  const auto loaded =
      Load({{"RELAIS_RECORDSQL__ERPS__DEMO__PASSWORD", "hunter2"}}, {},
           "recordsql: {erps: {demo: {base_url: \"https://a\", user: b, password: {env: "
           "RELAIS_RECORDSQL__ERPS__DEMO__PASSWORD}}}}");
  EXPECT_TRUE(loaded.ok()) << loaded.status();
}

TEST(Overrides, UnknownVariablesAreNamedWithTheNearest) {
  EXPECT_EQ(ErrorOf({{"RELAIS_SERVER__LISTN", "x"}}),
            "environment variable RELAIS_SERVER__LISTN: server.listn: unknown key; did you mean "
            "RELAIS_SERVER__LISTEN?");
  EXPECT_EQ(ErrorOf({{"RELAIS_RECORDSQL__ERPS__ERP_ONE__BASE_URI", "x"}}),
            "environment variable RELAIS_RECORDSQL__ERPS__ERP_ONE__BASE_URI: "
            "recordsql.erps.erp-one.base_uri: unknown key; did you mean "
            "RELAIS_RECORDSQL__ERPS__ERP_ONE__BASE_URL?");
  EXPECT_EQ(ErrorOf({{"RELAIS_LOG__QQQQQQ", "x"}}),
            "environment variable RELAIS_LOG__QQQQQQ: log.qqqqqq: unknown key; allowed are level, "
            "format, access.");
}

TEST(Overrides, WrongValuesAreNamedWithTheirVariableOrFlag) {
  EXPECT_EQ(
      ErrorOf({{"RELAIS_SERVER__DRAIN_DELAY", "301s"}}),
      "environment variable RELAIS_SERVER__DRAIN_DELAY: server.drain_delay: \"301s\" is out of "
      "range; allowed are 0s to 300s.");
  EXPECT_EQ(ErrorOf({}, {"server.listen=0.0.0.0:1"}),
            "flag --set server.listen: server.listen: is not a loopback address; set tls with "
            "client_ca_file, or behind_proxy: true if a proxy that speaks TLS stands before it.");
  EXPECT_EQ(
      ErrorOf({}, {"recordsql.erps.erp-one.dictionaries=/a,\x01"}),
      "flag --set recordsql.erps.erp-one.dictionaries: recordsql.erps.erp-one.dictionaries[1]: "
      "contains control characters or invalid UTF-8.");
}

TEST(Overrides, FlagsThatNameNoValueAreRefused) {
  EXPECT_EQ(ErrorOf({}, {"server.lisen=x"}),
            "flag --set server.lisen: server.lisen: unknown key; did you mean \"listen\"?");
  EXPECT_EQ(ErrorOf({}, {"hunter2"}),
            "flag --set number 1: must be KEY=VALUE, for example server.listen=127.0.0.1:50051.");
  EXPECT_EQ(ErrorOf({}, {"admin=x"}),
            "flag --set admin: admin: is a section; set one of its keys: listen, allow_remote, "
            "status_page.");
  EXPECT_EQ(
      ErrorOf({}, {"recordsql.erps.demo=x"}),
      "flag --set recordsql.erps.demo: recordsql.erps: is a section of connections; set a key of "
      "one of them.");
  EXPECT_EQ(ErrorOf({}, {"log.level.x=x"}),
            "flag --set log.level.x: log.level: has no keys below it.");
  EXPECT_EQ(
      ErrorOf({{"RELAIS_SERVER", "x"}}).find("environment variable RELAIS_SERVER: server: is a"),
      0u);
  for (const char* flag : {"=", "=x", ".=x", "server.=x", ".server=x", "a..b=x"}) {
    EXPECT_NE(ErrorOf({}, {flag}), "") << flag;
  }
}

TEST(Overrides, ASecretGivenAsAValueIsRefusedWithoutRepeatingIt) {
  const std::string message = ErrorOf({{"RELAIS_RECORDSQL__ERPS__ERP_ONE__PASSWORD", "hunter2"}},
                                      {"recordsql.erps.erp-two.password=hunter2"});
  EXPECT_EQ(
      message,
      "environment variable RELAIS_RECORDSQL__ERPS__ERP_ONE__PASSWORD: "
      "recordsql.erps.erp-one.password: is a secret and cannot be given here; set its env or its "
      "file instead.\n"
      "flag --set recordsql.erps.erp-two.password: recordsql.erps.erp-two.password: is a secret "
      "and cannot be given here; set its env or its file instead.");
}

TEST(Overrides, TheFilesOwnMistakesAreStillReported) {
  const auto loaded = Load({{"RELAIS_SERVER__LISTEN", "127.0.0.1:0"}}, {}, "server: 5\n");
  EXPECT_EQ(loaded.status().message(),
            "relais.yaml:1:9: server: expects a section of keys, not a single value.");
}

}  // namespace
}  // namespace relais::config
