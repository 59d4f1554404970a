#include "server/services/exports/runs/definitions_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace relais::exports {
namespace {

constexpr char kWritten[] =
    "exports:\n"                               // 1
    "  jobs:\n"                                // 2
    "    displayName: Jobs\n"                  // 3
    "    source:\n"                            // 4
    "      jobs: {parent: queues/main}\n"      // 5
    "    columns:\n"                           // 6
    "      - field: name\n"                    // 7
    "      - {field: state, header: State}\n"  // 8
    "    schedule: &nightly\n"                 // 9
    "      cron: \"0 4 * * *\"\n"              // 10
    "  other:\n"                               // 11
    "    schedule: *nightly\n";                // 12

TEST(TheTextOfDefinitions, KnowsWhereEveryKeyWasWritten) {
  const auto read = ParseDefinitions("f", kWritten);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->definitions.size(), 2u);
  const std::vector<std::pair<std::string, std::pair<int, int>>> all = {
      {"exports", {1, 1}},
      {"exports.jobs", {2, 3}},
      {"exports.jobs.display_name", {3, 5}},
      {"exports.jobs.source.jobs.parent", {5, 14}},
      {"exports.jobs.columns", {6, 5}},
      {"exports.jobs.columns[0].field", {7, 9}},
      {"exports.jobs.columns[1]", {8, 9}},
      {"exports.jobs.columns[1].header", {8, 24}},
      {"exports.jobs.schedule.cron", {10, 7}},
      {"exports.other.schedule", {12, 5}},
      {"exports.other.schedule.cron", {10, 7}},
      // What is not there stands where it would stand.
      {"exports.jobs.columns[2].field", {6, 5}},
      {"exports.jobs.columns[1].format.decimal", {8, 9}},
      {"exports.jobs.source.bindings[start_time]", {4, 5}},
      {"exports.jobs.retry.max_attempts", {2, 3}},
      {"exports.none.source", {1, 1}},
      {"elsewhere", {0, 0}},
      {"", {0, 0}},
  };
  for (const auto& [path, place] : all) {
    const config::Position found = PlaceOf(*read->tree, path);
    EXPECT_EQ(std::make_pair(found.line, found.column), place) << path;
  }
}

std::string ProblemsIn(const std::string& definition) {
  return std::string(
      ParseDefinitions("f", absl::StrCat("exports:\n  a:\n", definition)).status().message());
}

TEST(TheTextOfDefinitions, IsRefusedWithThePlaceOfWhatIsNoDefinition) {
  EXPECT_EQ(ProblemsIn("    columns:\n      - field: x\n      - fild: y\n"),
            "f:5:9: exports.a.columns[1].fild: is no definition: Cannot find field.");
  EXPECT_EQ(ProblemsIn("    colums: []\n"),
            "f:3:5: exports.a.colums: is no definition: Cannot find field.");
  EXPECT_EQ(ProblemsIn("    source:\n      records:\n        query: {record_sqll: x}\n"),
            "f:5:17: exports.a.source.records.query.record_sqll: is no definition: Cannot find "
            "field.");
  EXPECT_EQ(ProblemsIn("    retry:\n      max_attempts: many\n")
                .find("f:4:7: exports.a.retry.max_attempts: is no definition: invalid value"),
            0u);
  EXPECT_EQ(ProblemsIn("    schedule:\n      cron: \"* * * * *\"\n      daily: {}\n")
                .find("f:3:5: exports.a.schedule: is no definition: invalid value"),
            0u);
}

TEST(TheTextOfDefinitions, IsRefusedWithOneMistakeOfEachDefinition) {
  EXPECT_EQ(ProblemsIn("    x: 1\n  B: {}\n  c: {y: 2}\n"),
            "f:3:5: exports.a.x: is no definition: Cannot find field.\n"
            "f:4:3: exports.B: must be a lower-case letter, then lower-case letters, digits or "
            "\"-\", at most 63.\n"
            "f:5:7: exports.c.y: is no definition: Cannot find field.");
}

}  // namespace
}  // namespace relais::exports
