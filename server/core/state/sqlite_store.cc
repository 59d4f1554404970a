#include "server/core/state/sqlite_store.h"

#include <sqlite3.h>

#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/log/log.h"

namespace relais::state {
namespace {

#define RELAIS_COLUMNS "key, fingerprint, phase, marker, subject, answer, created, updated"

constexpr char kInsert[] = "INSERT INTO submission (" RELAIS_COLUMNS
                           ") VALUES (?, ?, ?, ?, ?, CAST(? AS BLOB), ?, ?)"
                           " ON CONFLICT (key) DO NOTHING";
constexpr char kRead[] = "SELECT " RELAIS_COLUMNS " FROM submission WHERE key = ?";
constexpr char kAdvance[] =
    "UPDATE submission SET phase = ?2, updated = ?3 WHERE key = ?1 AND phase <= ?2";
// 3 is Phase::kDone, also in the index of the unfinished.
constexpr char kComplete[] =
    "UPDATE submission SET phase = 3, answer = CAST(?2 AS BLOB), updated = ?3"
    " WHERE key = ?1 AND phase < 3";
constexpr char kForget[] = "DELETE FROM submission WHERE key = ?";
constexpr char kUnfinished[] =
    "SELECT " RELAIS_COLUMNS " FROM submission WHERE phase < 3 ORDER BY created, rowid";
constexpr char kPrune[] =
    "DELETE FROM submission WHERE rowid IN"
    " (SELECT rowid FROM submission WHERE updated < ?1 AND phase = 3 ORDER BY updated LIMIT ?2)";

#undef RELAIS_COLUMNS

static_assert(static_cast<int>(Phase::kDone) == 3);

Entry EntryOf(const SqliteStatement::Use& row) {
  return {.key = row.Bytes(0),
          .fingerprint = row.Bytes(1),
          .phase = static_cast<Phase>(row.Number(2)),
          .marker = row.Bytes(3),
          .subject = row.Bytes(4),
          .answer = row.Bytes(5),
          .created = absl::FromUnixMicros(row.Number(6)),
          .updated = absl::FromUnixMicros(row.Number(7))};
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path,
                                                               absl::Duration lock_wait,
                                                               std::function<void()> on_lost) {
  absl::StatusOr<std::unique_ptr<SqliteFile>> file = SqliteFile::Open(path, lock_wait);
  if (!file.ok()) return file.status();
  std::unique_ptr<SqliteStore> store(new SqliteStore(*std::move(file), std::move(on_lost)));
  if (absl::Status status = store->PrepareStatements(); !status.ok()) return status;
  if (absl::Status status = store->documents_.Prepare(); !status.ok()) return status;
  return store;
}

absl::Status SqliteStore::PrepareStatements() {
  const std::pair<SqliteStatement*, const char*> all[] = {
      {&insert_, kInsert},     {&read_, kRead},     {&advance_, kAdvance},
      {&complete_, kComplete}, {&forget_, kForget}, {&unfinished_, kUnfinished},
      {&prune_, kPrune},
  };
  for (const auto& [statement, text] : all) {
    absl::StatusOr<SqliteStatement> prepared = SqliteStatement::Prepare(*file_, text);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

bool SqliteStore::InPlace() {
  const std::lock_guard lock(mu_);
  return CheckInPlace().ok();
}

absl::Status SqliteStore::CheckInPlace() {
  if (in_place_ && !file_->InPlace()) {
    in_place_ = false;
    Log(LogLevel::kError, "state file removed or replaced",
        {{"consequence", "no change is accepted until the gateway is started again"}});
    if (on_lost_) on_lost_();
  }
  if (in_place_) return absl::OkStatus();
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway's state file was removed or replaced; an operator must put it back and "
            "start the gateway again.";
}

absl::StatusOr<std::optional<Entry>> SqliteStore::Claim(const Entry& entry) {
  const std::lock_guard lock(mu_);
  if (absl::Status status = CheckInPlace(); !status.ok()) return status;
  {
    SqliteStatement::Use use(insert_);
    use.Give(entry.key).Give(entry.fingerprint).Give(static_cast<int>(entry.phase));
    use.Give(entry.marker).Give(entry.subject).Give(entry.answer);
    use.Give(absl::ToUnixMicros(entry.created)).Give(absl::ToUnixMicros(entry.updated));
    if (!use.Done()) return file_->Failure();
    if (sqlite3_changes(file_->handle()) == 1) return std::nullopt;
  }
  return ReadLocked(entry.key);
}

absl::StatusOr<std::optional<Entry>> SqliteStore::Read(std::string_view key) {
  const std::lock_guard lock(mu_);
  return ReadLocked(key);
}

absl::StatusOr<std::optional<Entry>> SqliteStore::ReadLocked(std::string_view key) {
  SqliteStatement::Use use(read_);
  use.Give(key);
  if (use.Row()) return EntryOf(use);
  if (!use.Done()) return file_->Failure();
  return std::nullopt;
}

absl::Status SqliteStore::Advance(std::string_view key, Phase phase, absl::Time now) {
  const std::lock_guard lock(mu_);
  if (absl::Status status = CheckInPlace(); !status.ok()) return status;
  SqliteStatement::Use use(advance_);
  use.Give(key).Give(static_cast<int>(phase)).Give(absl::ToUnixMicros(now));
  return CheckAdvanced(use);
}

absl::Status SqliteStore::Complete(std::string_view key, std::string_view answer, absl::Time now) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(complete_);
  use.Give(key).Give(answer).Give(absl::ToUnixMicros(now));
  return CheckAdvanced(use);
}

absl::Status SqliteStore::CheckAdvanced(SqliteStatement::Use& use) {
  if (!use.Done()) return file_->Failure();
  if (sqlite3_changes(file_->handle()) == 1) return absl::OkStatus();
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway's state has lost an entry; an operator must look at its state file.";
}

absl::Status SqliteStore::Forget(std::string_view key) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(forget_);
  use.Give(key);
  return use.Done() ? absl::OkStatus() : file_->Failure();
}

absl::StatusOr<std::vector<Entry>> SqliteStore::Unfinished() {
  const std::lock_guard lock(mu_);
  std::vector<Entry> entries;
  SqliteStatement::Use use(unfinished_);
  while (use.Row()) entries.push_back(EntryOf(use));
  if (!use.Done()) return file_->Failure();
  return entries;
}

absl::StatusOr<std::int64_t> SqliteStore::Prune(absl::Time time, std::int64_t most) {
  const std::lock_guard lock(mu_);
  SqliteStatement::Use use(prune_);
  use.Give(absl::ToUnixMicros(time)).Give(most);
  if (!use.Done()) return file_->Failure();
  return sqlite3_changes(file_->handle());
}

}  // namespace relais::state
