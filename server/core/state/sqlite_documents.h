// The DocumentStore in a table of the state file.

#ifndef RELAIS_SERVER_CORE_STATE_SQLITE_DOCUMENTS_H_
#define RELAIS_SERVER_CORE_STATE_SQLITE_DOCUMENTS_H_

#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "server/core/state/document_store.h"
#include "server/core/state/sqlite_file.h"

namespace relais::state {

class SqliteDocuments final : public DocumentStore {
 public:
  // `mu` guards the file, which outlives this, as it does; `in_place` is asked before every change,
  // under `mu`.
  SqliteDocuments(SqliteFile& file, std::mutex& mu, std::function<absl::Status()> in_place)
      : file_(file), mu_(mu), in_place_(std::move(in_place)) {}

  absl::Status Prepare();

  absl::StatusOr<bool> Put(const Document& document) override;
  absl::StatusOr<bool> Remove(std::string_view kind, std::string_view key,
                              std::int64_t version) override;
  absl::StatusOr<std::optional<Document>> Find(std::string_view kind,
                                               std::string_view key) override;
  absl::StatusOr<std::vector<Document>> List(std::string_view kind, std::string_view prefix,
                                             std::string_view after, std::int64_t most) override;
  absl::StatusOr<std::vector<Document>> Due(std::string_view kind, absl::Time time,
                                            std::int64_t most) override;

 private:
  absl::StatusOr<bool> Changed(SqliteStatement::Use& use);
  absl::StatusOr<std::vector<Document>> All(SqliteStatement::Use& use);

  SqliteFile& file_;
  std::mutex& mu_;
  const std::function<absl::Status()> in_place_;
  // Under mu_:
  SqliteStatement insert_;
  SqliteStatement update_;
  SqliteStatement remove_;
  SqliteStatement find_;
  SqliteStatement list_;
  SqliteStatement due_;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_SQLITE_DOCUMENTS_H_
