// Exports are delivered whole and once, wherever the gateway is killed. RELAIS_CRASH_RUNS says how
// often it is (200).
//
// Each life is asked for three periods that are new, goes on with what the lives before have left,
// and dies with SIGKILL at a failpoint. The last one ends all runs. Whatever is visible at any time
// is whole.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/upstream.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::crash {
namespace {

namespace fs = std::filesystem;
namespace ex = ::relais::exports::v1;
using integration::RelaisdProcess;

constexpr int kPeriodsOfALife = 3;
constexpr char kExport[] = "exports/postcodes";

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string NameOfPeriod(int number) {
  return absl::FormatCivilTime(absl::CivilDay(2020, 1, 1) + number);
}

int Deaths() {
  const char* const variable = std::getenv("RELAIS_CRASH_RUNS");
  return variable == nullptr ? 200 : std::atoi(variable);
}

class ExportCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasFailpoints()) GTEST_SKIP() << "needs a build with the CMake option RELAIS_FAILPOINTS";
    sandbox::SandboxOptions options;
    options.Of<sandbox::recordsql::Options>().movement_rows = 100;
    sandbox_ = *sandbox::Sandbox::Start(std::move(options));
    for (const char* below : {"/kept", "/outbox"}) fs::create_directory(folder_.path() + below);
    std::ofstream(config_) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\nlog: {access: none}\n"
        "state: {file: ",
        folder_.path(), "/state.sqlite}\nrecordsql:\n  erps:\n    demo:\n      base_url: ",
        sandbox::recordsql::UrlOf(*sandbox_),
        "\n      user: DEMO\n      environment: ERP\n      password: {env: ERP_PASSWORD}\n"
        "exports:\n  directory: ",
        folder_.path(),
        "/kept\n  workers: 2\n  destinations:\n    outbox: {directory: {path: ", outbox_.string(),
        "}, initial_backoff: 1s}\n");
  }

  // A life that will die at `failpoint`; empty: that will not.
  std::unique_ptr<RelaisdProcess> Begin(const std::string& failpoint) {
    std::map<std::string, std::string> environment = {{"ERP_PASSWORD", "demo-password"}};
    if (!failpoint.empty()) environment["RELAIS_FAILPOINT"] = failpoint;
    auto process = std::make_unique<RelaisdProcess>(
        std::vector<std::string>{"serve", "--config", config_}, environment);
    if (!process->AwaitOut("\n")) return process;  // it died before it said so
    constexpr std::string_view kBefore = "gRPC on ";
    const std::string out = process->Out();
    const std::size_t address = out.find(kBefore) + kBefore.size();
    stub_ = ex::ExportService::NewStub(grpc::CreateChannel(
        out.substr(address, out.find(',', address) - address), grpc::InsecureChannelCredentials()));
    return process;
  }

  grpc::Status Define() {
    grpc::ClientContext context;
    ex::CreateExportRequest request;
    ex::Export response;
    request.set_export_id("postcodes");
    request.mutable_export_()->mutable_source()->mutable_records()->mutable_query()->set_record_sql(
        "erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL");
    request.mutable_export_()->add_deliveries()->set_destination("outbox");
    request.mutable_export_()->mutable_retry()->mutable_initial_backoff()->set_seconds(1);
    request.mutable_export_()->mutable_format()->mutable_csv();
    return stub_->CreateExport(&context, request, &response);
  }

  // The run of a period, asked for; whatever becomes of the call.
  grpc::Status AskFor(int number, ex::ExportRun& run) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    ex::RunExportRequest request;
    request.set_name(kExport);
    const absl::CivilDay day = absl::CivilDay(2020, 1, 1) + number;
    request.mutable_date()->set_year(static_cast<int>(day.year()));
    request.mutable_date()->set_month(day.month());
    request.mutable_date()->set_day(day.day());
    return stub_->RunExport(&context, request, &run);
  }

  ex::ExportRun AwaitEnd(const std::string& name) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
    ex::WatchExportRunRequest request;
    request.set_name(name);
    ex::WatchExportRunResponse response;
    ex::ExportRun last;
    const auto reader = stub_->WatchExportRun(&context, request);
    while (reader->Read(&response)) {
      if (response.has_run()) last = response.run();
    }
    return last;
  }

  // What is visible is whole: every file as the first one, which was never cut, every manifest that
  // of its file.
  void JudgeWhatIsVisible() {
    for (const auto& entry : fs::directory_iterator(outbox_)) {
      const std::string name = entry.path().filename();
      if (absl::StartsWith(name, ".relais-")) continue;
      if (absl::EndsWith(name, ".manifest.json")) {
        EXPECT_TRUE(absl::StrContains(Content(entry.path()), Sha256Hex(expected_))) << name;
      } else {
        EXPECT_EQ(Content(entry.path()), expected_) << name;
      }
    }
  }

  void JudgeTheEnd(int periods) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(outbox_))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    std::vector<std::string> wanted;
    for (int i = 0; i < periods; ++i) {
      const std::string file = absl::StrCat("postcodes_", NameOfPeriod(i), ".csv");
      wanted.insert(wanted.end(), {file, file + ".manifest.json"});
    }
    EXPECT_EQ(names, wanted);
    // Nor is anything left of attempts that were cut.
    for (const auto& entry : fs::directory_iterator(folder_.path() + "/kept/runs/postcodes")) {
      const auto attempts = std::distance(fs::directory_iterator(entry.path()), {});
      EXPECT_EQ(attempts, 1) << entry.path();
    }
  }

  const TemporaryFolder folder_;
  const std::string config_ = folder_.path() + "/relais.yaml";
  const fs::path outbox_ = folder_.path() + "/outbox";
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<ex::ExportService::Stub> stub_;
  std::string expected_;
  std::map<std::string, int> deaths_;
};

