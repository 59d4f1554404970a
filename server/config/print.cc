#include "server/config/print.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/config/forms/key_rules.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Always quoted, so that no text is taken for a number or a boolean.
std::string QuoteYaml(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

class Printer {
 public:
  void PrintSection(const Message& message, int depth);
  std::string TakeText() { return std::move(text_); }

 private:
  void PrintField(const Message& message, const FieldDescriptor& field, int depth);
  void PrintMap(const Message& message, const FieldDescriptor& field, int depth);
  void PrintList(const Message& message, const FieldDescriptor& field, int depth);
  void PrintLine(int depth, std::string_view key, const std::string& value) {
    absl::StrAppend(&text_, std::string(2 * depth, ' '), View(key), ":", value.empty() ? "" : " ",
                    value, "\n");
  }

  std::string text_;
};

std::string ScalarText(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return QuoteYaml(reflection->GetString(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return ShortEnumName(*reflection->GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      google::protobuf::Duration duration;
      duration.CopyFrom(reflection->GetMessage(message, &field));
      return FormatDuration(duration);
    }
    default:
      return absl::StrCat(reflection->GetInt32(message, &field));
  }
}

// An unspecified enum and an absent section are written by leaving them out.
bool IsOmitted(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) return false;
  if (field.has_presence()) return !reflection->HasField(message, &field);
  return field.enum_type() != nullptr && reflection->GetEnumValue(message, &field) == 0;
}

void Printer::PrintSection(const Message& message, int depth) {
  for (const FieldDescriptor* field : FieldsOf(*message.GetDescriptor())) {
    if (!IsOmitted(message, *field)) PrintField(message, *field, depth);
  }
}

void Printer::PrintField(const Message& message, const FieldDescriptor& field, int depth) {
  if (field.is_map()) return PrintMap(message, field, depth);
  if (field.is_repeated()) return PrintList(message, field, depth);
  if (!IsSection(field)) return PrintLine(depth, field.name(), ScalarText(message, field));
  PrintLine(depth, field.name(), "");
  PrintSection(message.GetReflection()->GetMessage(message, &field), depth + 1);
}

void Printer::PrintMap(const Message& message, const FieldDescriptor& field, int depth) {
  const auto* reflection = message.GetReflection();
  std::map<std::string, const Message*> sorted;
  for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, &field, i);
    const auto* keys = entry.GetReflection();
    sorted[keys->GetString(entry, field.message_type()->map_key())] =
        &keys->GetMessage(entry, field.message_type()->map_value());
  }
  PrintLine(depth, field.name(), sorted.empty() ? "{}" : "");
  for (const auto& [key, value] : sorted) {
    PrintLine(depth + 1, key, "");
    PrintSection(*value, depth + 2);
  }
}

void Printer::PrintList(const Message& message, const FieldDescriptor& field, int depth) {
  const auto* reflection = message.GetReflection();
  const int size = reflection->FieldSize(message, &field);
  PrintLine(depth, field.name(), size == 0 ? "[]" : "");
  for (int i = 0; i < size; ++i) {
    const std::string item = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING
                                 ? QuoteYaml(reflection->GetRepeatedString(message, &field, i))
                                 : absl::StrCat(reflection->GetRepeatedInt32(message, &field, i));
    absl::StrAppend(&text_, std::string(2 * (depth + 1), ' '), "- ", item, "\n");
  }
}

}  // namespace

std::string PrintConfig(const v1::Config& config) {
  Printer printer;
  printer.PrintSection(config, 0);
  return printer.TakeText();
}

}  // namespace relais::config
