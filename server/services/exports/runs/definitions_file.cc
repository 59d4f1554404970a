#include "server/services/exports/runs/definitions_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "server/config/file_reader.h"
#include "server/config/problems.h"
#include "server/config/yaml/tree.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/names.h"
#include "server/services/exports/runs/definitions.h"

namespace relais::exports {
namespace {

using config::YamlNode;
using nlohmann::json;

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

// A scalar as JSON has it. Numbers may stand as texts: the fields know what they are.
json ScalarOf(const YamlNode& node) {
  if (node.style == YamlNode::Style::kPlain && (node.text == "true" || node.text == "false"))
    return node.text == "true";
  return node.text;
}

json JsonOf(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kScalar:
      return ScalarOf(node);
    case YamlNode::Kind::kList: {
      json list = json::array();
      for (const YamlNode* item : node.items) list.push_back(JsonOf(*item));
      return list;
    }
    case YamlNode::Kind::kSection: {
      json section = json::object();
      for (const config::YamlEntry& entry : node.entries) section[entry.key] = JsonOf(*entry.value);
      return section;
    }
  }
  return nullptr;
}

// The section `exports` of the file.
const YamlNode* ExportsIn(const YamlNode* root) {
  if (root == nullptr || root->kind != YamlNode::Kind::kSection || root->entries.size() != 1 ||
      root->entries.front().key != "exports" ||
      root->entries.front().value->kind == YamlNode::Kind::kScalar ||
      root->entries.front().value->kind == YamlNode::Kind::kList)
    return nullptr;
  return root->entries.front().value;
}

void ReadDefinition(const config::YamlEntry& entry, config::Problems& problems,
                    std::map<std::string, v1::Export>& definitions) {
  const std::string path = absl::StrCat("exports.", entry.key);
  if (!IsExportId(entry.key)) {
    return problems.Add(entry.position, path,
                        "must be a lower-case letter, then lower-case letters, digits or \"-\", at "
                        "most 63.");
  }
  v1::Export definition;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      JsonOf(*entry.value).dump(-1, ' ', false, json::error_handler_t::replace), &definition);
  if (!parsed.ok()) {
    return problems.Add(entry.position, path,
                        absl::StrCat("is no definition: ", std::string(parsed.message())));
  }
  definition.set_name(absl::StrCat("exports/", entry.key));
  if (!definitions.emplace(entry.key, std::move(definition)).second)
    problems.Add(entry.position, path, "is there twice.");
}

}  // namespace

absl::StatusOr<std::map<std::string, v1::Export>> ParseDefinitions(const std::string& name,
                                                                   std::string_view text) {
  config::YamlTree tree(name);
  config::Problems problems;
  config::ParseYaml(text, tree, problems);
  std::map<std::string, v1::Export> definitions;
  if (problems.empty()) {
    const YamlNode* const exports = ExportsIn(tree.root());
    if (exports == nullptr) {
      problems.Add({}, "exports", "must be a section, and the only one of the file.");
    } else {
      for (const config::YamlEntry& entry : exports->entries)
        ReadDefinition(entry, problems, definitions);
    }
  }
  if (!problems.empty()) return problems.ToStatus(tree.sources());
  return definitions;
}

absl::Status ApplyDefinitions(Connection& connection,
                              const std::map<std::string, v1::Export>& definitions) {
  auto kept = connection.book.ListExports();
  if (!kept.ok()) return kept.status();
  std::map<std::string, KeptExport> before;
  for (KeptExport& one : *kept) before.emplace(one.id(), std::move(one));
  std::string problems;
  for (const auto& [id, definition] : definitions) {
    const auto found = before.find(id);
    absl::Status status = Validate(connection, definition, absl::StrCat("exports.", id));
    if (found != before.end() && found->second.definition().origin() != v1::Export::ORIGIN_FILE)
      status = absl::AlreadyExistsError(absl::StrCat("exports.", id, ": a caller has made it."));
    if (status.ok()) continue;
    const ErrorDetails details = DetailsOf(status);
    if (details.violations.empty())
      absl::StrAppend(&problems, "exports.", id, ": ", status.message(), "\n");
    for (const Violation& violation : details.violations)
      absl::StrAppend(&problems, violation.field, ": ", violation.description, "\n");
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  const absl::Time now = connection.shared.scheduler.Wall();
  for (const auto& [id, definition] : definitions) {
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
    if (one.definition().origin() != v1::Export::ORIGIN_FILE || definitions.count(id) > 0) continue;
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
  auto file = config::ReadSmallFile(path, kLargestFile);
  if (!file.ok())
    return absl::InvalidArgumentError(absl::StrCat(path, " ", file.status().message()));
  const std::string digest = Sha256Hex(file->content);
  if (digest == seen_) return absl::OkStatus();
  const std::string name = path.substr(path.rfind('/') + 1);
  absl::Status applied;
  if (auto definitions = ParseDefinitions(name, file->content); definitions.ok())
    applied = ApplyDefinitions(connection_, *definitions);
  else
    applied = definitions.status();
  // What is wrong with the file stays so until it changes; all else, such as a full disk, may pass.
  if (applied.ok() || absl::IsInvalidArgument(applied)) seen_ = digest;
  return applied;
}

}  // namespace relais::exports
