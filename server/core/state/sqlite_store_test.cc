// What only a file can do: be another's, damaged, unwritable, or too large for its disk.

#include "server/core/state/sqlite_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "server/core/base/error.h"
#include "tests/support/temporary_folder.h"

namespace relais::state {
namespace {

const absl::Time kCreated = absl::FromUnixSeconds(1'700'000'000);

Entry EntryOf(const std::string& key) {
  return {.key = key, .fingerprint = "f", .created = kCreated, .updated = kCreated};
}

class AStateFile : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<SqliteStore>> Open() {
    return SqliteStore::Open(path_, absl::ZeroDuration());
  }

  std::string Refusal() {
    const auto opened = Open();
    EXPECT_FALSE(opened.ok());
    if (opened.ok()) return "";
    EXPECT_TRUE(HasReason(opened.status(), Reason::kGatewayInternal));
    return std::string(opened.status().message());
  }

  void Execute(const std::string& statements) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }

  std::string Bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void Write(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/state.db";
};

TEST_F(AStateFile, IsReadableByItsOwnerOnly) {
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)->Claim(EntryOf("a")).ok());
  for (const std::string& file : {path_, path_ + "-wal"}) {
    struct stat info {};
    ASSERT_EQ(stat(file.c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << file;
  }
}

TEST_F(AStateFile, FlushesItsWriteAheadLogAtEveryChange) {
  { ASSERT_TRUE(Open().ok()); }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), "wal");
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

TEST_F(AStateFile, BelongsToOneGatewayAtATime) {
  auto first = Open();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Refusal(), "The state file \"" + path_ +
                           "\" is in use by another gateway: stop that one or give each its own "
                           "file.");
  ASSERT_TRUE((*first)->Claim(EntryOf("a")).ok());
  EXPECT_NE(Refusal(), "");
  first->reset();
  const auto second = Open();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE((*second)->Read("a").value().has_value());
}

TEST_F(AStateFile, OfANewerGatewayIsRefused) {
  { ASSERT_TRUE(Open().ok()); }
  Execute("PRAGMA user_version=7");
  EXPECT_EQ(Refusal(), "The state file \"" + path_ +
                           "\" was written by a newer gateway (schema 7; this one knows 2): start "
                           "that version, or name another file.");
}

TEST_F(AStateFile, OfAnotherProgramIsRefusedAndLeftAsItWas) {
  Execute("CREATE TABLE accounts (id INTEGER)");
  const std::string before = Bytes();
  EXPECT_NE(Refusal().find("belongs to another program: name another file."), std::string::npos);
  EXPECT_EQ(Bytes(), before);
}

TEST_F(AStateFile, ThatIsDamagedIsRefused) {
  { ASSERT_TRUE(Open().ok()); }
  const std::string whole = Bytes();
  ASSERT_GT(whole.size(), 4096u);
  const std::string garbage(8192, 'x');
  for (const std::string& bytes :
       {garbage, std::string("<html>not a database</html>"), whole.substr(0, 50),
        whole.substr(0, 4096), whole.substr(0, 100) + garbage, std::string(16, '\0') + whole}) {
    Write(bytes);
    EXPECT_NE(Refusal().find("is damaged or not a state file"), std::string::npos)
        << bytes.substr(0, 30);
  }
}

TEST_F(AStateFile, ThatIsEmptyIsRefused) {
  Write("");
  EXPECT_NE(Refusal().find("is empty, so that what it held is lost"), std::string::npos);
  EXPECT_EQ(Bytes(), "");
}

TEST_F(AStateFile, ThatIsRemovedOrReplacedTakesNoChangeAnyMore) {
  const auto copy = [this] {
    const std::string bytes = Bytes();
    unlink(path_.c_str());
    Write(bytes);
  };
  for (const bool replaced : {false, true}) {
    SCOPED_TRACE(replaced);
    for (const char* end : {"", "-wal", "-shm"}) unlink((path_ + end).c_str());
    int lost = 0;
    auto opened = SqliteStore::Open(path_, absl::ZeroDuration(), [&lost] { ++lost; });
    ASSERT_TRUE(opened.ok()) << opened.status();
    SqliteStore& store = **opened;
    ASSERT_TRUE(store.Claim(EntryOf("a")).ok());
    EXPECT_TRUE(store.InPlace());
    if (replaced) {
      copy();
    } else {
      unlink(path_.c_str());
    }
    EXPECT_FALSE(store.Claim(EntryOf("b")).ok());
    EXPECT_FALSE(store.Advance("a", Phase::kSending, kCreated).ok());
    EXPECT_FALSE(store.InPlace());
    EXPECT_EQ(lost, 1);
    // Nor does another gateway begin beside this one.
    EXPECT_NE(Refusal().find("is in use by another gateway"), std::string::npos);
  }
}

