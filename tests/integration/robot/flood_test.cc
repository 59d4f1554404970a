// RobotService where there is much of everything: a million log rows, ten thousand watchers.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/channel_arguments.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"
#include "sandbox/upstreams/robot/upstream.h"
#include "tests/integration/relaisd_process.h"
#include "tests/integration/robot/client.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {
namespace {

using sandbox::robot::RobotOperation;

// Under a sanitizer everything takes long, and memory means nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMuch = false;
#else
constexpr bool kMuch = true;
#endif

constexpr int kLiveRows = 1'000;
constexpr int kWatchers = kMuch ? 10'000 : 500;
constexpr int kCuts = kMuch ? 100 : 20;

// RELAIS_LOG_ROWS says how many (200 000).
int LogRows() {
  const char* const rows = std::getenv("RELAIS_LOG_ROWS");
  if (rows != nullptr) return std::atoi(rows);
  return kMuch ? 200'000 : 20'000;
}

// The gateway as it is installed, before a sandbox in this process.
class RobotFlood : public testing::Test {
 protected:
  void Begin(sandbox::SandboxOptions options, const std::string& settings) {
    sandbox_ = *sandbox::Sandbox::Start(std::move(options));
    const std::string file = folder_.path() + "/relais.yaml";
    std::ofstream(file) << absl::StrCat(
        "server: {listen: \"127.0.0.1:0\", drain_delay: 0s}\nadmin: {listen: \"127.0.0.1:0\"}\n"
        "state: {file: \":memory:\"}\nrobot:\n  orchestrators:\n    sandbox:\n      base_url: ",
        sandbox::robot::UrlOf(*sandbox_),
        "\n      authentication: {client_id: relais, client_secret: {env: SECRET}}\n", settings);
    process_ = std::make_unique<RelaisdProcess>(
        std::vector<std::string>{"serve", "--config", file},
        std::map<std::string, std::string>{{"SECRET", "relais-secret"}});
    ASSERT_TRUE(process_->AwaitOut("gRPC on ")) << process_->Err();
    std::smatch match;
    const std::string out = process_->Out();
    ASSERT_TRUE(std::regex_search(out, match, std::regex("gRPC on (127[0-9.]*:[0-9]+)"))) << out;
    address_ = match[1];
  }
  std::shared_ptr<grpc::Channel> Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
  }
  Simulator& simulator() { return sandbox::robot::SimulatorOf(*sandbox_); }
  std::int64_t Polls() {
    const auto counts = sandbox_->traffic().Counts();
    return counts.Of(RobotOperation::kSessions) + counts.Of(RobotOperation::kList);
  }

  TemporaryFolder folder_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<RelaisdProcess> process_;
  std::string address_;
};

