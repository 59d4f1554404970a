#include "server/core/state/sqlite_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"

namespace relais::state {
namespace {

constexpr std::int64_t kSchemaVersion = 2;
constexpr std::int64_t kApplication = 0x52656c61;  // "Rela": marks the file as ours

constexpr char kSchema[] =
    "CREATE TABLE submission ("
    "  key TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, phase INTEGER NOT NULL,"
    "  marker TEXT NOT NULL, subject TEXT NOT NULL, answer BLOB NOT NULL,"
    "  created INTEGER NOT NULL, updated INTEGER NOT NULL);"
    "CREATE INDEX submission_by_age ON submission (updated);"
    "CREATE INDEX submission_unfinished ON submission (created) WHERE phase < 3;";

// What came with version 2.
constexpr char kDocuments[] =
    "CREATE TABLE document ("
    "  kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, due INTEGER NOT NULL,"
    "  body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
    // 9223372036854775807 stands for never.
    "CREATE INDEX document_due ON document (kind, due, key) WHERE due < 9223372036854775807;";

bool InMemory(const std::string& path) { return path == ":memory:"; }

// "./" keeps a name such as file:x from being taken for a URI, where SQLite was built so.
std::string SqliteNameOf(const std::string& path) {
  return InMemory(path) || path.front() == '/' ? path : "./" + path;
}

std::string MakeSchema() {
  return absl::StrCat("BEGIN;", kSchema, kDocuments, "PRAGMA application_id=", kApplication,
                      ";PRAGMA user_version=", kSchemaVersion, ";COMMIT;");
}

// From version 1, whose files have no documents.
std::string UpgradeSchema() {
  return absl::StrCat("BEGIN;", kDocuments, "PRAGMA user_version=", kSchemaVersion, ";COMMIT;");
}

// SQLite knows only one cause of a full disk, and keeps no other for us; errno, which was cleared
// before the call, still has it.
bool NoRoom(int code) {
  const int cause = errno;
  if ((code & 0xff) == SQLITE_FULL) return true;
  if ((code & 0xff) != SQLITE_IOERR) return false;
  return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

absl::Status OpenFailure(const std::string& path, std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The state file \"" << path << "\" " << why;
}

// Why the file cannot be used; `code` is SQLite's extended result.
absl::Status OpenFailure(const std::string& path, int code) {
  if (NoRoom(code)) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull)
           << "The state file \"" << path << "\" has no room on its disk: free some.";
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
      return OpenFailure(path,
                         "is in use by another gateway: stop that one or give each its own file.");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return OpenFailure(path,
                         "is damaged or not a state file: restore it from a backup, or move it "
                         "away to begin with an empty one.");
    case SQLITE_CANTOPEN:
      return OpenFailure(path,
                         "cannot be opened: its folder must exist, and the gateway must be allowed "
                         "to write there.");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return OpenFailure(path, "cannot be written: the gateway must own it and its folder.");
    default:
      return OpenFailure(
          path, absl::StrCat("cannot be used (", sqlite3_errstr(code), "): look at its disk."));
  }
}

// Makes the file where there is none: under another name first, so that a gateway that dies
// meanwhile leaves no half of one, and for the owner alone. Where none can be made, opening it will
// tell why.
absl::Status MakeMissing(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return absl::OkStatus();
  const std::string draft = path + ".new";
  // What a gateway that died has left.
  unlink(draft.c_str());
  unlink((draft + "-journal").c_str());
  const int file = open(draft.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return absl::OkStatus();
  close(file);
  sqlite3* db = nullptr;
  absl::Status made;
  errno = 0;
  if (sqlite3_open_v2(SqliteNameOf(draft).c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) !=
          SQLITE_OK ||
      sqlite3_exec(db, MakeSchema().c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    made = OpenFailure(path, sqlite3_extended_errcode(db));
  }
  sqlite3_close_v2(db);
  // Not all disks have links; the guard of the path keeps others from making it meanwhile.
  if (made.ok() && link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST)
    (void)rename(draft.c_str(), path.c_str());
  unlink(draft.c_str());
  return made;
}

bool IsEmpty(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteFile>> SqliteFile::Open(const std::string& path,
                                                             absl::Duration lock_wait) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return OpenFailure(path, "has no usable name.");
  }
  PathGuard guard;
  if (!InMemory(path)) {
    if (!guard.Take(path, lock_wait)) return OpenFailure(path, SQLITE_BUSY);
    if (absl::Status made = MakeMissing(path); !made.ok()) return made;
    if (IsEmpty(path)) {
      return OpenFailure(path,
                         "is empty, so that what it held is lost: restore it from a backup, or "
                         "remove it to begin with an empty one.");
    }
  }
  sqlite3* db = nullptr;
  const int opened = sqlite3_open_v2(SqliteNameOf(path).c_str(), &db,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (db == nullptr) return OpenFailure(path, "cannot be opened: out of memory.");
  std::unique_ptr<SqliteFile> file(new SqliteFile(db));
  file->guard_ = std::move(guard);
  if (opened != SQLITE_OK) return OpenFailure(path, sqlite3_extended_errcode(db));
  if (sqlite3_db_readonly(db, "main") == 1) return OpenFailure(path, SQLITE_READONLY);
  if (!file->Lock(lock_wait).ok()) return OpenFailure(path, sqlite3_extended_errcode(db));
  absl::Status ready = file->PrepareSchema();
  if (ready.ok() && !InMemory(path)) {
    file->path_ = path;
    file->identity_ = IdentityOf(path);
  }
  if (ready.ok()) return file;
  // PrepareSchema's own findings are told by their code; SQLite would tell them to nobody.
  if (absl::IsFailedPrecondition(ready)) return OpenFailure(path, std::string(ready.message()));
  return OpenFailure(path, sqlite3_extended_errcode(db));
}

SqliteFile::Identity SqliteFile::IdentityOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

bool SqliteFile::InPlace() const { return path_.empty() || IdentityOf(path_) == identity_; }

SqliteFile::~SqliteFile() { sqlite3_close_v2(db_); }

// The lock is taken by the first access and kept until the file is closed.
absl::Status SqliteFile::Lock(absl::Duration lock_wait) {
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, static_cast<int>(absl::ToInt64Milliseconds(lock_wait)));
  return Run("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;");
}

absl::Status SqliteFile::PrepareSchema() {
  const absl::StatusOr<std::int64_t> version = ReadNumber("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<std::int64_t> application = ReadNumber("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<std::int64_t> tables = ReadNumber("SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.status();
  const bool empty = *version == 0 && *application == 0 && *tables == 0;
  if (!empty && *application != kApplication) {
    return absl::FailedPreconditionError("belongs to another program: name another file.");
  }
  return Migrate(*version, empty);
}

absl::Status SqliteFile::Migrate(std::int64_t version, bool empty) {
  if (version > kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("was written by a newer gateway (schema ", version, "; this one knows ",
                     kSchemaVersion, "): start that version, or name another file."));
  }
  if (absl::Status status = Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
      !status.ok()) {
    return status;
  }
  if (empty) return Run(MakeSchema().c_str());
  return version < kSchemaVersion ? Run(UpgradeSchema().c_str()) : absl::OkStatus();
}

absl::StatusOr<std::int64_t> SqliteFile::ReadNumber(const char* query) {
  const absl::StatusOr<SqliteStatement> statement = SqliteStatement::Prepare(*this, query);
  if (!statement.ok()) return statement.status();
  SqliteStatement::Use use(*statement);
  if (!use.Row()) return Failure();
  return use.Number(0);
}

absl::Status SqliteFile::Run(const char* statements) {
  errno = 0;
  if (sqlite3_exec(db_, statements, nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return Failure();
}

absl::Status SqliteFile::Failure() const {
  const int code = sqlite3_extended_errcode(db_);
  if (NoRoom(code)) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull)
               .RetryAfter(absl::Seconds(30))
           << "The gateway's disk has no room for its state; an operator must free some.";
  }
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway cannot use its state file (" << sqlite3_errstr(code)
         << "); an operator must look at its disk.";
}

absl::StatusOr<SqliteStatement> SqliteStatement::Prepare(const SqliteFile& file, const char* text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(file.handle(), text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return file.Failure();
  }
  return SqliteStatement(statement);
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement::Use::~Use() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteStatement::Use& SqliteStatement::Use::Give(std::string_view bytes) {
  const char* const begin = bytes.data() == nullptr ? "" : bytes.data();  // null would be NULL
  sqlite3_bind_text64(statement_, ++given_, begin, bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

SqliteStatement::Use& SqliteStatement::Use::Give(std::int64_t number) {
  sqlite3_bind_int64(statement_, ++given_, number);
  return *this;
}

bool SqliteStatement::Use::Row() {
  errno = 0;
  code_ = sqlite3_step(statement_);
  return code_ == SQLITE_ROW;
}

bool SqliteStatement::Use::Done() {
  if (code_ == 0 || code_ == SQLITE_ROW) {  // a statement that failed would begin anew
    while (Row()) {
    }
  }
  return code_ == SQLITE_DONE;
}

std::string SqliteStatement::Use::Bytes(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? "" : std::string(static_cast<const char*>(bytes), size);
}

std::int64_t SqliteStatement::Use::Number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

}  // namespace relais::state
