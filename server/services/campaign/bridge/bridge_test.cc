#include "server/services/campaign/bridge/bridge.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"

namespace relais::campaign {
namespace {

constexpr absl::Duration kLong = absl::Seconds(30);

// A bridge whose program is a script of the shell; $FOLDER is a folder of the test.
class BridgeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ConfigureLog(LogLevel::kError, LogFormat::kText); }

  std::unique_ptr<Bridge> Start(const std::string& script, absl::Duration patience = kLong) {
    auto bridge = Bridge::Start(
        {.name = "test",
         .command = {"/bin/sh", "-c", absl::StrCat("FOLDER=", folder_.path(), "; ", script), "sh"},
         .settings = Secret("{\"password\":\"pw\"}"),
         .patience = patience,
         .restart = {.first = absl::Milliseconds(20), .longest = absl::Milliseconds(50)}});
    EXPECT_TRUE(bridge.ok()) << bridge.status();
    return bridge.ok() ? *std::move(bridge) : nullptr;
  }
  std::string Path(const std::string& name) const { return folder_.path() + "/" + name; }
  // Until the file is there.
  void AwaitFile(const std::string& name) const {
    const absl::Time limit = absl::Now() + kLong;
    while (!std::filesystem::exists(Path(name)) && absl::Now() < limit) std::this_thread::yield();
    ASSERT_TRUE(std::filesystem::exists(Path(name)));
  }

  const TemporaryFolder folder_;
};

TEST_F(BridgeTest, GetsItsSettingsAndSocketAndEndsWithItsOwner) {
  auto bridge = Start(
      "read line; echo \"$line\" >$FOLDER/settings; echo \"$@\" >$FOLDER/arguments; echo ready;"
      " cat >/dev/null; touch $FOLDER/ended");
  ASSERT_TRUE(bridge->AwaitReady(CallContext(), kLong).ok());
  EXPECT_EQ(ReadText(Path("settings")), "{\"password\":\"pw\"}\n");
  EXPECT_EQ(ReadText(Path("arguments")), absl::StrCat("--socket ", bridge->socket(), "\n"));
  struct stat folder {};
  const std::string socket_folder = std::filesystem::path(bridge->socket()).parent_path();
  ASSERT_EQ(stat(socket_folder.c_str(), &folder), 0);
  EXPECT_EQ(folder.st_mode & 0777U, 0700U);
  bridge.reset();
  EXPECT_TRUE(std::filesystem::exists(Path("ended")));
  EXPECT_FALSE(std::filesystem::exists(socket_folder));
}

TEST_F(BridgeTest, IsStartedAnewWhenItEnds) {
  const auto bridge = Start(
      "read line; if [ -e $FOLDER/first ]; then echo ready; cat >/dev/null; "
      "else touch $FOLDER/first; echo ready; kill -9 $$; fi");
  AwaitFile("first");
  // Ready again, and for good: the second one stays.
  const absl::Time limit = absl::Now() + kLong;
  while (!bridge->AwaitReady(CallContext(), kLong).ok() && absl::Now() < limit) {
  }
  EXPECT_TRUE(bridge->AwaitReady(CallContext(), kLong).ok());
}

TEST_F(BridgeTest, ThatDoesNotGetReadyIsEndedAndStartedAnew) {
  const auto bridge = Start(
      "echo x >>$FOLDER/starts; if [ $(wc -l <$FOLDER/starts) -lt 3 ]; then sleep 600; fi; "
      "echo ready; cat >/dev/null",
      /*patience=*/absl::Milliseconds(200));
  EXPECT_TRUE(bridge->AwaitReady(CallContext(), kLong).ok());
  EXPECT_EQ(ReadText(Path("starts")), "x\nx\nx\n");
}

TEST_F(BridgeTest, CallersWaitNoLongerThanTheyMay) {
  const auto bridge = Start("exit 3");
  const absl::Status late = bridge->AwaitReady(CallContext(), absl::Milliseconds(30));
  EXPECT_TRUE(HasReason(late, Reason::kUpstreamUnreachable)) << late;
  const CallContext ends(absl::Now() + absl::Milliseconds(30), {}, {});
  EXPECT_TRUE(HasReason(bridge->AwaitReady(ends, kLong), Reason::kCallerDeadline));
  std::stop_source stop;
  stop.request_stop();
  const CallContext cancelled(absl::InfiniteFuture(), stop.get_token(), {});
  EXPECT_TRUE(HasReason(bridge->AwaitReady(cancelled, kLong), Reason::kCallerCancelled));
}

TEST_F(BridgeTest, ThatDoesNotEndIsKilled) {
  auto bridge = Start("echo ready; trap '' TERM; while :; do sleep 1; done");
  ASSERT_TRUE(bridge->AwaitReady(CallContext(), kLong).ok());
  bridge.reset();  // after a grace of two seconds
}

TEST_F(BridgeTest, ManyWordsOfItDoNotHoldItUp) {
  const auto bridge = Start(
      "i=0; while [ $i -lt 2000 ]; do echo \"line $i\" >&2; i=$((i+1)); done; "
      "head -c 200000 /dev/zero | tr '\\0' x >&2; echo ready; cat >/dev/null");
  EXPECT_TRUE(bridge->AwaitReady(CallContext(), kLong).ok());
}

}  // namespace
}  // namespace relais::campaign
