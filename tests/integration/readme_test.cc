// The tour of the README, run as it stands there: what it shows must come out, line by line.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/integration/gateway.h"
#include "tests/integration/shell.h"

namespace relais::integration {
namespace {

struct Step {
  std::string command;
  std::vector<std::string> shown;
};

struct Tour {
  std::string variables;  // what the reader is told to set first
  std::vector<Step> steps;
};

bool EndsInsideQuotes(const std::string& command) {
  return std::count(command.begin(), command.end(), '\'') % 2 == 1;
}

// Lines that differ from run to run, or stand for several.
bool Varies(const std::string& line) {
  return absl::StrContains(line, "…") || absl::StrContains(line, "callId");
}

// The ```console blocks up to the chapter on real upstreams.
Tour ReadTour() {
  Tour tour;
  std::ifstream page("README.md");
  bool in_block = false;
  for (std::string line; std::getline(page, line) && line != "## Serving a real ERP";) {
    if (absl::StartsWith(line, "ERP=") || absl::StartsWith(line, "CALL=") ||
        absl::StartsWith(line, "JOBS=") || absl::StartsWith(line, "BOTS=") ||
        absl::StartsWith(line, "CAMP=")) {
      absl::StrAppend(&tour.variables, line, "; ");
    } else if (absl::StartsWith(line, "```")) {
      in_block = line == "```console";
    } else if (!in_block) {
      continue;
    } else if (absl::StartsWith(line, "$ ")) {
      tour.steps.push_back({line.substr(2), {}});
    } else if (EndsInsideQuotes(tour.steps.back().command)) {
      absl::StrAppend(&tour.steps.back().command, "\n", line);
    } else if (!Varies(line)) {
      tour.steps.back().shown.push_back(line);
    }
  }
  return tour;
}

// The first line of `shown` that does not follow in `output` behind the lines before it; empty when
// all do.
std::string FirstMissing(const std::vector<std::string>& shown, const std::string& output) {
  const std::vector<std::string> lines = absl::StrSplit(output, '\n');
  auto at = lines.begin();
  for (const std::string& line : shown) {
    at = std::find(at, lines.end(), line);
    if (at == lines.end()) return line;
    ++at;
  }
  return "";
}

TEST(Readme, ShowsWhatComesOut) {
  const std::string grpcurl = GrpcurlPath();
  ASSERT_NE(grpcurl, "") << kNoGrpcurl;
  const Tour tour = ReadTour();
  ASSERT_GE(tour.steps.size(), 6u);
  const auto folder =
      std::filesystem::temp_directory_path() / absl::StrCat("relais-readme-", getpid());
  for (const char* below : {"", "kept", "outbox"})
    std::filesystem::create_directory(folder / below);
  GatewayOptions options;
  options.settings = {
      "exports.definitions_file=docs/examples/exports.yaml",
      absl::StrCat("exports.directory=", (folder / "kept").string()),
      absl::StrCat("exports.destinations.outbox.directory.path=", (folder / "outbox").string())};
  Gateway gateway(std::move(options));
  const std::string before =
      absl::StrCat("cd '", folder.string(), "'; PATH='", grpcurl.substr(0, grpcurl.rfind('/')),
                   "':$PATH; ", tour.variables);
  for (const Step& step : tour.steps) {
    const std::string command = absl::StrReplaceAll(
        step.command,
        {{"127.0.0.1:50051", gateway.address()},
         {"/tmp/relais-dev-$(id -u)/", folder.string() + "/"},
         {"build/release/bin/relaisd call",
          absl::StrCat("'", std::getenv("RELAISD"), "' call --address ", gateway.address())}});
    const Outcome outcome = RunInShell(before + command);
    EXPECT_EQ(FirstMissing(step.shown, outcome.output), "") << "is not what comes out of\n"
                                                            << step.command << "\n"
                                                            << outcome.output.substr(0, 3000);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace relais::integration
