// A SQLite database that belongs to this process alone, and its prepared statements.

#ifndef RELAIS_SERVER_CORE_STATE_SQLITE_FILE_H_
#define RELAIS_SERVER_CORE_STATE_SQLITE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/state/path_guard.h"

struct sqlite3;
struct sqlite3_stmt;

namespace relais::state {

// Not thread-safe.
class SqliteFile {
 public:
  // Opens or makes the file (readable by its owner only; its folder must exist) and locks out every
  // other process for as long as it is open, also from another file that takes its place; waits at
  // most `lock_wait` for another's lock. An empty file is refused: a gateway makes none.
  // ":memory:" is a database without a file. An error names the file and says what to do about it.
  static absl::StatusOr<std::unique_ptr<SqliteFile>> Open(const std::string& path,
                                                          absl::Duration lock_wait);
  ~SqliteFile();  // after its queries
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  // Whether the path still leads to the file that was opened, as far as can be seen.
  bool InPlace() const;

  // Runs statements that have no rows to give.
  absl::Status Run(const char* statements);

  // Why the last call failed, in a sentence for callers: without the file's name.
  absl::Status Failure() const;

  sqlite3* handle() const { return db_; }

 private:
  explicit SqliteFile(sqlite3* db) : db_(db) {}

  // The file's place on its disk.
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    bool operator==(const Identity&) const = default;
  };
  static Identity IdentityOf(const std::string& path);

  absl::Status Lock(absl::Duration lock_wait);
  absl::Status PrepareSchema();
  absl::Status Migrate(std::int64_t version, bool empty);
  absl::StatusOr<std::int64_t> ReadNumber(const char* query);

  sqlite3* const db_;
  std::string path_;  // empty: in memory
  Identity identity_;
  PathGuard guard_;
};

// A prepared statement.
class SqliteStatement {
 public:
  static absl::StatusOr<SqliteStatement> Prepare(const SqliteFile& file, const char* text);
  SqliteStatement() = default;

  // One use of the statement: give the parameters in order, then step. What is given must outlive
  // the use.
  class Use {
   public:
    explicit Use(const SqliteStatement& statement) : statement_(statement.statement_.get()) {}
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    Use& Give(std::string_view bytes);
    Use& Give(std::int64_t number);
    bool Row();   // the next row is there; false: Done() or a failure
    bool Done();  // it has been carried out to the end, stepping over what is left

    std::string Bytes(int column) const;
    std::int64_t Number(int column) const;

   private:
    sqlite3_stmt* const statement_;
    int given_ = 0;
    int code_ = 0;
  };

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_SQLITE_FILE_H_
