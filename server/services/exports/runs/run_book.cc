#include "server/services/exports/runs/run_book.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/gateway/messages/timestamp.h"

namespace relais::exports {
namespace {

constexpr char kExportKind[] = "export";
constexpr char kRunKind[] = "export_run";
constexpr std::int64_t kPage = 1000;
constexpr absl::Duration kDefaultRetention = absl::Hours(24 * 30);

absl::Status Unreadable(std::string_view what) {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway's state holds " << what
         << " that cannot be read; an operator must look at its state file.";
}

template <typename Kept>
absl::StatusOr<Kept> KeptOf(const state::Document& document) {
  Kept kept;
  kept.version = document.version;
  if (!kept.stored.ParseFromString(document.body)) return Unreadable(document.kind);
  return kept;
}

template <typename Kept>
absl::StatusOr<std::optional<Kept>> FindIn(state::DocumentStore& store, const char* kind,
                                           std::string_view key) {
  auto document = store.Find(kind, key);
  if (!document.ok()) return document.status();
  if (!*document) return std::nullopt;
  auto kept = KeptOf<Kept>(**document);
  if (!kept.ok()) return kept.status();
  return *std::move(kept);
}

template <typename Kept>
absl::StatusOr<std::vector<Kept>> ListIn(state::DocumentStore& store, const char* kind,
                                         const std::string& prefix) {
  std::vector<Kept> all;
  std::string after;
  while (true) {
    auto page = store.List(kind, prefix, after, kPage);
    if (!page.ok()) return page.status();
    for (const state::Document& document : *page) {
      auto kept = KeptOf<Kept>(document);
      if (!kept.ok()) return kept.status();
      all.push_back(*std::move(kept));
    }
    if (page->size() < kPage) return all;
    after = page->back().key;
  }
}

template <typename Kept>
absl::StatusOr<bool> PutIn(state::DocumentStore& store, const char* kind, std::string key,
                           absl::Time due, Kept& kept) {
  const auto put = store.Put({.kind = kind,
                              .key = std::move(key),
                              .version = kept.version,
                              .due = due,
                              .body = kept.stored.SerializeAsString()});
  if (put.ok() && *put) ++kept.version;
  return put;
}

// The key of a run: its name without the collections' names.
std::string RunKey(std::string_view name) {
  const std::string id = ExportIdOf(name);
  return absl::StrCat(id, "/", View(name.substr(name.rfind('/') + 1)));
}

}  // namespace

std::string KeptExport::id() const { return ExportIdOf(stored.export_().name()); }

std::string ExportIdOf(std::string_view name) {
  const std::size_t begin = name.find('/') + 1;
  return std::string(name.substr(begin, name.find('/', begin) - begin));
}

std::string RunNameOf(std::string_view export_id, std::string_view period) {
  return absl::StrCat("exports/", View(export_id), "/runs/", View(period));
}

absl::Duration RetentionOf(const v1::Export& definition) {
  const absl::Duration given = config::ToAbsl(definition.retention());
  return given > absl::ZeroDuration() ? given : kDefaultRetention;
}

absl::Time DueTimeOf(const stored::StoredRun& stored) {
  const v1::ExportRun& run = stored.run();
  if (run.ended()) return gateway::ToTime(run.end_time()) + RetentionOf(stored.definition());
  if (!stored.owner().empty()) return gateway::ToTime(stored.lease_until());
  if (run.has_next_attempt_time()) return gateway::ToTime(run.next_attempt_time());
  return gateway::ToTime(run.slot_time());
}

absl::StatusOr<std::optional<KeptExport>> RunBook::FindExport(std::string_view id) {
  return FindIn<KeptExport>(store_, kExportKind, id);
}

absl::StatusOr<std::vector<KeptExport>> RunBook::ListExports() {
  return ListIn<KeptExport>(store_, kExportKind, "");
}

absl::StatusOr<bool> RunBook::Put(KeptExport& kept) {
  return PutIn(store_, kExportKind, kept.id(), absl::InfiniteFuture(), kept);
}

absl::StatusOr<bool> RunBook::Remove(const KeptExport& kept) {
  return store_.Remove(kExportKind, kept.id(), kept.version);
}

absl::StatusOr<std::optional<KeptRun>> RunBook::FindRun(std::string_view name) {
  return FindIn<KeptRun>(store_, kRunKind, RunKey(name));
}

absl::StatusOr<std::vector<KeptRun>> RunBook::ListRuns(std::string_view export_id) {
  return ListIn<KeptRun>(store_, kRunKind, absl::StrCat(View(export_id), "/"));
}

absl::StatusOr<bool> RunBook::Put(KeptRun& kept) {
  return PutIn(store_, kRunKind, RunKey(kept.run().name()), DueTimeOf(kept.stored), kept);
}

absl::StatusOr<bool> RunBook::Remove(const KeptRun& kept) {
  return store_.Remove(kRunKind, RunKey(kept.run().name()), kept.version);
}

absl::StatusOr<std::vector<KeptRun>> RunBook::DueRuns(absl::Time now, std::int64_t most) {
  auto documents = store_.Due(kRunKind, now, most);
  if (!documents.ok()) return documents.status();
  std::vector<KeptRun> runs;
  for (const state::Document& document : *documents) {
    auto kept = KeptOf<KeptRun>(document);
    if (!kept.ok()) return kept.status();
    runs.push_back(*std::move(kept));
  }
  return runs;
}

absl::StatusOr<absl::Time> RunBook::NextDue(absl::Time now, absl::Time until) {
  auto documents = store_.Due(kRunKind, until, kPage);
  if (!documents.ok()) return documents.status();
  for (const state::Document& document : *documents) {
    if (document.due > now) return document.due;
  }
  return until;
}

}  // namespace relais::exports
