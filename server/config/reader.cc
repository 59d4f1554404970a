#include "server/config/reader.h"

#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/config/forms/key_rules.h"
#include "server/config/yaml/scalar.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

constexpr std::string_view kMergeKey = "<<";

const YamlNode& Nothing() {
  static const YamlNode kNothing;
  return kNothing;
}

// An empty value stands below its key in the text, possibly lines away, so the key's place is
// better.
Position ValuePosition(const YamlNode& node, const Position& key) {
  return node.kind == YamlNode::Kind::kNull ? key : node.position;
}

// Length of what can be a key at the start of `text`. The rest is not shown: in `password:hunter2`,
// without the space that YAML asks for, it is a secret.
std::size_t WordLength(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  std::size_t length = 0;
  while (length < text.size() && length < kLongest &&
         (absl::ascii_isalnum(text[length]) || text[length] == '_' || text[length] == '-')) {
    ++length;
  }
  return length;
}

std::string WithoutTrailingSlashes(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

}  // namespace

void Reader::Read() {
  const YamlNode& root = tree_.root() == nullptr ? Nothing() : *tree_.root();
  ReadSection({root, ValuePosition(root, {}), ""}, config);
}

bool Reader::CountValue(const Position& position) {
  if (++values_ == kMostValues) {
    problems_.Add(position, "",
                  "more than 100000 values, counting an alias every time it is used.");
  }
  return values_ < kMostValues;
}

void Reader::ReadSection(const Place& place, Message& message) {
  if (!CountValue(place.position)) return;
  const auto kind = place.node.kind;
  if (kind != YamlNode::Kind::kSection && kind != YamlNode::Kind::kNull) {
    const std::string found(KindName(place.node));
    problems_.Add(place.node.position, place.path,
                  absl::StrCat("expects a section of keys, not ", found, "."));
    return;
  }
  positions.emplace(place.path, place.position);
  Seen seen;
  for (const YamlEntry& entry : place.node.entries) ReadEntry(entry, place.path, message, seen);
  for (const Field* field : FieldsOf(*message.GetDescriptor())) {
    if (seen.meant.contains(field->name())) continue;
    if (!seen.written.contains(field->name())) FillIn(place.position, place.path, *field, message);
  }
}

void Reader::ReadEntry(const YamlEntry& entry, const std::string& parent, Message& message,
                       Seen& seen) {
  const Field* field = FindKey(*message.GetDescriptor(), entry.key);
  if (field == nullptr) {
    if (CountValue(entry.position)) ReportUnknownKey(entry, parent, message, seen);
    return;
  }
  const auto [first, added] = seen.written.emplace(entry.key, entry.position);
  const std::string path = JoinPath(parent, entry.key);
  if (!added) {
    if (CountValue(entry.position)) {
      problems_.Add(entry.position, path,
                    absl::StrCat("written twice, first at line ", first->second.line, "."));
    }
    return;
  }
  // Of the sources of secrets their reader tells.
  if (const auto* choice = field->real_containing_oneof();
      choice != nullptr && !IsSecret(*message.GetDescriptor()) &&
      message.GetReflection()->HasOneof(message, choice)) {
    const Field* other = message.GetReflection()->GetOneofFieldDescriptor(message, choice);
    problems_.Add(entry.position, path,
                  absl::StrCat("stands beside ", Quote(other->name()), "; give one of them."));
    return;
  }
  ReadField({*entry.value, entry.position, path}, *field, message);
}

void Reader::ReadField(const Place& place, const Field& field, Message& message) {
  if (field.is_map()) return ReadMap(place, field, message);
  if (field.is_repeated()) return ReadList(place, field, message);
  if (!IsSection(field)) return ReadScalar(place, field, message);
  const bool empty = place.node.kind == YamlNode::Kind::kNull;
  if (IsSecret(*field.message_type())) {
    ReadSecret(place, *message.GetReflection()->MutableMessage(&message, &field));
  } else if (!empty || !HasRequiredKeys(*field.message_type())) {
    // `tls:` with all its keys commented out is no TLS.
    ReadSection(place, *message.GetReflection()->MutableMessage(&message, &field));
  }
}

void Reader::ReadMap(const Place& place, const Field& field, Message& message) {
  const auto kind = place.node.kind;
  if (kind != YamlNode::Kind::kSection && kind != YamlNode::Kind::kNull) {
    const std::string found(KindName(place.node));
    problems_.Add(place.node.position, place.path,
                  absl::StrCat("expects a section of connections, not ", found, "."));
    return;
  }
  const auto* entry_type = field.message_type();
  Seen seen;
  for (const YamlEntry& entry : place.node.entries) {
    if (!CountValue(entry.position)) return;
    const auto problem = CheckConnectionId(entry.key);
    const std::string path = JoinPath(place.path, problem ? Quote(entry.key) : entry.key);
    const auto [first, added] = seen.written.emplace(entry.key, entry.position);
    if (problem) {
      problems_.Add(entry.position, place.path, absl::StrCat(Quote(entry.key), " ", *problem));
    } else if (!added) {
      problems_.Add(entry.position, path,
                    absl::StrCat("written twice, first at line ", first->second.line, "."));
    }
    Message* item = message.GetReflection()->AddMessage(&message, &field);
    item->GetReflection()->SetString(item, entry_type->map_key(), entry.key);
    ReadSection({*entry.value, entry.position, path},
                *item->GetReflection()->MutableMessage(item, entry_type->map_value()));
    // It has been read for its problems.
    if (problem || !added) message.GetReflection()->RemoveLast(&message, &field);
  }
}

