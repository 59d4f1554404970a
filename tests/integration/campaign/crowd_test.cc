// Very many watchers of one run of an action.
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/channel_arguments.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "tests/integration/campaign/client.h"

namespace relais::integration {
namespace {

using sandbox::campaign::CampaignOperation;

constexpr int kRunWatchers = 2'000;
constexpr int kLines = 300;
constexpr absl::Duration kInterval = absl::Milliseconds(500);

// Reads one stream to its end.
struct RunWatcher {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncReader<cp::WatchActionRunResponse>> reader;
  cp::WatchActionRunResponse message;
  grpc::Status status;
  cp::ActionRun::State last = cp::ActionRun::STATE_UNSPECIFIED;
  std::int64_t next_offset = 0;  // where the next line has to be
  int lines = 0;
  bool in_order = true;
  bool finishing = false;

  void Take() {
    for (const cp::LogLine& line : message.lines()) {
      in_order = in_order && line.offset() == next_offset;
      next_offset = line.offset() + static_cast<std::int64_t>(line.text().size()) + 1;
      ++lines;
    }
    if (message.has_action_run()) last = message.action_run().state();
  }
};

class CampaignCrowd : public CampaignTest {
 protected:
  // Serves all watchers until each has ended; false when that takes too long.
  bool RunToTheEnd(std::size_t count) {
    const absl::Time limit = absl::Now() + absl::Minutes(2);
    for (std::size_t ended = 0; ended < count;) {
      void* tag = nullptr;
      bool ok = false;
      const auto next =
          queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + std::chrono::seconds(1));
      if (absl::Now() > limit || next == grpc::CompletionQueue::SHUTDOWN) return false;
      if (next != grpc::CompletionQueue::GOT_EVENT) continue;
      RunWatcher& watcher = *static_cast<RunWatcher*>(tag);
      if (watcher.finishing) {
        ++ended;
      } else if (ok) {
        watcher.Take();  // the first event is that the call has begun: its message is empty
        watcher.message.Clear();
        watcher.reader->Read(&watcher.message, &watcher);
      } else {
        watcher.finishing = true;
        watcher.reader->Finish(&watcher.status, &watcher);
      }
    }
    return true;
  }

  grpc::CompletionQueue queue_;
};

TEST_F(CampaignCrowd, TwoThousandWatchersOfARunCostOnePollAnInterval) {
  StartOver(CampaignTransport::kTcp, {"poll_interval=0.5s", "idle_poll_interval=0.5s"});
  ASSERT_TRUE(
      sandbox::campaign::InstanceOf(gateway().sandbox())
          .ScriptAction({{"name", "Script"}, {"duration_ms", 5'000}, {"log_lines", kLines}}));
  std::vector<std::unique_ptr<CampaignStub>> stubs;
  for (int i = 0; i < 4; ++i) {
    grpc::ChannelArguments own;
    own.SetInt("relais.test.number", i);  // so that each is a connection of its own
    stubs.push_back(cp::CampaignService::NewStub(
        grpc::CreateCustomChannel(gateway().address(), grpc::InsecureChannelCredentials(), own)));
  }
  const auto run = Ask(&CampaignStub::RunSqlAction,
                       absl::StrCat("parent: '", kInstanceName, "' action: 'Script'"));
  const absl::Time begun = absl::Now();
  cp::WatchActionRunRequest request;
  request.set_name(run.name());
  std::vector<std::unique_ptr<RunWatcher>> watchers;
  for (std::size_t i = 0; i < kRunWatchers; ++i) {
    RunWatcher& watcher = *watchers.emplace_back(std::make_unique<RunWatcher>());
    watcher.reader =
        stubs[i % stubs.size()]->AsyncWatchActionRun(&watcher.context, request, &queue_, &watcher);
  }
  ASSERT_TRUE(RunToTheEnd(watchers.size()));
  const double intervals = (absl::Now() - begun) / kInterval;
  const std::int64_t polls = Asked(CampaignOperation::kStatus);
  int complete = 0;
  for (const auto& watcher : watchers) {
    if (watcher->status.ok() && watcher->last == cp::ActionRun::STATE_SUCCEEDED &&
        watcher->in_order && watcher->lines == kLines) {
      ++complete;
    }
  }
  EXPECT_EQ(complete, kRunWatchers);
  EXPECT_LE(static_cast<double>(polls), intervals + 2);
  EXPECT_EQ(Asked(CampaignOperation::kLog), polls);
  std::printf("%d watchers, %d lines each, %d polls in %.1f intervals\n", kRunWatchers, kLines,
              static_cast<int>(polls), intervals);
}

}  // namespace
}  // namespace relais::integration
