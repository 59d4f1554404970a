// The recipes of docs/grpcurl.md, run as they stand there against a gateway of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "relais/exports/v1/exports.pb.h"
#include "tests/integration/gateway.h"
#include "tests/integration/shell.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using ::testing::HasSubstr;

constexpr char kPage[] = "docs/grpcurl.md";
constexpr char kPageAddress[] = "127.0.0.1:50051";

struct Recipe {
  std::string command;
  std::string shows;      // must be in its output
  std::string variables;  // what the page has set before
};

// "JOB=$(grpcurl …)": sets a variable for the recipes that follow.
bool SetsVariable(const std::string& command) {
  const std::size_t equals = command.find('=');
  return equals != std::string::npos && equals > 0 &&
         std::all_of(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](char c) { return absl::ascii_isupper(c); });
}

// Every ```sh block with the comment before it that says what it shows.
std::vector<Recipe> ReadRecipes() {
  std::vector<Recipe> recipes;
  std::ifstream page(kPage);
  EXPECT_TRUE(page) << kPage << " cannot be read from the working directory";
  std::string shows;
  std::string variables;
  bool in_block = false;
  for (std::string line; std::getline(page, line);) {
    absl::string_view text = line;
    if (absl::ConsumePrefix(&text, "<!-- shows: ") && absl::ConsumeSuffix(&text, " -->")) {
      shows = std::string(text);
    } else if (line == "```sh") {
      in_block = true;
      recipes.push_back({"", shows, variables});
      shows.clear();
    } else if (line == "```") {
      in_block = false;
      if (SetsVariable(recipes.back().command)) {
        variables += recipes.back().command;
        recipes.pop_back();
      }
    } else if (in_block) {
      absl::StrAppend(&recipes.back().command, line, "\n");
    }
  }
  return recipes;
}

class Grpcurl : public ::testing::Test {
 protected:
  void SetUp() override {
    binary_ = GrpcurlPath();
    ASSERT_NE(binary_, "") << kNoGrpcurl;
  }

  Outcome Run(const Recipe& recipe) {
    // Exports have folders of their own.
    const TemporaryFolder folders;
    GatewayOptions options;
    for (const auto& [key, name] : {std::pair("directory", "/kept"),
                                    std::pair("destinations.outbox.directory.path", "/outbox")}) {
      std::filesystem::create_directory(folders.path() + name);
      options.settings.push_back(absl::StrCat("exports.", key, "=", folders.path(), name));
    }
    Gateway gateway(std::move(options));
    EXPECT_EQ(recipe.command.rfind("grpcurl ", 0), 0u) << recipe.command;
    const std::string folder = binary_.substr(0, binary_.rfind('/'));
    return RunInShell(absl::StrCat("PATH='", folder, "':$PATH\n",
                                   absl::StrReplaceAll(recipe.variables + recipe.command,
                                                       {{kPageAddress, gateway.address()}})));
  }

  std::string binary_;
};

TEST_F(Grpcurl, RunsEveryRecipeOfThePage) {
  const std::vector<Recipe> recipes = ReadRecipes();
  ASSERT_FALSE(recipes.empty());
  for (const Recipe& recipe : recipes) {
    EXPECT_NE(recipe.shows, "") << "nothing is said of what this shows:\n" << recipe.command;
    EXPECT_THAT(recipe.command, HasSubstr(kPageAddress));
    const Outcome outcome = Run(recipe);
    EXPECT_EQ(outcome.exit_code, 0) << recipe.command << outcome.output.substr(0, 2000);
    EXPECT_TRUE(absl::StrContains(outcome.output, recipe.shows))
        << "\"" << recipe.shows << "\" is not in the output of\n"
        << recipe.command << outcome.output.substr(0, 2000);
  }
}

TEST_F(Grpcurl, HasARecipeForEveryMethod) {
  std::string commands;
  for (const Recipe& recipe : ReadRecipes())
    absl::StrAppend(&commands, recipe.variables, recipe.command);
  for (const auto* file :
       {v1::QueryRecordsRequest::descriptor()->file(), jobqueue::v1::Job::descriptor()->file(),
        robot::v1::Job::descriptor()->file(), campaign::v1::ActionRun::descriptor()->file(),
        exports::v1::Export::descriptor()->file()}) {
    const auto* service = file->service(0);
    ASSERT_GT(service->method_count(), 0);
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_THAT(commands,
                  HasSubstr(absl::StrCat(service->full_name(), "/", service->method(i)->name())));
    }
  }
  EXPECT_THAT(commands, HasSubstr("grpc.health.v1.Health/Check"));
}

TEST_F(Grpcurl, ShowsReasonAndRemedyOfAFailedCall) {
  const Outcome outcome =
      Run({"grpcurl -plaintext -d '{\"name\":\"erps/nobody\"}' 127.0.0.1:50051 "
           "relais.recordsql.v1.RecordSqlService/GetErp",
           "", ""});
  EXPECT_EQ(outcome.exit_code, 64 + grpc::NOT_FOUND);
  EXPECT_THAT(outcome.output, HasSubstr("CONNECTION_NOT_FOUND"));
  EXPECT_THAT(outcome.output, HasSubstr("ListErps shows those it has"));
}

}  // namespace
}  // namespace relais::integration