std::vector<std::string> PlacesOfDeath() {
  std::vector<std::string> places;
  for (const std::string_view name : FailpointNames("export.")) {
    // Those of schedules and of files passed through are not on the way.
    if (name != "export.runs_made" && name != "export.file_written") places.emplace_back(name);
  }
  for (const char* name : {"delivery.written", "delivery.before_rename", "delivery.renamed"})
    places.emplace_back(name);
  return places;
}

TEST_F(ExportCrash, LeavesEveryFileWholeAndOnce) {
  const absl::Time began = absl::Now();
  int periods = 0;
  {
    const auto first = Begin("");
    const grpc::Status defined = Define();
    ASSERT_TRUE(defined.ok()) << defined.error_message() << first->Err();
    ex::ExportRun run;
    ASSERT_TRUE(AskFor(periods++, run).ok());
    ASSERT_EQ(AwaitEnd(run.name()).state(), ex::ExportRun::STATE_SUCCEEDED);
    expected_ = Content(outbox_ / absl::StrCat("postcodes_", NameOfPeriod(0), ".csv"));
    ASSERT_EQ(std::count(expected_.begin(), expected_.end(), '\n'), 4);
    first->Signal(SIGKILL);
    first->Wait();
  }
  const std::vector<std::string> places = PlacesOfDeath();
  for (int life = 0; life < Deaths() && !HasFailure(); ++life) {
    const std::string place = places[static_cast<std::size_t>(life) % places.size()];
    const int passes = life / static_cast<int>(places.size()) % kPeriodsOfALife;
    const auto process = Begin(absl::StrCat(place, ":", passes));
    for (int i = 0; i < kPeriodsOfALife; ++i) {
      ex::ExportRun run;
      (void)AskFor(periods++, run);
    }
    EXPECT_EQ(process->Wait(), -1) << place << process->Err();
    ++deaths_[place];
    JudgeWhatIsVisible();
  }
  const auto last = Begin("");
  for (int i = 0; i < periods && !HasFailure(); ++i) {
    ex::ExportRun run;
    const grpc::Status asked = AskFor(i, run);
    ASSERT_TRUE(asked.ok()) << asked.error_message();
    const ex::ExportRun ended = run.ended() ? run : AwaitEnd(run.name());
    EXPECT_EQ(ended.state(), ex::ExportRun::STATE_SUCCEEDED) << ended.DebugString();
  }
  JudgeTheEnd(periods);
  std::cout << periods << " runs over " << Deaths() << " deaths in "
            << absl::ToInt64Seconds(absl::Now() - began) << " s\n";
  for (const auto& [place, count] : deaths_)
    std::cout << "  killed at " << place << ": " << count << "\n";
}

}  // namespace
}  // namespace relais::crash
