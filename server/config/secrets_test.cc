#include "server/config/secrets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "server/config/config.h"
#include "server/config/print.h"
#include "server/sections.h"

namespace relais::config {
namespace {

v1::Secret FromEnv(const std::string& name) {
  v1::Secret source;
  source.set_env(name);
  return source;
}

v1::Secret FromFile(const std::string& content, mode_t mode = 0600) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::string path = testing::TempDir() + "relais_secret_" + info->name();
  std::ofstream(path, std::ios::trunc) << content;
  chmod(path.c_str(), mode);
  v1::Secret source;
  source.set_file(path);
  return source;
}

TEST(Secrets, AreFetchedFromTheEnvironment) {
  const auto fetched = FetchSecret(FromEnv("A"), {{"A", "hunter2\n"}});
  ASSERT_TRUE(fetched.ok());
  EXPECT_EQ(fetched->secret.Reveal(), "hunter2");
}

// An HTTP header cannot carry it, and a terminal shows what it hides.
TEST(Secrets, HaveNoControlCharacters) {
  for (const char* text : {"hunter2\n\n", "a\nb", "a\tb", "\x1b[31m", "\x7f"}) {
    EXPECT_FALSE(FetchSecret(FromEnv("A"), {{"A", text}}).ok()) << text;
    const auto fetched = FetchSecret(FromFile(text), {});
    ASSERT_FALSE(fetched.ok()) << text;
    EXPECT_NE(fetched.status().message().find("has a control character"), std::string::npos);
    EXPECT_EQ(fetched.status().message().find("hunter2"), std::string::npos);
  }
}

TEST(Secrets, AreFetchedFromAFileWithoutItsLastNewline) {
  const struct {
    const char* content;
    const char* secret;
  } kCases[] = {{"hunter2", "hunter2"},
                {"hunter2\n", "hunter2"},
                {"hunter2\r\n", "hunter2"},
                {" a b ", " a b "}};
  for (const auto& test : kCases) {
    const auto fetched = FetchSecret(FromFile(test.content), {});
    ASSERT_TRUE(fetched.ok()) << fetched.status();
    EXPECT_EQ(fetched->secret.Reveal(), test.secret);
    EXPECT_EQ(fetched->warning, "");
  }
}

TEST(Secrets, AFileThatEveryoneMayReadIsAWarning) {
  const auto fetched = FetchSecret(FromFile("hunter2", 0644), {});
  ASSERT_TRUE(fetched.ok());
  EXPECT_NE(fetched->warning.find("can be read by everyone"), std::string::npos);
}

TEST(Secrets, ThatAreNotThereOrEmptyAreErrors) {
  EXPECT_EQ(FetchSecret(FromEnv("A"), {}).status().message(),
            "the environment variable A is not set.");
  EXPECT_EQ(FetchSecret(FromEnv("A"), {{"A", ""}}).status().message(),
            "the environment variable A is empty.");
  EXPECT_FALSE(FetchSecret(FromFile(""), {}).ok());
  EXPECT_FALSE(FetchSecret(FromFile("\n"), {}).ok());
  EXPECT_FALSE(FetchSecret(FromFile(std::string(64 * 1024 + 1, 'a')), {}).ok());
  EXPECT_TRUE(FetchSecret(FromFile(std::string(64 * 1024, 'a')), {}).ok());
}

TEST(Secrets, AreStoredByThePathOfTheirKeyAndNowhereElse) {
  const std::string value = "hunter2-value";
  const std::string file = FromFile(value + "-file", 0644).file();
  ConfigOptions options;
  options.environment = {{"ERP_PASSWORD", value}};
  const auto loaded = ParseConfig("relais.yaml",
                                  R"(
recordsql:
  erps:
    demo: {base_url: "http://erp.example", user: a, password: {env: ERP_PASSWORD}}
    other: {base_url: "https://erp.example", user: a, password: {file: ")" +
                                      file + R"("}}
)",
                                  options, ConfigSections());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_EQ(loaded->secrets.size(), 2u);
  EXPECT_EQ(loaded->secrets.at("recordsql.erps.demo.password").Reveal(), value);
  EXPECT_EQ(loaded->secrets.at("recordsql.erps.other.password").Reveal(), value + "-file");
  ASSERT_EQ(loaded->warnings.size(), 2u);

  std::string everything = PrintConfig(loaded->config) + loaded->config.DebugString();
  for (const std::string& warning : loaded->warnings) everything += warning;
  EXPECT_EQ(everything.find(value), std::string::npos);
}

TEST(Secrets, AreNotFetchedWithoutLookingOutside) {
  ConfigOptions options;
  options.look_outside = false;
  const auto loaded = ParseConfig("relais.yaml", R"(
recordsql:
  erps:
    demo:
      base_url: https://erp.example
      user: a
      password: {file: /nonexistent}
      dictionaries: [nonexistent.dhsq]
)",
                                  options, ConfigSections());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(loaded->secrets.empty());
}

}  // namespace
}  // namespace relais::config