TEST_F(AStateFile, NeedsAFolderAndAName) {
  path_ = folder_.path() + "/missing/state.db";
  EXPECT_NE(Refusal().find("cannot be opened: its folder must exist"), std::string::npos);
  path_ = folder_.path();
  EXPECT_NE(Refusal().find("cannot be opened"), std::string::npos);
  path_ = "";
  EXPECT_NE(Refusal().find("has no usable name"), std::string::npos);
  path_ = std::string("a\0b", 3);
  EXPECT_NE(Refusal().find("has no usable name"), std::string::npos);
}

// Root may write everywhere; then the test becomes somebody else for a while.
class AsNobody {
 public:
  AsNobody() : root_(geteuid() == 0) {
    if (root_ && seteuid(65534) != 0) ADD_FAILURE();
  }
  ~AsNobody() {
    if (root_ && seteuid(0) != 0) ADD_FAILURE();
  }

 private:
  const bool root_;
};

TEST_F(AStateFile, NeedsToBeWritable) {
  { ASSERT_TRUE(Open().ok()); }
  ASSERT_EQ(chmod(path_.c_str(), 0444), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0555), 0);
  {
    const AsNobody nobody;
    EXPECT_NE(Refusal().find("cannot be written: the gateway must own it"), std::string::npos);
    path_ = folder_.path() + "/new.db";
    EXPECT_NE(Refusal().find("cannot be opened: its folder must exist, and the gateway must be "
                             "allowed to write there."),
              std::string::npos);
  }
  chmod(folder_.path().c_str(), 0755);
}

// The disk is full as far as this process is concerned.
class NoMoreRoom {
 public:
  explicit NoMoreRoom(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~NoMoreRoom() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(AStateFile, SaysThatItsDiskIsFullAndGoesOnWhenItIsNot) {
  const auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.status();
  SqliteStore& store = **opened;
  ASSERT_EQ(store.Claim(EntryOf("a")).value(), std::nullopt);
  {
    const NoMoreRoom full(100'000);
    const absl::Status status = store.Complete("a", std::string(200'000, 'x'), kCreated);
    EXPECT_TRUE(HasReason(status, Reason::kGatewayStorageFull)) << status;
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(status.message(),
              "The gateway's disk has no room for its state; an operator must free some.");
    EXPECT_EQ(store.Read("a").value(), EntryOf("a"));  // nothing of it has happened
  }
  EXPECT_TRUE(store.Complete("a", std::string(200'000, 'x'), kCreated).ok());
  EXPECT_EQ(store.Read("a").value()->answer.size(), 200'000u);
}

TEST_F(AStateFile, OnAFullDiskCannotBeginAndLeavesNothing) {
  {
    const NoMoreRoom full(0);
    const auto opened = Open();
    ASSERT_FALSE(opened.ok());
    EXPECT_TRUE(HasReason(opened.status(), Reason::kGatewayStorageFull)) << opened.status();
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  EXPECT_TRUE(Open().ok());
}

TEST_F(AStateFile, WhoseMakingWasCutShortIsMadeAnew) {
  std::ofstream(path_ + ".new", std::ios::binary) << "half of a file";
  std::ofstream(path_ + ".new-journal", std::ios::binary) << "and of its journal";
  EXPECT_TRUE(Open().ok());
  for (const char* end : {".new", ".new-journal"})
    EXPECT_FALSE(std::filesystem::exists(path_ + end)) << end;
}

// What a killed process leaves behind, its log not yet written back, is taken up.
TEST_F(AStateFile, TakesUpTheLogOfAKilledGateway) {
  EXPECT_EXIT(
      {
        const auto store = Open();
        if (!(*store)->Claim(EntryOf("a")).ok()) _exit(1);
        if (!(*store)->Advance("a", Phase::kSending, kCreated).ok()) _exit(1);
        kill(getpid(), SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(access((path_ + "-wal").c_str(), F_OK), 0);
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->Read("a").value()->phase, Phase::kSending);
}

}  // namespace
}  // namespace relais::state