// Rows that come while the tail is live, up to four seconds late, every tenth twice.
void AddLiveRows(Simulator& simulator, int before) {
  const std::lock_guard<std::mutex> lock(simulator.mutex);
  std::minstd_rand random(4);
  const absl::Time begin = simulator.Now();
  for (int i = 1; i <= kLiveRows; ++i) {
    sandbox::robot::LogEntry row;
    row.source = {.folder = kSharedFolderId, .robot = "LogBot"};
    row.time = begin + absl::Milliseconds(2 * i);
    row.message = absl::StrCat("row ", before + i);
    row.fingerprint = absl::StrFormat("00000000-0000-4000-8000-%012d", i);
    row.visible_from = row.time + absl::Milliseconds(static_cast<int>(random() % 4'000));
    if (i % 10 == 0) simulator.logs.Add(row);
    simulator.logs.Add(std::move(row));
  }
}

TEST_F(RobotFlood, EveryLogRowComesOnceAndInOrder) {
  const int rows = LogRows();
  sandbox::SandboxOptions options;
  options.Of<sandbox::robot::Options>().generated_logs = rows;
  Begin(std::move(options),
        "      limits: {breaker_failures: 1000, retry_budget_percent: 100}\n"
        "      log_poll_interval: 0.5s\n      log_allowed_lateness: 6s\n");
  const auto stub = rb::RobotService::NewStub(Connect());
  {
    grpc::ClientContext context;
    rb::CountRobotLogsRequest request;
    request.set_parent(kSharedFolder);
    rb::CountRobotLogsResponse response;
    ASSERT_TRUE(stub->CountRobotLogs(&context, request, &response).ok());
  }
  for (int i = 1; i <= kCuts; ++i) {
    sandbox_->faults().Add({.operation = RobotOperation::kLogs,
                            .after = i * (rows / 250) / (kCuts + 10),
                            .count = 1,
                            .cut = sandbox::Cut::kMidBody});
  }
  const std::int64_t before = process_->ResidentBytes();
  std::int64_t most = before;
  const absl::Time begun = absl::Now();
  LogStream stream(
      *stub, &RobotStub::TailRobotLogs,
      absl::StrCat("parent: '", kSharedFolder, "' filter { robot_display_name: 'LogBot' }"));
  int told = 0;
  int wrong = 0;
  rb::TailRobotLogsResponse batch;
  while (told < rows + kLiveRows && stream.Read(batch)) {
    for (const auto& log : batch.logs()) {
      ++told;
      if (log.message() != absl::StrCat("row ", told)) ++wrong;
      if (told % (rows / 3) == 0) sandbox_->ExpireTokens();
      if (told % (rows / 20) == 0) most = std::max(most, process_->ResidentBytes());
      if (told == rows) {
        std::printf("%d rows in %.1f s\n", told, absl::ToDoubleSeconds(absl::Now() - begun));
        AddLiveRows(simulator(), rows);
      }
    }
  }
  EXPECT_EQ(told, rows + kLiveRows) << Describe(stream.End());
  EXPECT_EQ(wrong, 0);
  std::printf("RSS %.1f MiB, at most %.1f MiB\n", static_cast<double>(before) / (1 << 20),
              static_cast<double>(most) / (1 << 20));
  if (kMuch) {
    EXPECT_LE(most - before, 8 << 20);
  }
}

// One watcher of very many: reads until it knows all robots, and counts what comes then.
struct Watcher {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncReader<rb::WatchRobotsResponse>> reader;
  rb::WatchRobotsResponse message;
  bool knows_all = false;
  int changes = 0;
  bool ended = false;
};

class Crowd {
 public:
  ~Crowd() {
    for (const auto& watcher : watchers_) watcher->context.TryCancel();
    void* tag = nullptr;
    bool ok = false;
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) continue;
  }

  void Add(RobotStub& stub, const std::string& folder) {
    auto& watcher = *watchers_.emplace_back(std::make_unique<Watcher>());
    rb::WatchRobotsRequest request;
    request.set_parent(folder);
    watcher.reader = stub.AsyncWatchRobots(&watcher.context, request, &queue_, &watcher);
  }

  // Handles what comes until `done`; false when it does not come true.
  bool RunUntil(const std::function<bool()>& done) {
    const absl::Time limit = absl::Now() + absl::Minutes(2);
    while (!done()) {
      void* tag = nullptr;
      bool ok = false;
      const auto next = queue_.AsyncNext(
          &tag, &ok, std::chrono::system_clock::now() + std::chrono::milliseconds(20));
      if (absl::Now() > limit || next == grpc::CompletionQueue::SHUTDOWN) return false;
      if (next == grpc::CompletionQueue::GOT_EVENT) Handle(*static_cast<Watcher*>(tag), ok);
    }
    return true;
  }

  int knowing() const { return knowing_; }
  int changed() const { return changed_; }
  int ended() const { return ended_; }

 private:
  void Handle(Watcher& watcher, bool ok) {
    if (!ok) {
      ++ended_;
      return;
    }
    // The first event is that the call has begun: its message is empty.
    if (watcher.knows_all && watcher.message.robots_size() > 0 && ++watcher.changes == 1)
      ++changed_;
    if (!watcher.knows_all && watcher.message.snapshot_complete()) {
      watcher.knows_all = true;
      ++knowing_;
    }
    watcher.reader->Read(&watcher.message, &watcher);
  }

  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
  int knowing_ = 0;
  int changed_ = 0;
  int ended_ = 0;
};

TEST_F(RobotFlood, TenThousandWatchersCostOnePollPerFolder) {
  sandbox::SandboxOptions options;
  options.Of<sandbox::robot::Options>().generated_folders = 5;
  options.Of<sandbox::robot::Options>().generated_robots = 500;
  Begin(std::move(options), "      poll_interval: 1s\n      idle_poll_interval: 1s\n");
  Crowd crowd;
  std::vector<std::unique_ptr<RobotStub>> stubs;
  for (int i = 0; i < 10; ++i) stubs.push_back(rb::RobotService::NewStub(Connect()));
  for (int i = 0; i < kWatchers; ++i) {
    crowd.Add(*stubs[static_cast<std::size_t>(i) % stubs.size()],
              absl::StrCat("orchestrators/sandbox/folders/", 300'001 + i % 5));
  }
  ASSERT_TRUE(crowd.RunUntil([&] { return crowd.knowing() == kWatchers; })) << crowd.knowing();
  const absl::Time begun = absl::Now();
  const std::int64_t polls = Polls();
  {
    const std::lock_guard<std::mutex> lock(simulator().mutex);
    for (int i = 1; i <= 5; ++i) simulator().sessions.at(500'000 + i).state = "Busy";
  }
  ASSERT_TRUE(crowd.RunUntil([&] { return crowd.changed() == kWatchers; })) << crowd.changed();
  const absl::Duration until_all_knew = absl::Now() - begun;
  ASSERT_TRUE(crowd.RunUntil([&] { return absl::Now() - begun > absl::Seconds(6); }));
  const double intervals = absl::ToDoubleSeconds(absl::Now() - begun);
  EXPECT_LE(static_cast<double>(Polls() - polls), 5 * (intervals + 1));
  EXPECT_EQ(crowd.ended(), 0);
  std::printf("%d watchers, %.1f requests a second, all knew of a change after %.2f s\n", kWatchers,
              static_cast<double>(Polls() - polls) / intervals,
              absl::ToDoubleSeconds(until_all_knew));
}

}  // namespace
}  // namespace relais::integration
