#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "server/services/exports/delivery/destination.h"
#include "tests/support/read_text.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

namespace fs = std::filesystem;
using testing::UnorderedElementsAre;

class ADirectory : public testing::Test {
 protected:
  ADirectory() {
    fs::create_directory(root_);
    settings_.mutable_directory()->set_path(root_);
    settings_.mutable_transfer_timeout()->set_seconds(60);
    destination_ = *MakeDestination(
        "drop", settings_, [](std::string_view) { return Secret(); }, scheduler_);
  }

  OutgoingFile FileOf(const std::string& content, std::string path, bool replace = true) {
    const std::string local = folder_.path() + "/local" + std::to_string(++files_);
    std::ofstream(local) << content;
    return {.local_path = local,
            .path = std::move(path),
            .size_bytes = static_cast<std::int64_t>(content.size()),
            .sha256 = Sha256Hex(content),
            .media_type = "text/csv",
            .replace = replace,
            .id = "run-1"};
  }
  absl::Status Put(const OutgoingFile& file) { return destination_->Put(CallContext(), file); }
  std::string There(const std::string& path) { return ReadText(root_ + "/" + path); }
  std::vector<std::string> NamesIn(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path))
      names.push_back(entry.path().filename().string());
    return names;
  }

  TemporaryFolder folder_;
  const std::string root_ = folder_.path() + "/root";
  int files_ = 0;
  config::v1::ExportDestination settings_;
  ThreadScheduler scheduler_;
  std::unique_ptr<Destination> destination_;
};

TEST_F(ADirectory, GetsTheFileInFoldersThatAreMade) {
  const absl::Status put = Put(FileOf("a;b\n", "2024/März 1/prices \"x\" 100%.csv"));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(There("2024/März 1/prices \"x\" 100%.csv"), "a;b\n");
  EXPECT_THAT(NamesIn(root_ + "/2024/März 1"), UnorderedElementsAre("prices \"x\" 100%.csv"));
}

TEST_F(ADirectory, ObeysTheUmask) {
  const mode_t before = umask(027);
  const absl::Status put = Put(FileOf("x", "a/b"));
  umask(before);
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(fs::status(root_ + "/a").permissions(), static_cast<fs::perms>(0750));
  EXPECT_EQ(fs::status(root_ + "/a/b").permissions(), static_cast<fs::perms>(0640));
}

TEST_F(ADirectory, ReplacesAFileOrRefusesTo) {
  ASSERT_TRUE(Put(FileOf("old", "a.csv")).ok());
  EXPECT_TRUE(HasReason(Put(FileOf("new", "a.csv", false)), Reason::kResourceExists));
  EXPECT_EQ(There("a.csv"), "old");
  ASSERT_TRUE(Put(FileOf("new", "a.csv")).ok());
  EXPECT_EQ(There("a.csv"), "new");
  EXPECT_THAT(NamesIn(root_), UnorderedElementsAre("a.csv"));
}

TEST_F(ADirectory, TakesTheSameFileAgain) {
  for (const bool replace : {false, true, false}) {
    const absl::Status put = Put(FileOf("same", "a/b.csv", replace));
    EXPECT_TRUE(put.ok()) << put;
  }
  EXPECT_THAT(NamesIn(root_ + "/a"), UnorderedElementsAre("b.csv"));
}

TEST_F(ADirectory, TakesAnEmptyFile) {
  ASSERT_TRUE(Put(FileOf("", "empty")).ok());
  EXPECT_EQ(fs::file_size(root_ + "/empty"), 0U);
}

TEST_F(ADirectory, FollowsNoLinkOutOfItsRoot) {
  const std::string outside = folder_.path() + "/outside";
  fs::create_directory(outside);
  std::ofstream(outside + "/secret") << "kept";
  fs::create_directory_symlink(outside, root_ + "/link");
  const absl::Status put = Put(FileOf("x", "link/a.csv"));
  EXPECT_EQ(put.code(), absl::StatusCode::kFailedPrecondition) << put;
  EXPECT_THAT(NamesIn(outside), UnorderedElementsAre("secret"));
  // In the place of the file and of the temporary one.
  fs::create_symlink(outside + "/secret", root_ + "/a.csv");
  fs::create_symlink(outside + "/secret", root_ + "/.relais-run-1.part");
  EXPECT_TRUE(HasReason(Put(FileOf("kept", "a.csv", false)), Reason::kResourceExists));
  ASSERT_TRUE(Put(FileOf("new", "a.csv")).ok());
  EXPECT_EQ(There("a.csv"), "new");
  EXPECT_FALSE(fs::is_symlink(root_ + "/a.csv"));
  EXPECT_EQ(ReadText(outside + "/secret"), "kept");
}

