#include "server/services/exports/source/message_cells.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/core/base/text/view.h"
#include "server/gateway/offers/cell_text.h"

namespace relais::exports {
namespace {

using gateway::CellKind;
using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDeepestField = 4;

bool IsTextMap(const FieldDescriptor& field) {
  return field.is_map() &&
         field.message_type()->map_key()->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         field.message_type()->map_value()->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

// What a single value of the field is; none: no cell.
std::optional<CellKind> KindOfField(const FieldDescriptor& field) {
  if (IsTextMap(field)) return CellKind::kText;
  if (field.is_repeated()) {
    const bool text = field.type() == FieldDescriptor::TYPE_STRING;
    return text ? std::optional(CellKind::kText) : std::nullopt;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return CellKind::kBool;
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? std::nullopt
                                                         : std::optional(CellKind::kText);
    case FieldDescriptor::CPPTYPE_ENUM:
      return CellKind::kText;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return CellKind::kDecimal;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::string_view type = field.message_type()->full_name();
      if (type == "google.protobuf.Timestamp") return CellKind::kInstant;
      if (type == "google.type.Date") return CellKind::kDate;
      if (type == "google.type.TimeOfDay") return CellKind::kTime;
      if (type == "google.type.DateTime") return CellKind::kDateTime;
      if (type == "google.protobuf.Duration") return CellKind::kDecimal;
      return std::nullopt;
    }
    default:
      return CellKind::kInteger;
  }
}

// "FAILED" of STATE_FAILED, a value of the enum State.
std::string_view EnumName(const EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(c));
  }
  prefix.push_back('_');
  std::string_view name = value.name();
  if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
  return name;
}

std::string JoinedMap(const Message& message, const FieldDescriptor& field) {
  std::map<std::string, std::string> sorted;
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    sorted[entry.GetReflection()->GetString(entry, field.message_type()->map_key())] =
        entry.GetReflection()->GetString(entry, field.message_type()->map_value());
  }
  std::string text;
  for (const auto& [key, value] : sorted)
    absl::StrAppend(&text, text.empty() ? "" : "; ", key, "=", value);
  return text;
}

std::optional<std::string> ValueInMap(const Message& message, const FieldDescriptor& field,
                                      const std::string& key) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    if (entry.GetReflection()->GetString(entry, field.message_type()->map_key()) == key)
      return entry.GetReflection()->GetString(entry, field.message_type()->map_value());
  }
  return std::nullopt;
}

std::string DecimalText(double number) {
  char digits[400];
  const auto end =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed).ptr;
  return {digits, end};
}

void AddMessageCell(const Message& value, CellKind kind, gateway::CellBlock& rows) {
  gateway::CellText text;
  switch (kind) {
    case CellKind::kInstant:
      return rows.Add(kind, text.Instant(static_cast<const google::protobuf::Timestamp&>(value)));
    case CellKind::kDate:
      return rows.Add(kind, text.Date(static_cast<const google::type::Date&>(value)));
    case CellKind::kTime:
      return rows.Add(kind, text.Time(static_cast<const google::type::TimeOfDay&>(value)));
    case CellKind::kDateTime:
      return rows.Add(kind, text.DateTime(static_cast<const google::type::DateTime&>(value)));
    default: {
      const auto& duration = static_cast<const google::protobuf::Duration&>(value);
      return rows.Add(
          kind, DecimalText(static_cast<double>(duration.seconds()) + duration.nanos() / 1e9));
    }
  }
}

