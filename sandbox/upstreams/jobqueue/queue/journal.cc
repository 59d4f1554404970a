#include "sandbox/upstreams/jobqueue/queue/journal.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace relais::sandbox::jobqueue {
namespace {

constexpr char kSchema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS document (number INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " id TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (kind, id));";

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(const std::string& path) {
  sqlite3* database = nullptr;
  if (path.empty()) return std::unique_ptr<Journal>(new Journal(nullptr));
  const bool good = sqlite3_open(path.c_str(), &database) == SQLITE_OK &&
                    sqlite3_exec(database, kSchema, nullptr, nullptr, nullptr) == SQLITE_OK;
  if (good) return std::unique_ptr<Journal>(new Journal(database));
  const std::string why = sqlite3_errmsg(database);
  sqlite3_close(database);
  return absl::FailedPreconditionError(
      absl::StrCat("the state file ", path, " cannot be used: ", why));
}

Journal::~Journal() { sqlite3_close(database_); }

void Journal::Put(const char* kind, const std::string& id, const std::string& document) {
  Run("INSERT INTO document (kind, id, text) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (kind, id) DO UPDATE SET text = ?3",
      {kind, id, document});
}

void Journal::Remove(const char* kind, const std::string& id) {
  Run("DELETE FROM document WHERE kind = ?1 AND id = ?2", {kind, id});
}

std::vector<std::string> Journal::Load(const char* kind) {
  return Run("SELECT text FROM document WHERE kind = ?1 ORDER BY number", {kind});
}

std::vector<std::string> Journal::Run(const char* sql, const std::vector<std::string>& values) {
  std::vector<std::string> rows;
  if (database_ == nullptr) return rows;
  const std::lock_guard<std::mutex> lock(mutex_);
  sqlite3_stmt* statement = nullptr;
  int result = sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr);
  for (size_t i = 0; i < values.size() && result == SQLITE_OK; ++i) {
    result = sqlite3_bind_text(statement, static_cast<int>(i) + 1, values[i].data(),
                               static_cast<int>(values[i].size()), SQLITE_STATIC);
  }
  while (result == SQLITE_OK || result == SQLITE_ROW) {
    result = sqlite3_step(statement);
    if (result != SQLITE_ROW) break;
    rows.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
                      static_cast<size_t>(sqlite3_column_bytes(statement, 0)));
  }
  sqlite3_finalize(statement);
  if (result != SQLITE_DONE) {
    std::fprintf(stderr, "relais-sandbox: the state file: %s\n", sqlite3_errmsg(database_));
    std::abort();
  }
  return rows;
}

}  // namespace relais::sandbox::jobqueue