TEST_F(ADirectory, RefusesHostilePaths) {
  for (const char* path : {"../a", "/etc/a", "a/../../b", "", "a//b"})
    EXPECT_TRUE(HasReason(Put(FileOf("x", path)), Reason::kInvalidRequest)) << path;
  EXPECT_TRUE(HasReason(Put(FileOf("x", std::string(300, 'a'))), Reason::kInvalidRequest));
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_F(ADirectory, SaysWhatIsInTheWay) {
  fs::create_directory(root_ + "/folder");
  std::ofstream(root_ + "/file") << "x";
  EXPECT_TRUE(HasReason(Put(FileOf("x", "folder")), Reason::kPreconditionFailed));
  EXPECT_TRUE(HasReason(Put(FileOf("x", "file/a")), Reason::kPreconditionFailed));
  EXPECT_THAT(NamesIn(root_), UnorderedElementsAre("folder", "file"));
}

TEST_F(ADirectory, ThatIsNotThereMayComeBack) {
  fs::remove_all(root_);
  const absl::Status put = Put(FileOf("x", "a"));
  EXPECT_EQ(put.code(), absl::StatusCode::kUnavailable) << put;
  EXPECT_FALSE(fs::exists(root_));
  const ErrorDetails details = DetailsOf(put);
  ASSERT_EQ(details.metadata.size(), 1U);
  EXPECT_EQ(details.metadata.front(),
            std::make_pair(std::string("connection"), std::string("drop")));
  EXPECT_EQ(put.message().find(root_), absl::string_view::npos);
}

TEST_F(ADirectory, ThatMayNotBeWrittenToSaysSo) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(root_, static_cast<fs::perms>(0555));
  EXPECT_TRUE(HasReason(Put(FileOf("x", "a")), Reason::kAccessDenied));
  fs::permissions(root_, static_cast<fs::perms>(0755));
}

// A file system of a megabyte, where this process may mount one.
class ASmallDirectory : public ADirectory {
 protected:
  void SetUp() override {
    if (mount("none", root_.c_str(), "tmpfs", 0, "size=1m") != 0)
      GTEST_SKIP() << "this process may not mount";
  }
  void TearDown() override { umount(root_.c_str()); }
};

TEST_F(ASmallDirectory, ThatIsFullKeepsWhatItHasAndNothingElse) {
  ASSERT_TRUE(Put(FileOf("old", "a.csv")).ok());
  const absl::Status put = Put(FileOf(std::string(2 << 20, 'x'), "a.csv"));
  EXPECT_EQ(put.code(), absl::StatusCode::kResourceExhausted) << put;
  EXPECT_TRUE(HasReason(put, Reason::kGatewayStorageFull));
  EXPECT_EQ(There("a.csv"), "old");
  EXPECT_THAT(NamesIn(root_), UnorderedElementsAre("a.csv"));
}

TEST_F(ASmallDirectory, ThatIsReadOnlyMayChange) {
  ASSERT_EQ(mount("none", root_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, "size=1m"), 0);
  EXPECT_TRUE(HasReason(Put(FileOf("x", "a")), Reason::kUpstreamUnavailable));
  EXPECT_TRUE(HasReason(Put(FileOf("x", "f/a")), Reason::kUpstreamUnavailable));
}

TEST_F(ADirectory, NeverShowsHalfAFile) {
  const std::string one(3 << 20, '1'), two(2 << 20, '2');
  const OutgoingFile first = FileOf(one, "a"), second = FileOf(two, "a");
  ASSERT_TRUE(Put(first).ok());
  std::atomic<bool> done = false;
  std::atomic<int> broken = 0;
  std::thread reader([&] {
    while (!done) {
      const std::string seen = There("a");
      if (seen != one && seen != two) ++broken;
    }
  });
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Put(i % 2 == 0 ? second : first).ok());
  done = true;
  reader.join();
  EXPECT_EQ(broken, 0);
}

TEST_F(ADirectory, EndsWithItsCallAndLeavesNothing) {
  std::stop_source stop;
  stop.request_stop();
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  EXPECT_EQ(destination_->Put(context, FileOf("x", "a")).code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_F(ADirectory, LosesOnlyTheTemporaryFileWhenItIsCleanedUp) {
  const OutgoingFile file = FileOf("x", "f/a");
  EXPECT_TRUE(destination_->CleanUp(CallContext(), file).ok());  // not even the folder is there
  ASSERT_TRUE(Put(file).ok());
  EXPECT_TRUE(destination_->CleanUp(CallContext(), file).ok());
  std::ofstream(root_ + "/f/.relais-run-1.part") << "half";
  std::ofstream(root_ + "/f/.relais-run-2.part") << "of another";
  EXPECT_TRUE(destination_->CleanUp(CallContext(), file).ok());
  EXPECT_THAT(NamesIn(root_ + "/f"), UnorderedElementsAre("a", ".relais-run-2.part"));
}

TEST_F(ADirectory, HasTheFileAfterAGatewayHasDied) {
  if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  const OutgoingFile file = FileOf("x", "f/a", false);
  for (const char* place : {"delivery.written", "delivery.before_rename", "delivery.renamed"}) {
    const auto deliver = [&] {
      setenv("RELAIS_FAILPOINT", place, 1);
      ArmFailpoint();
      std::_Exit(Put(file).ok() ? 7 : 8);
    };
    EXPECT_EXIT(deliver(), testing::KilledBySignal(SIGKILL), "") << place;
    EXPECT_EQ(fs::exists(root_ + "/f/a"), std::string(place) == "delivery.renamed");
  }
  EXPECT_TRUE(Put(file).ok());
  EXPECT_TRUE(destination_->CleanUp(CallContext(), file).ok());
  EXPECT_THAT(NamesIn(root_ + "/f"), UnorderedElementsAre("a"));
}

TEST_F(ADirectory, TakesNoFileThatHasChangedSinceItWasWritten) {
  OutgoingFile file = FileOf("four", "a");
  file.size_bytes = 5;
  EXPECT_TRUE(HasReason(Put(file), Reason::kGatewayInternal));
  EXPECT_TRUE(fs::is_empty(root_));
}

}  // namespace
}  // namespace relais::exports