void Reader::ReadList(const Place& place, const Field& field, Message& message) {
  if (place.node.kind == YamlNode::Kind::kNull) return;
  if (place.node.kind != YamlNode::Kind::kList) {
    const std::string found(KindName(place.node));
    problems_.Add(place.node.position, place.path,
                  absl::StrCat("expects a list, not ", found, "."));
    return;
  }
  for (std::size_t i = 0; i < place.node.items.size(); ++i) {
    const YamlNode& item = *place.node.items[i];
    ReadScalar({item, item.position, absl::StrCat(place.path, "[", i, "]")}, field, message);
  }
}

void Reader::ReadSecret(const Place& place, Message& message) {
  if (place.node.kind == YamlNode::Kind::kScalar || place.node.kind == YamlNode::Kind::kList) {
    return ReportLiteralSecret(place);
  }
  ReadSection(place, message);
  const std::size_t sources = place.node.entries.size();
  if (sources != 1) {
    problems_.Add(place.position, place.path,
                  absl::StrCat(sources == 0 ? "" : "has more than one source; it ",
                               "needs exactly one of env (the name of an environment variable) or "
                               "file (a path)."));
    return;
  }
  v1::Secret source;
  source.CopyFrom(message);
  const YamlEntry& entry = place.node.entries.front();
  if (source.env().empty() && source.file().empty()) {
    const bool written_empty =
        entry.value->kind == YamlNode::Kind::kScalar && entry.value->text.empty();
    if (written_empty)
      problems_.Add(entry.position, JoinPath(place.path, entry.key), "must not be empty.");
    return;
  }
  secrets.push_back({place.path, ValuePosition(*entry.value, entry.position), std::move(source)});
}

void Reader::ReportLiteralSecret(const Place& place) {
  problems_.Add(
      place.node.position, place.path,
      "is a secret and cannot be written here; write {env: NAME} for an environment variable "
      "or {file: PATH} for a file.");
}

void Reader::ReadScalar(const Place& place, const Field& field, Message& message) {
  const Position position = ValuePosition(place.node, place.position);
  if (!CountValue(position)) return;
  const absl::Status status = SetScalar(place.node, field, message);
  if (!status.ok()) {
    problems_.Add(position, place.path, ToView(status.message()));
    return;
  }
  positions.emplace(place.path, position);
  const v1::Rule::Form form = RuleFor(field).form();
  if (form == v1::Rule::FORM_FILE || form == v1::Rule::FORM_PATH)
    ResolveFile(place, field, message);
  if (form == v1::Rule::FORM_BASE_URL) {
    // The upstream's paths begin with "/".
    message.GetReflection()->SetString(&message, &field, WithoutTrailingSlashes(place.node.text));
  }
}

void Reader::ResolveFile(const Place& place, const Field& field, Message& message) {
  if (place.node.text.empty() || place.node.text == kInMemory) return;
  const std::filesystem::path path(place.node.text);
  // An absolute right side replaces the left.
  const std::string file = (std::filesystem::path(directory_) / path).lexically_normal().string();
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) {
    const int last = reflection->FieldSize(message, &field) - 1;
    reflection->SetRepeatedString(&message, &field, last, file);
  } else {
    reflection->SetString(&message, &field, file);
  }
  // A secret's file is opened when the secret is fetched.
  if (RuleFor(field).form() == v1::Rule::FORM_FILE && !IsSecret(*message.GetDescriptor()))
    files.push_back({place.path, place.node.position, file});
}

void Reader::FillIn(const Position& position, const std::string& parent, const Field& field,
                    Message& message) {
  const v1::Rule& rule = RuleFor(field);
  const std::string path = JoinPath(parent, field.name());
  if (rule.required()) {
    problems_.Add(position, path, "is required.");
  } else if (!rule.initial().empty()) {
    const absl::Status status = SetScalar(rule.initial(), field, message);
    if (!status.ok()) problems_.Add(position, path, ToView(status.message()));
  } else if (!field.is_repeated() && IsSection(field) && !HasRequiredKeys(*field.message_type())) {
    ReadSection({Nothing(), position, path},
                *message.GetReflection()->MutableMessage(&message, &field));
  }
}

void Reader::ReportUnknownKey(const YamlEntry& entry, const std::string& parent,
                              const Message& message, Seen& seen) {
  if (entry.key == kMergeKey) {
    problems_.Add(entry.position, parent,
                  "merge keys (\"<<\") are not supported; write the keys out.");
    return;
  }
  const std::vector<std::string> keys = KeysOf(*message.GetDescriptor());
  const std::size_t end = WordLength(entry.key);
  const std::string word = entry.key.substr(0, end);
  const bool cut = end < entry.key.size();
  const bool colon = cut && entry.key[end] == ':';
  problems_.Add(entry.position, JoinPath(parent, cut ? word + "…" : word),
                colon ? "write a space after the colon."
                      : absl::StrCat("unknown key; ", Suggest(word, keys)));
  // The key that was meant is not missing besides.
  seen.meant.insert(Nearest(word, keys));
}

}  // namespace relais::config
