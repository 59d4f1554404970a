// What is kept of exports and their runs, and by what version.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_RUN_BOOK_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_RUN_BOOK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/state/document_store.h"
#include "server/services/exports/runs/stored.pb.h"

namespace relais::exports {

struct KeptExport {
  stored::StoredExport stored;
  std::int64_t version = 0;  // 0: not kept yet

  const v1::Export& definition() const { return stored.export_(); }
  std::string id() const;
};

struct KeptRun {
  stored::StoredRun stored;
  std::int64_t version = 0;

  const v1::ExportRun& run() const { return stored.run(); }
};

// Thread-safe. Functions block for the time of a disk's flush.
class RunBook {
 public:
  explicit RunBook(state::DocumentStore& store) : store_(store) {}  // which outlives it

  absl::StatusOr<std::optional<KeptExport>> FindExport(std::string_view id);
  // By their ids.
  absl::StatusOr<std::vector<KeptExport>> ListExports();
  // Keeps it if its version is the one that is kept, and then has the next. False: it is not.
  absl::StatusOr<bool> Put(KeptExport& kept);
  absl::StatusOr<bool> Remove(const KeptExport& kept);

  absl::StatusOr<std::optional<KeptRun>> FindRun(std::string_view name);
  // Of an export, by the ids of their periods.
  absl::StatusOr<std::vector<KeptRun>> ListRuns(std::string_view export_id);
  // As of exports. Of a run there is one, ever: a second with version 0 is refused.
  absl::StatusOr<bool> Put(KeptRun& kept);
  absl::StatusOr<bool> Remove(const KeptRun& kept);

  // Runs that somebody has to look at, the longest due first.
  absl::StatusOr<std::vector<KeptRun>> DueRuns(absl::Time now, std::int64_t most);
  // When a run is due after `now`, if that is before `until`; else `until`.
  absl::StatusOr<absl::Time> NextDue(absl::Time now, absl::Time until);

 private:
  state::DocumentStore& store_;
};

// When somebody has to look at a run: an owner's lease ends, its time comes, or it has ended long
// enough ago to be forgotten.
absl::Time DueTimeOf(const stored::StoredRun& run);

// How long it is kept after its end.
absl::Duration RetentionOf(const v1::Export& definition);

std::string ExportIdOf(std::string_view name);  // "x" of "exports/x" and "exports/x/runs/y"
std::string RunNameOf(std::string_view export_id, std::string_view period);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_RUN_BOOK_H_
