// The operator's file of definitions, as `relaisd config check` and the log judge it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGood[] =
    "exports:\n"
    "  postcodes:\n"
    "    source:\n"
    "      records:\n"
    "        query: {record_sql: erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL}\n"
    "    schedule:\n"
    "      daily: {}\n"
    "      time_zone: Europe/Paris\n"
    "    deliveries:\n"
    "      - destination: outbox\n";

class ADefinitionsFile : public ::testing::Test {
 protected:
  ADefinitionsFile() {
    for (const char* below : {"/kept", "/outbox"}) fs::create_directory(folder_.path() + below);
    std::ofstream(config_) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\n"
        "state: {file: state.sqlite}\n"
        "recordsql:\n  erps:\n    demo:\n      base_url: http://127.0.0.1:9/erp\n"
        "      user: DEMO\n      environment: ERP\n      password: {env: ERP_PASSWORD}\n"
        "exports:\n  directory: kept\n  definitions_file: exports.yaml\n"
        "  destinations:\n    outbox: {directory: {path: outbox}}\n");
  }

  void Write(const std::string& text) const {
    std::ofstream(definitions_ + ".new") << text;
    fs::rename(definitions_ + ".new", definitions_);
  }

  // Of what is no definition, one mistake is told.
  static std::string NoDefinition() {
    return absl::StrReplaceAll(kGood, {{"CODEPOSTAL}", "CODEPOSTAL, page: 1}"}});
  }
  // The lines that tell of WrongValues().
  std::vector<std::string> MistakesOfValues() const {
    return {absl::StrCat(definitions_, ":8:7: exports.postcodes.schedule.time_zone: "),
            absl::StrCat(definitions_, ":10:9: exports.postcodes.deliveries[0].destination: "),
            absl::StrCat(definitions_, ":12:5: exports.postcodes.retention: "),
            absl::StrCat(definitions_, ":13:3: exports.empty.source: ")};
  }
  static std::string WrongValues() {
    return absl::StrCat(
        absl::StrReplaceAll(kGood, {{"Europe/Paris", "Europe/Pariss"}, {"outbox", "nowhere"}}),
        "        no_manifest: true\n    retention: 1s\n  empty: {}\n");
  }

  RelaisdProcess Check() const {
    return RelaisdProcess({"config", "check", "--config", config_}, environment_);
  }

  const TemporaryFolder folder_;
  const std::string config_ = folder_.path() + "/relais.yaml";
  const std::string definitions_ = folder_.path() + "/exports.yaml";
  const std::map<std::string, std::string> environment_ = {{"ERP_PASSWORD", "demo-password"}};
};

TEST_F(ADefinitionsFile, IsLookedIntoWhenTheConfigurationIsChecked) {
  Write(kGood);
  RelaisdProcess good = Check();
  EXPECT_EQ(good.Wait(), 0) << good.Err();
  EXPECT_THAT(good.Out(), HasSubstr("relais.yaml: valid"));
  // Nothing is made by looking.
  EXPECT_FALSE(fs::exists(folder_.path() + "/state.sqlite"));

  Write(WrongValues());
  RelaisdProcess wrong = Check();
  EXPECT_EQ(wrong.Wait(), 2);
  EXPECT_THAT(wrong.Out(), Not(HasSubstr("valid")));
  for (const std::string& mistake : MistakesOfValues())
    EXPECT_THAT(wrong.Err(), HasSubstr(mistake));

  Write(NoDefinition());
  RelaisdProcess no_definition = Check();
  EXPECT_EQ(no_definition.Wait(), 2);
  EXPECT_THAT(no_definition.Err(),
              HasSubstr(absl::StrCat(definitions_,
                                     ":5:88: exports.postcodes.source.records.query.page: ")));
}

TEST_F(ADefinitionsFile, ThatIsNotThereIsAMistake) {
  RelaisdProcess missing = Check();
  EXPECT_EQ(missing.Wait(), 2);
  EXPECT_THAT(missing.Err(), HasSubstr(absl::StrCat("exports.definitions_file: the file \"",
                                                    definitions_, "\" cannot be read")));
}

TEST_F(ADefinitionsFile, TellsTheLogWhereItsMistakesAre) {
  Write(kGood);
  RelaisdProcess gateway({"serve", "--config", config_}, environment_);
  ASSERT_TRUE(gateway.AwaitOut("gRPC on ")) << gateway.Err();
  Write(WrongValues());
  ASSERT_TRUE(gateway.AwaitErr("exports.definitions_file not taken over")) << gateway.Err();
  ASSERT_TRUE(gateway.AwaitErr("exports.empty.source")) << gateway.Err();
  for (const std::string& mistake : MistakesOfValues())
    EXPECT_THAT(gateway.Err(), HasSubstr(mistake));
}

}  // namespace
}  // namespace relais::integration
