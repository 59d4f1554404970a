#include "server/core/state/sqlite_documents.h"

#include <sqlite3.h>

#include <limits>
#include <string>
#include <utility>

namespace relais::state {
namespace {

#define RELAIS_DOCUMENT_COLUMNS "kind, key, version, due, body"

constexpr char kInsertDocument[] = "INSERT INTO document (" RELAIS_DOCUMENT_COLUMNS
                                   ") VALUES (?1, ?2, 1, ?4, CAST(?5 AS BLOB))"
                                   " ON CONFLICT (kind, key) DO NOTHING";
constexpr char kUpdateDocument[] =
    "UPDATE document SET version = ?3 + 1, due = ?4, body = CAST(?5 AS BLOB)"
    " WHERE kind = ?1 AND key = ?2 AND version = ?3";
constexpr char kRemoveDocument[] =
    "DELETE FROM document WHERE kind = ?1 AND key = ?2 AND version = ?3";
constexpr char kFindDocument[] =
    "SELECT " RELAIS_DOCUMENT_COLUMNS " FROM document WHERE kind = ?1 AND key = ?2";
constexpr char kListDocuments[] = "SELECT " RELAIS_DOCUMENT_COLUMNS
                                  " FROM document WHERE kind = ?1 AND key >= ?2 AND key > ?3"
                                  " AND substr(key, 1, length(?2)) = ?2 ORDER BY key LIMIT ?4";
constexpr char kDueDocuments[] = "SELECT " RELAIS_DOCUMENT_COLUMNS
                                 " FROM document WHERE kind = ?1 AND due <= ?2"
                                 // As the index says it.
                                 " AND due < 9223372036854775807 ORDER BY due, key LIMIT ?3";

#undef RELAIS_DOCUMENT_COLUMNS

constexpr std::int64_t kNeverDue = std::numeric_limits<std::int64_t>::max();

std::int64_t DueOf(absl::Time due) {
  return due == absl::InfiniteFuture() ? kNeverDue : absl::ToUnixMicros(due);
}

Document DocumentOf(const SqliteStatement::Use& row) {
  const std::int64_t due = row.Number(3);
  return {.kind = row.Bytes(0),
          .key = row.Bytes(1),
          .version = row.Number(2),
          .due = due == kNeverDue ? absl::InfiniteFuture() : absl::FromUnixMicros(due),
          .body = row.Bytes(4)};
}

}  // namespace

absl::Status SqliteDocuments::Prepare() {
  const std::pair<SqliteStatement*, const char*> all[] = {
      {&insert_, kInsertDocument}, {&update_, kUpdateDocument}, {&remove_, kRemoveDocument},
      {&find_, kFindDocument},     {&list_, kListDocuments},    {&due_, kDueDocuments},
  };
  const std::lock_guard lock(mu_);
  for (const auto& [statement, text] : all) {
    absl::StatusOr<SqliteStatement> prepared = SqliteStatement::Prepare(file_, text);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SqliteDocuments::Changed(SqliteStatement::Use& use) {
  if (!use.Done()) return file_.Failure();
  return sqlite3_changes(file_.handle()) == 1;
}

absl::StatusOr<bool> SqliteDocuments::Put(const Document& document) {
  const std::lock_guard lock(mu_);
  if (absl::Status status = in_place_(); !status.ok()) return status;
  SqliteStatement::Use use(document.version == 0 ? insert_ : update_);
  use.Give(document.kind).Give(document.key).Give(document.version);
  use.Give(DueOf(document.due)).Give(document.body);
  return Changed(use);
}

absl::StatusOr<bool> SqliteDocuments::Remove(std::string_view kind, std::string_view key,
                                             std::int64_t version) {
  const std::lock_guard lock(mu_);
  if (absl::Status status = in_place_(); !status.ok()) return status;
  SqliteStatement::Use use(remove_);
  use.Give(kind).Give(key).Give(version);
  return Changed(use);
}

absl::StatusOr<std::optional<Document>> SqliteDocuments::Find(std::string_view kind,
                                                              std::string_view key) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(find_);
  use.Give(kind).Give(key);
  if (use.Row()) return DocumentOf(use);
  if (!use.Done()) return file_.Failure();
  return std::nullopt;
}

absl::StatusOr<std::vector<Document>> SqliteDocuments::All(SqliteStatement::Use& use) {
  std::vector<Document> documents;
  while (use.Row()) documents.push_back(DocumentOf(use));
  if (!use.Done()) return file_.Failure();
  return documents;
}

absl::StatusOr<std::vector<Document>> SqliteDocuments::List(std::string_view kind,
                                                            std::string_view prefix,
                                                            std::string_view after,
                                                            std::int64_t most) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(list_);
  use.Give(kind).Give(prefix).Give(after).Give(most);
  return All(use);
}

absl::StatusOr<std::vector<Document>> SqliteDocuments::Due(std::string_view kind, absl::Time time,
                                                           std::int64_t most) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(due_);
  use.Give(kind).Give(DueOf(time)).Give(most);
  return All(use);
}

}  // namespace relais::state
