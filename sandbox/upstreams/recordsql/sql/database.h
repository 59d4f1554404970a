// The sandbox's rows: one SQLite database in memory.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_DATABASE_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_DATABASE_H_

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"
#include "sandbox/upstreams/recordsql/sql/query.h"

struct sqlite3;
struct sqlite3_stmt;

namespace relais::sandbox::recordsql {

struct Page {
  std::string records;  // the elements of `records`, comma-separated
  int count = 0;
};

// Thread-safe; queries run one at a time.
class Database {
 public:
  struct Options {
    std::vector<NamedText> rows;  // fixture rows: table, CSV
    bool generate = false;        // fill CLI and MOUV on first use
    int64_t movement_rows = 300000;
  };

  // Creates every table of the data dictionary and loads the fixture rows.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const dictionary::DataDictionary& data,
                                                        Options options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // At most `count` rows from `offset`. As if every page were a query of its own: a statement is
  // kept open for whoever asks the next page, and dropped as soon as a row is inserted.
  absl::StatusOr<Page> Fetch(const Query& query, int64_t offset, int count);

  // Adds a row; keys are column names, <TABLE>_ID included. Returns the row id.
  absl::StatusOr<int64_t> Insert(std::string_view table,
                                 const std::map<std::string, std::string>& values);

  // Makes tables that a reloaded data dictionary has gained. Existing tables keep their rows.
  absl::Status AddTables(const dictionary::DataDictionary& data);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct OpenPage {
    std::string key;  // SQL and values
    int64_t next = 0;
    Statement statement;
  };

  static void BindValue(const Value& value, int index, sqlite3_stmt* statement);

  explicit Database(Options options);
  absl::Status Run(const std::string& sql);
  absl::StatusOr<Statement> Prepare(const std::string& sql);
  absl::Status LoadRows(const NamedText& rows);
  absl::Status Generate(const std::vector<std::string>& tables);
  absl::StatusOr<OpenPage> Position(const Query& query, int64_t offset);
  absl::StatusOr<int64_t> InsertLocked(std::string_view table,
                                       const std::map<std::string, std::string>& values);
  absl::Status Error(std::string_view doing) const;

  const Options options_;
  std::mutex mutex_;
  // Guarded by mutex_.
  sqlite3* db_ = nullptr;
  dictionary::DataDictionary data_;
  std::set<std::string> generated_;
  std::list<OpenPage> open_pages_;  // most recent first
};

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SQL_DATABASE_H_
