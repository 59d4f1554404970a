// Exports are delivered whole and once, wherever the gateway is killed. RELAIS_CRASH_RUNS says how
// often it is (200).
//
// Each life has three periods to export that are new, goes on with what the lives before have left,
// and dies with SIGKILL at a failpoint. The last one ends all runs. Whatever is visible at any time
// is whole.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "tests/crash/exporting_gateway.h"
#include "tests/crash/failpoints_in_sources.h"

namespace relais::crash {
namespace {

namespace fs = std::filesystem;
namespace ex = ::relais::exports::v1;

constexpr int kPeriodsOfALife = 3;
constexpr char kManifest[] = ".manifest.json";

// How a run comes by a failpoint.
enum class Way {
  kRows,      // a run of rows that was asked for
  kFiles,     // one that passes files through
  kSchedule,  // slots have come while there was no gateway
};

// All on the way of a run to a folder. Those of other destinations are of tests/delivery.
const std::map<std::string, Way>& Places() {
  static const auto& places = *new std::map<std::string, Way>{
      {"export.runs_made", Way::kSchedule},   {"export.claimed", Way::kRows},
      {"export.attempt_begun", Way::kRows},   {"export.rows_written", Way::kRows},
      {"export.file_written", Way::kFiles},   {"export.files_whole", Way::kRows},
      {"export.outbox_written", Way::kRows},  {"export.before_delivery", Way::kRows},
      {"export.after_delivery", Way::kRows},  {"export.all_delivered", Way::kRows},
      {"export.end_written", Way::kRows},     {"delivery.written", Way::kRows},
      {"delivery.before_rename", Way::kRows}, {"delivery.renamed", Way::kRows},
  };
  return places;
}

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string DayOf(int period) { return absl::FormatCivilTime(absl::CivilDay(2020, 1, 1) + period); }

int Deaths() {
  const char* const variable = std::getenv("RELAIS_CRASH_RUNS");
  return variable == nullptr ? 200 : std::atoi(variable);
}

// A failpoint where nobody dies shows nothing.
TEST(ExportFailpoints, AreAllKilledAt) {
  const std::set<std::string> passed = FailpointsPassedIn("server/services/exports");
  std::set<std::string> killed = FailpointsNamedIn("tests/delivery");
  for (const auto& [place, way] : Places()) killed.insert(place);
  for (const std::string& name : passed) EXPECT_EQ(killed.count(name), 1u) << name;
  for (const auto& [place, way] : Places()) EXPECT_EQ(passed.count(place), 1u) << place;
  for (const char* group : {"export.", "delivery."}) {
    for (const std::string_view name : FailpointNames(group))
      EXPECT_EQ(passed.count(std::string(name)), 1u) << name;
  }
  EXPECT_GE(passed.size(), Places().size());
}

class ExportCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "needs a build with the CMake option RELAIS_FAILPOINTS";
  }

  // What every file must be, from the first ones, which were never cut.
  void RunFirstPeriod() {
    for (const char* id : {kRowsExport, kFilesExport}) {
      const ex::ExportRun run = gateway_.RunToItsEnd(id, 0);
      ASSERT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
    }
    rows_ = Content(Outbox() / absl::StrCat(kRowsExport, "_", DayOf(0), ".csv"));
    ASSERT_EQ(std::count(rows_.begin(), rows_.end(), '\n'), 4);
    const fs::path files = Outbox() / absl::StrCat(kFilesExport, "_", DayOf(0));
    for (const auto& entry : fs::directory_iterator(files)) {
      const std::string name = entry.path().filename();
      if (!absl::EndsWith(name, kManifest)) files_[name] = Content(entry.path());
    }
    ASSERT_GE(files_.size(), 2u);
    periods_ = {{kRowsExport, 1}, {kFilesExport, 1}};
  }

  // Gives a life something to do on that way.
  void GiveWork(Way way) {
    if (way == Way::kSchedule) {
      slept_ += kPeriodsOfALife;
      return gateway_.ForgetSlotsOf(absl::Hours(24) * slept_);
    }
    const char* const id = way == Way::kFiles ? kFilesExport : kRowsExport;
    asked_ = {id, periods_[id]};
    periods_[id] += kPeriodsOfALife;
  }

  // Lets a life die at the place, after it has passed it so often.
  void DieAt(const std::string& place, Way way, int passes) {
    GiveWork(way);
    // Slots that have come are looked at once.
    gateway_.Begin(absl::StrCat(place, ":", way == Way::kSchedule ? 0 : passes));
    if (way != Way::kSchedule) {
      for (int i = 0; i < kPeriodsOfALife; ++i) gateway_.AskFor(asked_.first, asked_.second + i);
    }
    EXPECT_EQ(gateway_.AwaitDeath(), -1) << place << gateway_.Err();
    ++deaths_[place];
    JudgeWhatIsVisible();
  }