void AddNumber(const Message& message, const FieldDescriptor& field, gateway::CellBlock& rows) {
  const Reflection& reflection = *message.GetReflection();
  gateway::CellText text;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return rows.Add(CellKind::kInteger, text.Integer(reflection.GetInt32(message, &field)));
    case FieldDescriptor::CPPTYPE_INT64:
      return rows.Add(CellKind::kInteger, text.Integer(reflection.GetInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return rows.Add(CellKind::kInteger, text.Integer(reflection.GetUInt32(message, &field)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return rows.Add(CellKind::kInteger, absl::StrCat(reflection.GetUInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return rows.Add(CellKind::kDecimal, DecimalText(reflection.GetFloat(message, &field)));
    default:
      return rows.Add(CellKind::kDecimal, DecimalText(reflection.GetDouble(message, &field)));
  }
}

void AddSingle(const Message& message, const FieldDescriptor& field, CellKind kind,
               gateway::CellBlock& rows) {
  const Reflection& reflection = *message.GetReflection();
  if (field.has_presence() && !reflection.HasField(message, &field)) return rows.AddNull();
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return rows.Add(kind, reflection.GetBool(message, &field) ? "true" : "false");
    case FieldDescriptor::CPPTYPE_STRING:
      return rows.Add(kind, reflection.GetStringReference(message, &field, &scratch));
    case FieldDescriptor::CPPTYPE_ENUM:
      return rows.Add(kind, EnumName(*reflection.GetEnum(message, &field)));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AddMessageCell(reflection.GetMessage(message, &field), kind, rows);
    default:
      return AddNumber(message, field, rows);
  }
}

// The paths of all cells below `type`, in depth.
void CollectPaths(const Descriptor& type, const std::string& prefix, int depth,
                  std::vector<std::string>& paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = absl::StrCat(prefix, field.name());
    if (KindOfField(field)) {
      paths.push_back(path);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
               depth < kDeepestField) {
      CollectPaths(*field.message_type(), path + ".", depth + 1, paths);
    }
  }
}

}  // namespace

std::optional<ItemField> ItemField::Find(const Descriptor& item, std::string_view path) {
  ItemField found;
  const Descriptor* type = &item;
  std::string_view rest = path;
  while (true) {
    const std::size_t dot = rest.find('.');
    const FieldDescriptor* const field = type->FindFieldByName(std::string(rest.substr(0, dot)));
    if (field == nullptr) return std::nullopt;
    found.path_.push_back(field);
    const std::optional<CellKind> kind = KindOfField(*field);
    if (kind && (dot == std::string_view::npos || IsTextMap(*field))) {
      if (dot != std::string_view::npos) found.map_key_ = rest.substr(dot + 1);
      found.column_ = {std::string(path), *kind};
      return found;
    }
    if (kind || dot == std::string_view::npos || field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return std::nullopt;
    type = field->message_type();
    rest.remove_prefix(dot + 1);
  }
}

std::vector<ItemField> ItemField::AllOf(const Descriptor& item) {
  std::vector<std::string> paths;
  CollectPaths(item, "", 0, paths);
  std::vector<ItemField> fields;
  for (const std::string& path : paths) fields.push_back(*Find(item, path));
  return fields;
}

void ItemField::AddCell(const Message& item, gateway::CellBlock& rows) const {
  const Message* message = &item;
  for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
    const Reflection& reflection = *message->GetReflection();
    if (!reflection.HasField(*message, path_[i])) return rows.AddNull();
    message = &reflection.GetMessage(*message, path_[i]);
  }
  const FieldDescriptor& field = *path_.back();
  if (field.is_map()) {
    if (map_key_.empty()) return rows.Add(CellKind::kText, JoinedMap(*message, field));
    const std::optional<std::string> value = ValueInMap(*message, field, map_key_);
    return value ? rows.Add(CellKind::kText, *value) : rows.AddNull();
  }
  if (!field.is_repeated()) return AddSingle(*message, field, column_.kind, rows);
  std::string text;
  for (const std::string& one : TextsOf(*message, std::string(field.name())))
    absl::StrAppend(&text, text.empty() ? "" : "; ", one);
  rows.Add(CellKind::kText, text);
}

std::vector<std::string> TextsOf(const Message& item, const std::string& name) {
  const FieldDescriptor* const field = item.GetDescriptor()->FindFieldByName(name);
  const Reflection& reflection = *item.GetReflection();
  std::vector<std::string> texts;
  const auto add = [&texts](std::string text) {
    if (!text.empty()) texts.push_back(std::move(text));
  };
  if (!field->is_repeated()) {
    add(reflection.GetString(item, field));
    return texts;
  }
  for (int i = 0; i < reflection.FieldSize(item, field); ++i)
    add(reflection.GetRepeatedString(item, field, i));
  return texts;
}

}  // namespace relais::exports
