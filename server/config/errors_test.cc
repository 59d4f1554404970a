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
