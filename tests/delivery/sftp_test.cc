// Deliveries to OpenSSH's server.

#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "tests/delivery/delivery.h"
#include "tests/delivery/server_process.h"
#include "tests/delivery/servers.h"

namespace relais::delivery {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class AnSftpServer : public FolderServerTest {
 protected:
  AnSftpServer() : FolderServerTest(Sftp().folder) {
    config::v1::SftpDestination& sftp = *settings_.mutable_sftp();
    sftp.set_address(Sftp().address);
    sftp.set_path(folder_);
    sftp.set_user(kSftpUser);
    sftp.set_host_key_sha256(Sftp().host_key);
    destination_ = Make(settings_, kSecrets);
  }

  const Secrets kSecrets = {{"sftp.password", kSftpPassword}};
};

TEST_F(AnSftpServer, GetsFilesWholeWhateverTheirNames) {
  for (const char* name : kHardNames) {
    const std::string content = absl::StrCat("content of ", name);
    const absl::Status put = Put(FileOf(content, name));
    ASSERT_TRUE(put.ok()) << name << ": " << put;
    EXPECT_EQ(There(name), content);
  }
  EXPECT_EQ(Names().size(), std::size(kHardNames));
}

TEST_F(AnSftpServer, GetsFoldersAsTheyAreNeeded) {
  const std::string path = "2024/it's \"März\"/back\\slash/a.csv";
  for (const char* content : {"first", "second"}) {
    const absl::Status put = Put(FileOf(content, path));
    ASSERT_TRUE(put.ok()) << put;
    EXPECT_EQ(There(path), content);
  }
  EXPECT_THAT(Names("2024/it's \"März\"/back\\slash"), ElementsAre("a.csv"));
}

TEST_F(AnSftpServer, GetsNoFolderOfItsOwnMade) {
  settings_.mutable_sftp()->set_path(folder_ + "/missing");
  destination_ = Make(settings_, kSecrets);
  for (const char* path : {"a.csv", "folder/a.csv"}) {
    const absl::Status put = Put(FileOf("x", path));
    EXPECT_TRUE(HasReason(put, Reason::kResourceNotFound)) << put;
  }
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(AnSftpServer, GetsLargeAndEmptyFiles) {
  const std::string large = ContentOfSize(12 << 20);
  ASSERT_TRUE(Put(FileOf(large, "large")).ok());
  EXPECT_TRUE(There("large") == large);
  const absl::Status put = Put(FileOf("", "empty"));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(There("empty"), "");
  const absl::Status again = Put(FileOf("", "empty", false));
  EXPECT_TRUE(again.ok()) << again;
  EXPECT_TRUE(Put(FileOf(large, "large", false)).ok());
}

TEST_F(AnSftpServer, ReplacesAFileOrRefusesTo) {
  ASSERT_TRUE(Put(FileOf("old", "a.csv")).ok());
  for (const char* content : {"new", "longer"}) {
    const absl::Status refused = Put(FileOf(content, "a.csv", false));
    EXPECT_TRUE(HasReason(refused, Reason::kResourceExists)) << refused;
  }
  EXPECT_EQ(There("a.csv"), "old");
  EXPECT_TRUE(Put(FileOf("old", "a.csv", false)).ok());
  ASSERT_TRUE(Put(FileOf("new", "a.csv")).ok());
  EXPECT_EQ(There("a.csv"), "new");
  EXPECT_THAT(Names(), ElementsAre("a.csv"));
}

TEST_F(AnSftpServer, TakesAKeyInPlaceOfAPassword) {
  settings_.mutable_sftp()->set_private_key_file(Sftp().private_key);
  destination_ = Make(settings_, {{"sftp.private_key_passphrase", kSftpPassphrase}});
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(put.ok()) << put;
  destination_ = Make(settings_, {{"sftp.private_key_passphrase", "another"}});
  EXPECT_TRUE(HasReason(Put(FileOf("x", "a.csv")), Reason::kGatewayCredentialRejected));
}

TEST_F(AnSftpServer, RefusesAWrongPassword) {
  destination_ = Make(settings_, {{"sftp.password", "another"}});
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(put, Reason::kGatewayCredentialRejected)) << put;
  EXPECT_EQ(put.code(), absl::StatusCode::kInternal);
}

TEST_F(AnSftpServer, WithAnotherHostKeyGetsNothing) {
  std::string other = Sftp().host_key;
  other[10] = other[10] == 'A' ? 'B' : 'A';
  settings_.mutable_sftp()->set_host_key_sha256(other);
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(put, Reason::kUpstreamUnreachable)) << put;
  EXPECT_NE(put.message().find("host key"), absl::string_view::npos) << put;
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(AnSftpServer, ThatIsDownIsUnavailable) {
  settings_.mutable_sftp()->set_address(absl::StrCat("127.0.0.1:", FreePort()));
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_EQ(put.code(), absl::StatusCode::kUnavailable) << put;
  EXPECT_EQ(put.message().find("127.0.0.1"), absl::string_view::npos) << put;
}

TEST_F(AnSftpServer, SaysThatAFolderIsInTheWay) {
  fs::create_directory(folder_ + "/a.csv");
  for (const bool replace : {true, false}) EXPECT_FALSE(Put(FileOf("x", "a.csv", replace)).ok());
  EXPECT_TRUE(fs::is_directory(folder_ + "/a.csv"));
}

TEST_F(AnSftpServer, IsLeftAtOnceByACallThatIsCancelled) {
  std::ofstream(local_.path() + "/sparse");
  fs::resize_file(local_.path() + "/sparse", 8LL << 30);
  exports::OutgoingFile file = FileOf("", "a.csv");
  file.local_path = local_.path() + "/sparse";
  file.size_bytes = 8LL << 30;
  std::stop_source stop;
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  std::thread canceller([&] {
    while (!fs::exists(folder_ + "/.relais-run-1.part")) std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(destination_->Put(context, file).code(), absl::StatusCode::kCancelled);
  canceller.join();
  EXPECT_THAT(Names(), ElementsAre(".relais-run-1.part"));
  EXPECT_TRUE(CleanUp(file).ok());
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(AnSftpServer, LosesOnlyTheTemporaryFileWhenItIsCleanedUp) {
  const exports::OutgoingFile file = FileOf("x", "folder/a.csv");
  const absl::Status none = CleanUp(file);
  EXPECT_TRUE(none.ok()) << none;
  ASSERT_TRUE(Put(file).ok());
  std::ofstream(folder_ + "/folder/.relais-run-1.part") << "half";
  std::ofstream(folder_ + "/folder/.relais-run-2.part") << "of another";
  EXPECT_TRUE(CleanUp(file).ok());
  EXPECT_THAT(Names("folder"), UnorderedElementsAre("a.csv", ".relais-run-2.part"));
}

TEST_F(AnSftpServer, HasTheFileAfterAGatewayHasDied) {
  if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  const exports::OutgoingFile file = FileOf("x", "a.csv");
  for (const char* place : {"delivery.before_rename", "delivery.renamed"}) {
    EXPECT_EXIT(DeliverUntil(place, *destination_, file), testing::KilledBySignal(SIGKILL), "");
    EXPECT_TRUE(Put(file).ok()) << place;
    EXPECT_THAT(Names(), ElementsAre("a.csv")) << place;
  }
}

}  // namespace
}  // namespace relais::delivery