  void EndAllRuns() {
    for (const auto& [id, periods] : periods_) {
      for (int i = 0; i < periods && !HasFailure(); ++i) {
        const ex::ExportRun run = gateway_.RunToItsEnd(id, i);
        EXPECT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
      }
    }
    for (const ex::ExportRun& listed : gateway_.Runs(kNightlyExport)) {
      const ex::ExportRun run = gateway_.AwaitEnd(listed);
      EXPECT_EQ(run.state(), ex::ExportRun::STATE_SUCCEEDED) << run.DebugString();
      nightly_.push_back(run.period().id());
    }
  }

  // What is visible is whole: every file as the first one, every manifest that of its file.
  void JudgeWhatIsVisible() {
    for (const auto& entry : fs::recursive_directory_iterator(Outbox())) {
      const std::string name = entry.path().filename();
      if (!entry.is_regular_file() || absl::StartsWith(name, ".relais-")) continue;
      const std::string of(absl::StripSuffix(name, kManifest));
      const std::string& expected = entry.path().parent_path() == Outbox() ? rows_ : files_.at(of);
      if (of == name) {
        EXPECT_EQ(Content(entry.path()), expected) << entry.path();
      } else {
        EXPECT_TRUE(absl::StrContains(Content(entry.path()), Sha256Hex(expected))) << entry.path();
      }
    }
  }

  void JudgeTheEnd() {
    std::set<std::string> wanted;
    const auto want = [&](const std::string& file) { wanted.insert({file, file + kManifest}); };
    for (int i = 0; i < periods_[kRowsExport]; ++i)
      want(absl::StrCat(kRowsExport, "_", DayOf(i), ".csv"));
    for (int i = 0; i < periods_[kFilesExport]; ++i) {
      for (const auto& [name, content] : files_)
        want(absl::StrCat(kFilesExport, "_", DayOf(i), "/", name));
    }
    for (const std::string& day : nightly_) want(absl::StrCat(kNightlyExport, "_", day, ".csv"));
    std::set<std::string> there;
    for (const auto& entry : fs::recursive_directory_iterator(Outbox())) {
      if (entry.is_regular_file()) there.insert(entry.path().lexically_relative(Outbox()));
    }
    EXPECT_EQ(there, wanted);
    // Each slot had its run, none was skipped.
    EXPECT_GE(nightly_.size(), static_cast<std::size_t>(slept_));
    std::sort(nightly_.begin(), nightly_.end());
    for (std::size_t i = 1; i < nightly_.size(); ++i) {
      absl::CivilDay day;
      ASSERT_TRUE(absl::ParseCivilTime(nightly_[i - 1], &day));
      EXPECT_EQ(nightly_[i], absl::FormatCivilTime(day + 1));
    }
    // Nor is anything left of attempts that were cut.
    for (const char* id : {kRowsExport, kFilesExport, kNightlyExport}) {
      for (const auto& entry : fs::directory_iterator(gateway_.Kept() / id)) {
        const auto attempts = std::distance(fs::directory_iterator(entry.path()), {});
        EXPECT_EQ(attempts, 1) << entry.path();
      }
    }
  }

  fs::path Outbox() const { return gateway_.Outbox(); }

  ExportingGateway gateway_;
  std::string rows_;
  std::map<std::string, std::string> files_;
  std::map<std::string, int> periods_;  // asked for, by export
  std::pair<std::string, int> asked_;   // the export, and the first period, of this life
  int slept_ = 0;                       // days whose slots were not seen
  std::vector<std::string> nightly_;    // the days of runs that the schedule has made
  std::map<std::string, int> deaths_;
};

TEST_F(ExportCrash, LeavesEveryFileWholeAndOnce) {
  const absl::Time began = absl::Now();
  gateway_.Begin("");
  gateway_.DefineAll();
  RunFirstPeriod();
  gateway_.Kill();
  const int rounds = static_cast<int>(Places().size());
  ASSERT_GE(Deaths(), rounds);
  auto place = Places().begin();
  for (int life = 0; life < Deaths() && !HasFailure(); ++life) {
    DieAt(place->first, place->second, life / rounds % kPeriodsOfALife);
    if (++place == Places().end()) place = Places().begin();
  }
  if (HasFailure()) return;
  gateway_.Begin("");
  EndAllRuns();
  JudgeTheEnd();
  std::cout << "exports over " << Deaths() << " deaths in "
            << absl::ToInt64Seconds(absl::Now() - began) << " s\n";
  for (const auto& [name, count] : deaths_)
    std::cout << "  killed at " << name << ": " << count << "\n";
}

TEST_F(ExportCrash, KnowsAfterwardsOfASuccessThatItCouldNotNote) {
  gateway_.Begin("");
  gateway_.DefineAll();
  gateway_.Kill();
  gateway_.Begin("export.end_written");
  gateway_.AskFor(kRowsExport, 0);
  EXPECT_EQ(gateway_.AwaitDeath(), -1) << gateway_.Err();
  gateway_.Begin("");
  const absl::Time limit = absl::Now() + absl::Minutes(1);
  ex::Export known = gateway_.Get(kRowsExport);
  while (!known.has_last_success_time() && absl::Now() < limit) known = gateway_.Get(kRowsExport);
  EXPECT_TRUE(known.has_last_success_time());
  EXPECT_EQ(gateway_.Runs(kRowsExport).size(), 1u);  // no other run has told it
}

}  // namespace
}  // namespace relais::crash
