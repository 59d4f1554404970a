#include "server/config/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/config/forms/key_rules.h"
#include "server/core/base/text/view.h"

namespace relais::config {

// The FileDescriptorSet of root.proto and what it imports, comments included; made by the build.
extern const std::string_view kDescribedRoot;

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

constexpr char kDurationPattern[] = "^[0-9]{1,9}(\\.[0-9]{1,9})?(ms|s|m|h)$";

void AddFiles(std::string_view set, DescriptorPool& pool) {
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromArray(set.data(), static_cast<int>(set.size()))) return;
  for (const auto& file : files.file()) pool.BuildFile(file);
}

// The pool of the compiled-in descriptors has no comments.
const Descriptor* DescribedConfig(const std::vector<Section>& sections, DescriptorPool& pool) {
  AddFiles(kDescribedRoot, pool);
  for (const Section& section : sections) AddFiles(section.described, pool);
  return pool.FindMessageTypeByName("relais.config.v1.Config");
}

// The comment of an element as one paragraph.
template <typename Element>
std::string Comment(const Element& element) {
  google::protobuf::SourceLocation location;
  if (!element.GetSourceLocation(&location)) return "";
  std::string text = location.leading_comments;
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
}

Json Number(std::string_view text) {
  std::int64_t value = 0;
  if (!absl::SimpleAtoi(View(text), &value)) return nullptr;
  return value;
}

Json EnumType(const EnumDescriptor& type) {
  Json values = Json::array();
  for (const std::string& name : EnumNames(type)) values.push_back(name);
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) values.push_back(type.value(i)->name());
  }
  return {{"enum", values}};
}

Json Reference(const Descriptor& message) {
  return {{"$ref", absl::StrCat("#/$defs/", message.name())}};
}

// The type of one value, without description and default.
Json ValueType(const FieldDescriptor& field) {
  const v1::Rule& rule = RuleFor(field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64: {
      Json type = {{"type", "integer"}};
      if (!rule.least().empty()) type["minimum"] = Number(rule.least());
      if (!rule.most().empty()) type["maximum"] = Number(rule.most());
      return type;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumType(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (!IsDuration(*field.message_type())) return Reference(*field.message_type());
      Json type = {{"type", "string"}, {"pattern", kDurationPattern}};
      if (!rule.least().empty()) type["x-minimum"] = rule.least();
      if (!rule.most().empty()) type["x-maximum"] = rule.most();
      return type;
    }
    default: {
      Json type = {{"type", "string"}};
      if (rule.required()) type["minLength"] = 1;
      return type;
    }
  }
}

Json KeyType(const FieldDescriptor& field) {
  if (field.is_map()) {
    return {
        {"type", "object"},
        {"propertyNames", {{"pattern", kConnectionIdPattern}}},
        {"additionalProperties", Reference(*field.message_type()->map_value()->message_type())}};
  }
  if (field.is_repeated()) return {{"type", "array"}, {"items", ValueType(field)}};
  return ValueType(field);
}

Json Default(const FieldDescriptor& field) {
  const std::string& initial = RuleFor(field).initial();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return initial == "true";
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return Number(initial);
    default:
      return initial;
  }
}

Json Property(const FieldDescriptor& field) {
  Json property = {{"description", Comment(field)}};
  property.update(KeyType(field));
  if (!RuleFor(field).initial().empty()) property["default"] = Default(field);
  return property;
}

Json SectionType(const Descriptor& message) {
  Json section = {{"description", Comment(message)}, {"type", "object"}};
  section["additionalProperties"] = false;
  section["properties"] = Json::object();
  Json required = Json::array();
  for (const FieldDescriptor* field : FieldsOf(message)) {
    section["properties"][field->name()] = Property(*field);
    if (RuleFor(*field).required()) required.push_back(field->name());
  }
  if (!required.empty()) section["required"] = required;
  if (IsSecret(message)) {
    section["minProperties"] = 1;
    section["maxProperties"] = 1;
  }
  return section;
}

void AddDefinitions(const Descriptor& message, Json& definitions) {
  for (const FieldDescriptor* field : FieldsOf(message)) {
    if (!IsSection(*field)) continue;
    const Descriptor& type = field->is_map() ? *field->message_type()->map_value()->message_type()
                                             : *field->message_type();
    if (definitions.contains(type.name())) continue;
    definitions[type.name()] = SectionType(type);
    AddDefinitions(type, definitions);
  }
}

}  // namespace

std::string ConfigSchema(const std::vector<Section>& sections) {
  DescriptorPool pool;
  const Descriptor* config = DescribedConfig(sections, pool);
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "Configuration of relaisd"}};
  Json definitions = Json::object();
  if (config != nullptr) {
    schema.update(SectionType(*config));
    AddDefinitions(*config, definitions);
  }
  schema["$defs"] = definitions;
  return schema.dump(2) + "\n";
}

}  // namespace relais::config
