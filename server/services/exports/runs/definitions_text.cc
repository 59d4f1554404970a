#include "server/services/exports/runs/definitions_text.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "server/core/base/text/view.h"
#include "server/services/exports/names.h"

namespace relais::exports {
namespace {

using config::YamlEntry;
using config::YamlNode;
using nlohmann::json;

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
      for (const YamlEntry& entry : node.entries) section[entry.key] = JsonOf(*entry.value);
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

// What the library says of a JSON that is no definition, with the path it is about: it says
// "(path) key: sentence", "(path): sentence" or "key: sentence".
struct Mismatch {
  std::string path;  // below the definition; may be empty
  std::string sentence;
};

Mismatch MismatchOf(std::string_view message) {
  Mismatch mismatch;
  if (!message.empty() && message.front() == '(') {
    const std::size_t end = message.find(')');
    mismatch.path = std::string(message.substr(1, end - 1));
    message.remove_prefix(std::min(message.size(), end + 1));
  }
  const std::size_t colon = message.find(':');
  if (colon == std::string_view::npos) return {"", std::string(message)};
  const std::string key(absl::StripAsciiWhitespace(View(message.substr(0, colon))));
  if (!key.empty()) mismatch.path = config::JoinPath(mismatch.path, key);
  mismatch.sentence =
      std::string(absl::StripLeadingAsciiWhitespace(View(message.substr(colon + 1))));
  return mismatch;
}

void ReadDefinition(const YamlEntry& entry, const config::YamlTree& tree,
                    config::Problems& problems, std::map<std::string, v1::Export>& definitions) {
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
    const Mismatch mismatch = MismatchOf(std::string(parsed.message()));
    const std::string at = mismatch.path.empty() ? path : config::JoinPath(path, mismatch.path);
    return problems.Add(PlaceOf(tree, at), at,
                        absl::StrCat("is no definition: ", mismatch.sentence));
  }
  definition.set_name(absl::StrCat("exports/", entry.key));
  if (!definitions.emplace(entry.key, std::move(definition)).second)
    problems.Add(entry.position, path, "is there twice.");
}

// "exports", "id", "columns", "2", "field" of "exports.id.columns[2].field".
std::vector<std::string_view> StepsOf(std::string_view path) {
  std::vector<std::string_view> steps;
  while (!path.empty()) {
    const bool bracketed = path.front() == '[';
    const std::size_t end = std::min(path.find_first_of(bracketed ? "]" : ".["), path.size());
    std::string_view step = path.substr(0, end);
    if (bracketed) step.remove_prefix(1);
    steps.push_back(step);
    path.remove_prefix(end);
    const bool closed = !path.empty() && path.front() != '[';
    if (closed) path.remove_prefix(1);
    if (bracketed && !path.empty() && path.front() == '.') path.remove_prefix(1);
  }
  return steps;
}

// Fields may be written as in the proto or as in JSON: display_name, displayName.
bool SameField(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view name) {
    return absl::StrReplaceAll(absl::AsciiStrToLower(View(name)), {{"_", ""}});
  };
  return plain(a) == plain(b);
}

// Of a key that is there twice the last one counts.
const YamlEntry* Find(const YamlNode& section, std::string_view key) {
  const auto& entries = section.entries;
  auto found = std::find_if(entries.rbegin(), entries.rend(),
                            [key](const YamlEntry& entry) { return entry.key == key; });
  if (found == entries.rend()) {
    found = std::find_if(entries.rbegin(), entries.rend(),
                         [key](const YamlEntry& entry) { return SameField(entry.key, key); });
  }
  return found == entries.rend() ? nullptr : &*found;
}

}  // namespace

config::Position PlaceOf(const config::YamlTree& tree, std::string_view path) {
  config::Position place;
  const YamlNode* node = tree.root();
  for (const std::string_view step : StepsOf(path)) {
    if (node == nullptr) break;
    std::size_t index = 0;
    if (node->kind == YamlNode::Kind::kList && absl::SimpleAtoi(View(step), &index) &&
        index < node->items.size()) {
      node = node->items[index];
      place = node->position;
      continue;
    }
    const YamlEntry* const entry =
        node->kind == YamlNode::Kind::kSection ? Find(*node, step) : nullptr;
    if (entry == nullptr) break;
    node = entry->value;
    place = entry->position;
  }
  return place;
}

absl::StatusOr<DefinitionsText> ParseDefinitions(const std::string& name, std::string_view text) {
  auto tree = std::make_unique<config::YamlTree>(name);
  config::Problems problems;
  config::ParseYaml(text, *tree, problems);
  DefinitionsText read;
  if (problems.empty()) {
    const YamlNode* const exports = ExportsIn(tree->root());
    if (exports == nullptr) {
      problems.Add({}, "exports", "must be a section, and the only one of the file.");
    } else {
      for (const YamlEntry& entry : exports->entries)
        ReadDefinition(entry, *tree, problems, read.definitions);
    }
  }
  if (!problems.empty()) return problems.ToStatus(tree->sources());
  read.tree = std::move(tree);
  return read;
}

}  // namespace relais::exports
