// Golden errors: testdata/errors/X.yaml gives exactly the lines of X.txt.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/config/config.h"
#include "server/sections.h"
#include "tests/support/temporary_folder.h"

namespace relais::config {
namespace {

const std::filesystem::path kDirectory = "server/config/testdata/errors";

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kDirectory)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  return names;
}

class GoldenErrors : public testing::TestWithParam<std::string> {};

TEST_P(GoldenErrors, EveryProblemIsNamedWithItsPlaceKeyAndRemedy) {
  const std::string name = GetParam() + ".yaml";
  ConfigOptions options;
  options.environment = {{"ERP_PASSWORD", "hunter2-environment"}};
  options.directory = "/nonexistent";
  const auto loaded = ParseConfig(name, ReadAll(kDirectory / name), options, ConfigSections());
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(loaded.status().message());
  EXPECT_EQ(message + "\n", ReadAll(kDirectory / (GetParam() + ".txt")));
  EXPECT_EQ(message.find("hunter2"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Testdata, GoldenErrors, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param; });

TEST(ConfigErrors, AMissingFileIsNamed) {
  const auto loaded = LoadConfig("/nonexistent/relais.yaml", {}, ConfigSections());
  EXPECT_EQ(loaded.status().message(),
            "/nonexistent/relais.yaml: cannot be read: No such file or directory.");
}

TEST(ConfigErrors, ADirectoryIsNoConfiguration) {
  EXPECT_EQ(LoadConfig("/", {}, ConfigSections()).status().message(),
            "/: cannot be read: Is a directory.");
}

TEST(ConfigErrors, ADeviceIsNoConfiguration) {
  EXPECT_EQ(LoadConfig("/dev/zero", {}, ConfigSections()).status().message(),
            "/dev/zero: is not a regular file.");
}

TEST(ConfigErrors, NumbersHaveNoLeadingZeros) {
  for (const char* text : {"03000", "00", "-01"}) {
    EXPECT_EQ(ParseConfig("x.yaml", absl::StrCat("server: {polling_threads: ", text, "}\n"), {},
                          ConfigSections())
                  .status()
                  .message(),
              absl::StrCat("x.yaml:1:27: server.polling_threads: \"", text,
                           "\" begins with 0; write it without."));
  }
}

TEST(ConfigErrors, WhatIsForgottenMustHaveSettled) {
  const auto parse = [](const char* settle_time) {
    return ParseConfig("x.yaml",
                       absl::StrCat("state: {retention: 60s, settle_time: ", settle_time, "}\n"),
                       {}, ConfigSections())
        .status();
  };
  EXPECT_TRUE(parse("59s").ok()) << parse("59s");
  EXPECT_EQ(parse("60s").message(),
            "x.yaml:1:20: state.retention: must be longer than state.settle_time.");
}

TEST(ConfigErrors, TheStateFileMustHaveAPlaceWhereItIsUsed) {
  const TemporaryFolder folder;
  const auto parse = [&folder](const std::string& file, const std::string& queues) {
    ConfigOptions options;
    options.directory = folder.path();
    return ParseConfig(
               "x.yaml",
               absl::StrCat("state:\n  file: ", file, "\njobqueue: {queues: {", queues, "}}\n"),
               options, ConfigSections())
        .status();
  };
  const std::string queue =
      "lab: {base_url: \"https://mi.example/sl\", authentication: {scheme: anonymous}}";
  std::ofstream(folder.path() + "/file");
  EXPECT_TRUE(parse("state.sqlite", queue).ok()) << parse("state.sqlite", queue);
  EXPECT_TRUE(parse("file", queue).ok()) << parse("file", queue);
  EXPECT_TRUE(parse("\":memory:\"", queue).ok());
  EXPECT_TRUE(parse("no/state.sqlite", "").ok()) << "nothing that would be written";
  EXPECT_EQ(parse("no/state.sqlite", queue).message(),
            absl::StrCat("x.yaml:2:9: state.file: the folder \"", folder.path(),
                         "/no\" does not exist; make it first."));
  EXPECT_EQ(parse("file/state.sqlite", queue).message(),
            absl::StrCat("x.yaml:2:9: state.file: the folder \"", folder.path(),
                         "/file\" is not a folder."));
  EXPECT_EQ(parse(".", queue).message(), absl::StrCat("x.yaml:2:9: state.file: the file \"",
                                                      folder.path(), "/\" is not a regular file."));
}

TEST(ConfigErrors, AfterAHundredTheyAreCounted) {
  std::string text = "log: {level: info}\n";
  for (int i = 0; i < 150; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const std::string message(ParseConfig("x.yaml", text, {}, ConfigSections()).status().message());
  EXPECT_TRUE(message.ends_with("\nx.yaml: 50 more problems")) << message;
}

TEST(ConfigErrors, LongValuesAreCutWithoutBreakingACharacter) {
  std::string value(59, 'a');
  for (int i = 0; i < 100; ++i) value += "é";
  const auto loaded = ParseConfig("x.yaml", "log: {level: " + value + "}\n", {}, ConfigSections());
  EXPECT_EQ(loaded.status().message(), "x.yaml:1:14: log.level: \"" + std::string(59, 'a') +
                                           "…\" is not one of debug, info, warning, error.");
}

}  // namespace
}  // namespace relais::config
