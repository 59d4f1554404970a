#include "server/config/forms/key_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relais::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

// "Level" -> "LEVEL_", "LogLevel" -> "LOG_LEVEL_".
std::string EnumPrefix(std::string_view type) {
  std::string prefix;
  for (const char c : type) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(c));
  }
  prefix.push_back('_');
  return prefix;
}

}  // namespace

const v1::Rule& RuleFor(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

bool IsSecret(const Descriptor& message) {
  return message.full_name() == "relais.config.v1.Secret";
}

bool IsDuration(const Descriptor& message) {
  return message.full_name() == "google.protobuf.Duration";
}

bool IsSection(const FieldDescriptor& field) {
  return field.message_type() != nullptr && !IsDuration(*field.message_type());
}

bool HasRequiredKeys(const Descriptor& message) {
  if (IsSecret(message)) return true;
  for (int i = 0; i < message.field_count(); ++i) {
    if (RuleFor(*message.field(i)).required()) return true;
  }
  return false;
}

std::vector<const FieldDescriptor*> FieldsOf(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields;
  if (message.extension_range_count() > 0)
    message.file()->pool()->FindAllExtensions(&message, &fields);
  for (int i = 0; i < message.field_count(); ++i) fields.push_back(message.field(i));
  std::sort(fields.begin(), fields.end(),
            [](const auto* left, const auto* right) { return left->number() < right->number(); });
  return fields;
}

const FieldDescriptor* FindKey(const Descriptor& message, std::string_view key) {
  if (message.extension_range_count() == 0) return message.FindFieldByName(std::string(key));
  for (const FieldDescriptor* field : FieldsOf(message)) {
    if (field->name() == key) return field;
  }
  return nullptr;
}

std::vector<std::string> KeysOf(const Descriptor& message) {
  std::vector<std::string> keys;
  for (const FieldDescriptor* field : FieldsOf(message)) keys.emplace_back(field->name());
  return keys;
}

std::string ShortEnumName(const EnumValueDescriptor& value) {
  const std::string prefix = EnumPrefix(value.type()->name());
  const std::string name(value.name());
  return absl::AsciiStrToLower(name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name);
}

std::vector<std::string> EnumNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(ShortEnumName(*type.value(i)));
  }
  return names;
}

}  // namespace relais::config
