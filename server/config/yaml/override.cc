#include "server/config/yaml/override.h"

#include <server/config/root.pb.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/config/forms/key_rules.h"
#include "server/core/base/text/nearest.h"

namespace relais::config {
namespace {

std::string VariableName(const std::vector<std::string>& keys) {
  const std::string path = absl::StrReplaceAll(absl::StrJoin(keys, "__"), {{"-", "_"}});
  return std::string(kVariablePrefix) + absl::AsciiStrToUpper(path);
}

// False if `node` has a value of its own; the reader reports it where it stands.
bool EnterSection(YamlNode& node) {
  if (node.kind == YamlNode::Kind::kNull) node.kind = YamlNode::Kind::kSection;
  return node.kind == YamlNode::Kind::kSection;
}

}  // namespace

void Override::Apply(const std::vector<std::string>& segments, const std::string& value) {
  if (tree_.root() == nullptr) tree_.set_root(NewNode(YamlNode::Kind::kNull));
  const Descriptor* section = v1::Config::descriptor();
  YamlNode* node = tree_.root();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Field* field = FindField(*section, segments[i]);
    if (field == nullptr || !EnterSection(*node)) return;
    const bool last = i + 1 == segments.size();
    if (!IsSection(*field)) {
      return last ? SetValue(*node, *field, value) : Report("has no keys below it.");
    }
    if (last || (field->is_map() && i + 2 == segments.size())) return ReportSection(*field);
    node = Descend(*node, field->name());
    if (field->is_map()) {
      if (!EnterSection(*node)) return;
      field = field->message_type()->map_value();
      path_.push_back(ConnectionId(segments[++i]));
      node = Descend(*node, path_.back());
    }
    section = field->message_type();
  }
}

YamlNode* Override::NewNode(YamlNode::Kind kind) {
  YamlNode node;
  node.kind = kind;
  node.style = YamlNode::Style::kUntyped;
  node.position = position_;
  return tree_.Add(std::move(node));
}

const google::protobuf::FieldDescriptor* Override::FindField(const Descriptor& section,
                                                             const std::string& segment) {
  const bool variable = spelling_ == Spelling::kVariable;
  const std::string key = variable ? absl::AsciiStrToLower(segment) : segment;
  const Field* field = FindKey(section, key);
  if (field == nullptr) ReportUnknownKey(section, key);
  path_.push_back(key);
  return field;
}

std::string Override::ConnectionId(const std::string& segment) const {
  if (spelling_ == Spelling::kFile) return segment;
  // A connection id has no "_", so that nothing is lost.
  return absl::StrReplaceAll(absl::AsciiStrToLower(segment), {{"_", "-"}});
}

YamlNode* Override::Descend(YamlNode& section, std::string_view key) {
  for (YamlEntry& entry : section.entries) {
    // A copy, as the original may have an alias elsewhere.
    if (entry.key == key) return entry.value = tree_.Add(YamlNode(*entry.value));
  }
  section.entries.push_back({std::string(key), position_, NewNode(YamlNode::Kind::kNull)});
  return section.entries.back().value;
}

void Override::SetValue(YamlNode& section, const Field& field, const std::string& value) {
  // What is empty would change nothing, and is never what was meant.
  if (value.empty() && !field.is_repeated())
    return Report("is empty; give a value, or leave it out.");
  const auto* oneof = field.real_containing_oneof();
  std::erase_if(section.entries, [&](const YamlEntry& entry) {
    const Field* other = FindKey(*field.containing_type(), entry.key);
    // The other source of a secret gives way, too.
    const bool rival =
        oneof != nullptr && other != nullptr && other->real_containing_oneof() == oneof;
    return entry.key == field.name() || rival;
  });
  YamlNode* node = nullptr;
  if (field.is_repeated()) {
    node = ToList(value);
  } else {
    node = NewNode(YamlNode::Kind::kScalar);
    node->text = value;
  }
  section.entries.push_back({std::string(field.name()), position_, node});
}

YamlNode* Override::ToList(const std::string& value) {
  YamlNode* list = NewNode(YamlNode::Kind::kList);
  for (const absl::string_view item : absl::StrSplit(value, ',', absl::SkipWhitespace())) {
    YamlNode* node = NewNode(YamlNode::Kind::kScalar);
    node->text = std::string(absl::StripAsciiWhitespace(item));
    list->items.push_back(node);
  }
  return list;
}

void Override::Report(std::string_view sentence) {
  problems_.Add(position_, absl::StrJoin(path_, "."), sentence);
}

void Override::ReportSection(const Field& field) {
  const Descriptor& type = *field.message_type();
  if (field.is_map()) return Report("is a section of connections; set a key of one of them.");
  if (IsSecret(type)) {
    return Report("is a secret and cannot be given here; set its env or its file instead.");
  }
  Report(
      absl::StrCat("is a section; set one of its keys: ", absl::StrJoin(KeysOf(type), ", "), "."));
}

void Override::ReportUnknownKey(const Descriptor& section, const std::string& key) {
  const std::vector<std::string> keys = KeysOf(section);
  std::string suggestion = Suggest(key, keys);
  const std::string nearest = Nearest(key, keys);
  if (!nearest.empty() && spelling_ == Spelling::kVariable) {
    std::vector<std::string> meant = path_;
    meant.push_back(nearest);
    suggestion = absl::StrCat("did you mean ", VariableName(meant), "?");
  }
  const std::string name = Quote(key);
  path_.push_back(name.substr(1, name.size() - 2));
  Report(absl::StrCat("unknown key; ", suggestion));
  path_.pop_back();
}

}  // namespace relais::config
