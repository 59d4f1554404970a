// The StateStore in a SQLite file of its own: write-ahead log, flushed at every change.

#ifndef RELAIS_SERVER_CORE_STATE_SQLITE_STORE_H_
#define RELAIS_SERVER_CORE_STATE_SQLITE_STORE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "server/core/state/sqlite_documents.h"
#include "server/core/state/sqlite_file.h"
#include "server/core/state/state_store.h"

namespace relais::state {

class SqliteStore final : public StateStore {
 public:
  // How long a starting gateway waits for one that is still stopping.
  static constexpr absl::Duration kLockWait = absl::Seconds(5);

  // See SqliteFile::Open. ":memory:" lasts as long as the store. `on_lost` is called once, when the
  // file is found to be removed or replaced, and must not use the store.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(const std::string& path,
                                                           absl::Duration lock_wait = kLockWait,
                                                           std::function<void()> on_lost = nullptr);

  absl::StatusOr<std::optional<Entry>> Claim(const Entry& entry) override;
  absl::StatusOr<std::optional<Entry>> Read(std::string_view key) override;
  absl::Status Advance(std::string_view key, Phase phase, absl::Time now) override;
  absl::Status Complete(std::string_view key, std::string_view answer, absl::Time now) override;
  absl::Status Forget(std::string_view key) override;
  absl::StatusOr<std::vector<Entry>> Unfinished() override;
  absl::StatusOr<std::int64_t> Prune(absl::Time time, std::int64_t most) override;
  bool InPlace() override;

  // In the same file; it lives as long as the store.
  DocumentStore& documents() { return documents_; }

 private:
  SqliteStore(std::unique_ptr<SqliteFile> file, std::function<void()> on_lost)
      : on_lost_(std::move(on_lost)),
        file_(std::move(file)),
        documents_(*file_, mu_, [this] { return CheckInPlace(); }) {}

  absl::Status PrepareStatements();
  absl::StatusOr<std::optional<Entry>> ReadLocked(std::string_view key);
  absl::Status CheckAdvanced(SqliteStatement::Use& use);
  absl::Status CheckInPlace();

  const std::function<void()> on_lost_;
  std::mutex mu_;
  bool in_place_ = true;  // under mu_
  // Under mu_, statements before their file:
  const std::unique_ptr<SqliteFile> file_;
  SqliteStatement insert_;
  SqliteStatement read_;
  SqliteStatement advance_;
  SqliteStatement complete_;
  SqliteStatement forget_;
  SqliteStatement unfinished_;
  SqliteStatement prune_;

  SqliteDocuments documents_;  // takes mu_ itself
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_SQLITE_STORE_H_
