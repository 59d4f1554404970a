#include <gtest/gtest.h>

#include <sstream>

#include "server/config/config_command.h"
#include "server/sections.h"

namespace relais::config {
namespace {

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

template <typename Command>
Outcome Execute(Command command, ConfigRequest request) {
  request.sections = ConfigSections();
  std::ostringstream out, err;
  const int code = command(request, out, err);
  return {code, out.str(), err.str()};
}

const Environment kPasswords = {{"ERP_DEMO_PASSWORD", "hunter2-demo"},
                                {"ERP_HEADQUARTERS_PASSWORD", "hunter2-headquarters"},
                                {"ERP_SUBSIDIARY_PASSWORD", "hunter2-subsidiary"}};

TEST(ConfigCommand, TheShippedExamplesAreValid) {
  const Outcome minimal = Execute(RunConfigCheck, {"docs/examples/minimal.yaml", kPasswords, {}});
  EXPECT_EQ(minimal.err, "");
  EXPECT_EQ(minimal.out, "docs/examples/minimal.yaml: valid, 1 connection to ERPs\n");
  EXPECT_EQ(minimal.code, kExitOk);

  const Outcome full = Execute(RunConfigCheck, {"docs/examples/relais.yaml", kPasswords, {}});
  EXPECT_EQ(full.err, "");
  EXPECT_EQ(full.out, "docs/examples/relais.yaml: valid, 2 connections to ERPs\n");
  EXPECT_EQ(full.code, kExitOk);
}

TEST(ConfigCommand, CheckNamesEveryMissingSecretAndEndsWithTwo) {
  const Outcome outcome =
      Execute(RunConfigCheck, {"docs/examples/relais.yaml", {}, {"log.level=x"}});
  EXPECT_EQ(outcome.code, kExitConfigError);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(
      outcome.err,
      "docs/examples/relais.yaml:30:23: recordsql.erps.headquarters.password: the environment "
      "variable ERP_HEADQUARTERS_PASSWORD is not set.\n"
      "docs/examples/relais.yaml:51:23: recordsql.erps.subsidiary.password: the environment "
      "variable ERP_SUBSIDIARY_PASSWORD is not set.\n"
      "flag --set log.level: log.level: \"x\" is not one of debug, info, warning, error.\n");
}

TEST(ConfigCommand, PrintNeedsNoSecretsAndShowsNone) {
  const Outcome bare = Execute(RunConfigPrint, {"docs/examples/relais.yaml", {}, {}});
  EXPECT_EQ(bare.code, kExitOk);
  EXPECT_EQ(bare.err, "");
  EXPECT_NE(bare.out.find("env: \"ERP_SUBSIDIARY_PASSWORD\""), std::string::npos);

  const Outcome full = Execute(RunConfigPrint, {"docs/examples/relais.yaml", kPasswords, {}});
  EXPECT_EQ(full.out, bare.out);
  EXPECT_EQ(full.out.find("hunter2"), std::string::npos);
}

TEST(ConfigCommand, WarningsGoToTheErrorStreamAndChangeNoExitCode) {
  const Outcome outcome =
      Execute(RunConfigCheck, {"docs/examples/minimal.yaml",
                               kPasswords,
                               {"recordsql.erps.demo.base_url=http://erp.example"}});
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.err,
            "warning: flag --set recordsql.erps.demo.base_url: recordsql.erps.demo.base_url: sends "
            "credentials as plain text over the network; use https or TLS.\n");
}

TEST(ConfigCommand, CheckWorksWithoutAFile) {
  const Outcome outcome = Execute(RunConfigCheck, {});
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out, "configuration: valid, 0 connections to ERPs\n");
}

TEST(ConfigCommand, CheckCountsJobQueuesToo) {
  const Outcome outcome =
      Execute(RunConfigCheck,
              {"",
               {},
               {"state.file=:memory:", "jobqueue.queues.lab.base_url=https://granta.example/sl",
                "jobqueue.queues.lab.authentication.scheme=anonymous"}});
  EXPECT_EQ(outcome.code, kExitOk) << outcome.err;
  EXPECT_EQ(outcome.out, "configuration: valid, 0 connections to ERPs, 1 to job queues\n");
}

TEST(ConfigCommand, SchemaIsWritten) {
  std::ostringstream out;
  EXPECT_EQ(RunConfigSchema(ConfigSections(), out), kExitOk);
  EXPECT_EQ(out.str().rfind("{\n  \"$schema\"", 0), 0u);
}

}  // namespace
}  // namespace relais::config
