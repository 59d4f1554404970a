#include "server/services/exports/config.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/config/config.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

constexpr char kHostKey[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::string ProblemsOf(const std::string& text, bool look_outside = false) {
  config::ConfigOptions options;
  options.flags = {"state.file=:memory:"};
  options.look_outside = look_outside;
  return std::string(config::ParseConfig("x", text, options, {ConfigSection()}).status().message());
}

// Of a destination that is written as a line of YAML.
std::string ProblemsOfDestination(const std::string& line) {
  return ProblemsOf(absl::StrCat("exports: {destinations: {d: {", line, "}}}\n"));
}

std::string Sftp(const std::string& more, const std::string& path = "/in",
                 const std::string& host_key = kHostKey) {
  return absl::StrCat("sftp: {address: \"h:22\", user: u, path: \"", path,
                      "\", host_key_sha256: \"", host_key, "\"", more, "}");
}

std::string S3(const std::string& region) {
  return absl::StrCat("s3: {endpoint: \"https://s3.example\", region: \"", region,
                      "\", bucket: b, access_key_id: a, secret_access_key: {env: S}}");
}

std::string Http(const std::string& more) {
  return absl::StrCat("http: {base_url: \"https://h.example\"", more, "}");
}

struct Wrong {
  std::string destination;
  std::string key;       // below the destination; empty: the destination itself
  std::string sentence;  // or its beginning
};

TEST(DestinationsOfTheConfiguration, PassWhenTheyAreUsable) {
  for (const std::string& good :
       {std::string("directory: {path: /nowhere}"), Sftp(", password: {env: P}"),
        Sftp(", private_key_file: k", "/"),
        Sftp(", private_key_file: k, private_key_passphrase: {env: P}", "/~x",
             absl::StrCat("SHA256:", kHostKey, "=")),
        S3("eu-west-3"), Http(""), Http(", user: u, password: {env: P}"),
        Http(", token: {env: T}, webdav_move: true"),
        std::string("directory: {path: /x}, initial_backoff: 2s, max_backoff: 2s")})
    EXPECT_EQ(ProblemsOfDestination(good), "") << good;
}

TEST(DestinationsOfTheConfiguration, AreRefusedWithTheKeyThatIsWrong) {
  const std::string password = ", password: {env: P}";
  const std::vector<Wrong> all = {
      {"", "", "needs one of directory, sftp, s3 and http."},
      {"max_attempts: 3", "", "needs one of directory, sftp, s3 and http."},
      {absl::StrCat(S3("r"), ", ", Http("")), ".http", "stands beside \"s3\"; give one of them."},
      {"directory: {path: /x}, initial_backoff: 2s, max_backoff: 1.5s", ".max_backoff",
       "must not be less than initial_backoff."},
      {Sftp(""), ".sftp.password", "is required, or private_key_file."},
      {Sftp(password + ", private_key_passphrase: {env: Q}"), ".sftp.private_key_passphrase",
       "needs private_key_file."},
      {Sftp(password, "in"), ".sftp.path", "must begin with \"/\"."},
      {Sftp(password, "/~"), ".sftp.path", "must not begin with \"/~\"."},
      {Sftp(password, "/~/in"), ".sftp.path", "must not begin with \"/~\"."},
      {Sftp(password, "/", "aa:bb:cc"), ".sftp.host_key_sha256", "must be a SHA-256 in base64"},
      {Sftp(password, "/", std::string(43, '!')), ".sftp.host_key_sha256",
       "must be a SHA-256 in base64"},
      {S3("eu:3"), ".s3.region", "must not have a colon."},
      {Http(", user: u"), ".http.password", "and user need each other."},
      {Http(password), ".http.password", "and user need each other."},
      {Http(", user: \"u:v\"" + password), ".http.user", "must not have a colon"},
      {Http(", user: u, token: {env: T}" + password), ".http.token",
       "takes the place of user: give one of them."},
  };
  for (const Wrong& wrong : all) {
    const std::string problems = ProblemsOfDestination(wrong.destination);
    const std::string expected =
        absl::StrCat("exports.destinations.d", wrong.key, ": ", wrong.sentence);
    EXPECT_NE(problems.find(expected), std::string::npos) << expected << "\n" << problems;
    EXPECT_EQ(problems.find('\n'), std::string::npos) << problems;
  }
}

TEST(TheSectionOfExports, ASecretThatIsSentOverPlainHttpIsWarnedOf) {
  const auto warned = [](const std::string& destination) {
    config::ConfigOptions options;
    options.look_outside = false;
    const auto loaded = config::ParseConfig(
        "x", absl::StrCat("exports: {destinations: {d: {", destination, "}}}\n"), options,
        {ConfigSection()});
    return loaded.ok() && loaded->warnings.size() == 1;
  };
  EXPECT_TRUE(warned("http: {base_url: \"http://h.example\", token: {env: T}}"));
  EXPECT_FALSE(warned("http: {base_url: \"http://h.example\"}"));
  EXPECT_TRUE(
      warned("s3: {endpoint: \"http://h.example\", region: r, bucket: b, access_key_id: a, "
             "secret_access_key: {env: S}}"));
}

TEST(TheSectionOfExports, ADefinitionsFileNeedsADirectory) {
  EXPECT_EQ(ProblemsOf("exports: {definitions_file: /x.yaml}\n"),
            "x:1:29: exports.definitions_file: needs exports.directory.");
  EXPECT_EQ(ProblemsOf("exports: {directory: /x, definitions_file: /x.yaml}\n"), "");
}

TEST(TheSectionOfExports, DirectoriesMustBeThere) {
  const TemporaryFolder folder;
  const auto of = [&](const std::string& directory, const std::string& outbox) {
    return ProblemsOf(
        absl::StrCat("exports:\n  directory: ", directory,
                     "\n  destinations:\n    d:\n      directory: {path: ", outbox, "}\n"),
        /*look_outside=*/true);
  };
  const std::string there = folder.path();
  EXPECT_EQ(of(there, there), "");
  EXPECT_EQ(of(there + "/no", "/dev/null"),
            absl::StrCat("x:2:14: exports.directory: the folder \"", there,
                         "/no\" does not exist; make it first.\n"
                         "x:5:25: exports.destinations.d.directory.path: the folder "
                         "\"/dev/null\" is not a folder."));
}

}  // namespace
}  // namespace relais::exports
