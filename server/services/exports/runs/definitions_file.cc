#include "server/services/exports/runs/definitions_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/problems.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"
#include "server/core/os/small_file.h"
#include "server/services/exports/runs/definitions.h"

namespace relais::exports {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

absl::StatusOr<std::string> ContentOf(const std::string& path) {
  auto file = ReadSmallFile(path, kLargestFile);
  if (file.ok()) return std::move(file->content);
  return absl::InvalidArgumentError(absl::StrCat("exports.definitions_file: the file ",
                                                 config::Quote(path), " ", file.status().message(),
                                                 "."));
}

// Adds what keeps a definition from being taken over, each at its place.
void AddProblems(const absl::Status& status, const std::string& path, const config::YamlTree& tree,
                 config::Problems& problems) {
  const ErrorDetails details = DetailsOf(status);
  for (const Violation& violation : details.violations)
    problems.Add(PlaceOf(tree, violation.field), violation.field, violation.description);
  if (!status.ok() && details.violations.empty())
    problems.Add(PlaceOf(tree, path), path, ToView(status.message()));
}

// What is wrong with definitions of the file, whatever exports there are.
void ValidateAll(Connection& connection, const DefinitionsText& text, config::Problems& problems) {
  for (const auto& [id, definition] : text.definitions) {
    const std::string path = absl::StrCat("exports.", id);
    const absl::Status status = Validate(connection, definition, path);
    // All that is told without a field is about what is read.
    const bool of_source = DetailsOf(status).violations.empty();
    AddProblems(status, of_source ? path + ".source" : path, *text.tree, problems);
  }
}

}  // namespace

absl::Status CheckDefinitionsFile(Connection& connection) {
  const std::string& path = connection.settings.definitions_file();
  if (path.empty()) return absl::OkStatus();
  const auto content = ContentOf(path);
  if (!content.ok()) return content.status();
  const auto text = ParseDefinitions(path, *content);
  if (!text.ok()) return text.status();
  config::Problems problems;
  ValidateAll(connection, *text, problems);
  return problems.ToStatus(text->tree->sources());
}

absl::Status ApplyDefinitions(Connection& connection, const DefinitionsText& text) {
  auto kept = connection.book.ListExports();
  if (!kept.ok()) return kept.status();
  std::map<std::string, KeptExport> before;
  for (KeptExport& one : *kept) before.emplace(one.id(), std::move(one));
  config::Problems problems;
  ValidateAll(connection, text, problems);
  for (const auto& [id, definition] : text.definitions) {
    const auto found = before.find(id);
    if (found == before.end() || found->second.definition().origin() == v1::Export::ORIGIN_FILE)
      continue;
    const std::string path = absl::StrCat("exports.", id);
    problems.Add(PlaceOf(*text.tree, path), path, "is the id of an export that a caller has made.");
  }
  if (!problems.empty()) return problems.ToStatus(text.tree->sources());
  const absl::Time now = connection.shared.scheduler.Wall();
  for (const auto& [id, definition] : text.definitions) {
    absl::Status status;
    if (before.count(id) == 0) {
      status = Create(connection, id, definition, v1::Export::ORIGIN_FILE).status();
    } else if (before.at(id).definition().etag() != EtagOf(definition)) {
      status = Change(connection, id, [&, &next = definition](KeptExport& found) {
                 Redefine(found, next, now);
                 return absl::OkStatus();
               }).status();
    }
    if (!status.ok()) return status;
  }
  for (auto& [id, one] : before) {
    if (one.definition().origin() != v1::Export::ORIGIN_FILE || text.definitions.count(id) > 0)
      continue;
    if (absl::Status status = Delete(connection, std::move(one)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Without a file, what stood in one is the callers' to change and to delete.
absl::Status DefinitionsFile::LeaveToCallers() {
  auto kept = connection_.book.ListExports();
  if (!kept.ok()) return kept.status();
  for (const KeptExport& one : *kept) {
    if (one.definition().origin() != v1::Export::ORIGIN_FILE) continue;
    auto changed = Change(connection_, one.id(), [](KeptExport& found) {
      found.stored.mutable_export_()->set_origin(v1::Export::ORIGIN_API);
      return absl::OkStatus();
    });
    if (!changed.ok()) return changed.status();
  }
  seen_ = "none";
  return absl::OkStatus();
}

absl::Status DefinitionsFile::Look() {
  const std::string& path = connection_.settings.definitions_file();
  if (path.empty()) return seen_.empty() ? LeaveToCallers() : absl::OkStatus();
  const auto content = ContentOf(path);
  if (!content.ok()) return content.status();
  const std::string digest = Sha256Hex(*content);
  if (digest == seen_) return absl::OkStatus();
  const auto text = ParseDefinitions(path, *content);
  absl::Status applied = text.ok() ? ApplyDefinitions(connection_, *text) : text.status();
  // What is wrong with the file stays so until it changes; all else, such as a full disk, may pass.
  if (applied.ok() || absl::IsInvalidArgument(applied)) seen_ = digest;
  return applied;
}

}  // namespace relais::exports
