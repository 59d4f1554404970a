// Deliveries to nginx.

#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
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

class AWebdavServer : public FolderServerTest {
 protected:
  AWebdavServer() : FolderServerTest(Webdav().folder) {
    config::v1::HttpDestination& http = *settings_.mutable_http();
    http.set_base_url(Webdav().url + "/" + name_);
    http.set_user(kWebdavUser);
    http.set_webdav_move(true);
    destination_ = Make(settings_, kSecrets);
  }

  const Secrets kSecrets = {{"http.password", kWebdavPassword}};
};

TEST_F(AWebdavServer, GetsFilesWholeWhateverTheirNames) {
  for (const char* name : kHardNames) {
    const std::string content = absl::StrCat("content of ", name);
    const absl::Status put = Put(FileOf(content, name));
    ASSERT_TRUE(put.ok()) << name << ": " << put;
    EXPECT_EQ(There(name), content);
  }
  EXPECT_EQ(Names().size(), std::size(kHardNames));
}

TEST_F(AWebdavServer, GetsFoldersAsTheyAreNeeded) {
  const std::string path = "2024/it's \"März\" 50%/a.csv";
  for (const char* content : {"first", "second"}) {
    const absl::Status put = Put(FileOf(content, path));
    ASSERT_TRUE(put.ok()) << put;
    EXPECT_EQ(There(path), content);
  }
  EXPECT_THAT(Names("2024/it's \"März\" 50%"), ElementsAre("a.csv"));
}

TEST_F(AWebdavServer, GetsLargeAndEmptyFiles) {
  const std::string large = ContentOfSize(12 << 20);
  ASSERT_TRUE(Put(FileOf(large, "large")).ok());
  EXPECT_TRUE(There("large") == large);
  EXPECT_TRUE(Put(FileOf(large, "large", false)).ok());
  const absl::Status put = Put(FileOf("", "empty"));
  EXPECT_TRUE(put.ok()) << put;
  EXPECT_EQ(There("empty"), "");
}

TEST_F(AWebdavServer, ReplacesAFileOrRefusesTo) {
  ASSERT_TRUE(Put(FileOf("old", "a.csv")).ok());
  for (const char* content : {"new", "longer"}) {
    const absl::Status refused = Put(FileOf(content, "a.csv", false));
    EXPECT_TRUE(HasReason(refused, Reason::kResourceExists)) << refused;
  }
  EXPECT_EQ(There("a.csv"), "old");
  EXPECT_TRUE(Put(FileOf("old", "a.csv", false)).ok());
  EXPECT_THAT(Names(), ElementsAre("a.csv"));
  ASSERT_TRUE(Put(FileOf("new", "a.csv")).ok());
  EXPECT_EQ(There("a.csv"), "new");
}

TEST_F(AWebdavServer, TakesAFileUnderItsOwnNameToo) {
  settings_.mutable_http()->set_webdav_move(false);
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a b.csv"));
  ASSERT_TRUE(put.ok()) << put;
  EXPECT_EQ(There("a b.csv"), "x");
  const absl::Status missing = Put(FileOf("x", "folder/a.csv"));
  EXPECT_FALSE(missing.ok());  // nginx says 500
  EXPECT_THAT(Names(), ElementsAre("a b.csv"));
}

TEST_F(AWebdavServer, RefusesAWrongPassword) {
  destination_ = Make(settings_, {{"http.password", "another"}});
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(put, Reason::kGatewayCredentialRejected)) << put;
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(AWebdavServer, WithoutRoomSaysSo) {
  settings_.mutable_http()->set_base_url(Webdav().full);
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(put, Reason::kGatewayStorageFull)) << put;
}

TEST_F(AWebdavServer, ThatIsDownIsUnavailable) {
  settings_.mutable_http()->set_base_url(absl::StrCat("http://127.0.0.1:", FreePort(), "/"));
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_EQ(put.code(), absl::StatusCode::kUnavailable) << put;
}

TEST_F(AWebdavServer, LosesOnlyTheTemporaryFileWhenItIsCleanedUp) {
  const exports::OutgoingFile file = FileOf("x", "folder/a.csv");
  const absl::Status none = CleanUp(file);
  EXPECT_TRUE(none.ok()) << none;
  ASSERT_TRUE(Put(file).ok());
  std::ofstream(folder_ + "/folder/.relais-run-1.part") << "half";
  std::ofstream(folder_ + "/folder/.relais-run-2.part") << "of another";
  EXPECT_TRUE(CleanUp(file).ok());
  EXPECT_THAT(Names("folder"), UnorderedElementsAre("a.csv", ".relais-run-2.part"));
}

TEST_F(AWebdavServer, HasTheFileAfterAGatewayHasDied) {
  if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  const exports::OutgoingFile file = FileOf("x", "a.csv", false);
  for (const char* place : {"delivery.before_move", "delivery.moved"}) {
    EXPECT_EXIT(DeliverUntil(place, *destination_, file), testing::KilledBySignal(SIGKILL), "");
    EXPECT_EQ(fs::exists(folder_ + "/a.csv"), std::string(place) == "delivery.moved");
  }
  EXPECT_TRUE(Put(file).ok());
  EXPECT_TRUE(CleanUp(file).ok());
  EXPECT_THAT(Names(), ElementsAre("a.csv"));
}

}  // namespace
}  // namespace relais::delivery
