#include "server/config/yaml/scalar.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/forms/duration.h"
#include "server/config/yaml/text_check.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

bool LooksLikeNumber(std::string_view text) {
  double value = 0;
  const bool starts = !text.empty() && text.find_first_of("0123456789+-.") == 0;
  return starts && absl::SimpleAtod(View(text), &value);
}

std::optional<bool> ToBool(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

absl::StatusOr<bool> ReadBool(const YamlNode& node) {
  if (node.style == YamlNode::Style::kQuoted) {
    return Wrong(Quote(node.text), " is text; write true or false without quotes.");
  }
  if (const auto value = ToBool(node.text)) return *value;
  return Wrong(Quote(node.text), " is not a boolean; write true or false.");
}

absl::Status OutOfRange(std::string_view value, const v1::Rule& rule) {
  return Wrong(View(value), " is out of range; allowed are ", View(rule.least()), " to ",
               View(rule.most()), ".");
}

std::int64_t Bound(std::string_view bound, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  return absl::SimpleAtoi(View(bound), &value) ? value : otherwise;
}

absl::StatusOr<std::int64_t> ReadInteger(const YamlNode& node, const v1::Rule& rule,
                                         std::int64_t least, std::int64_t most) {
  if (node.style == YamlNode::Style::kQuoted) {
    return Wrong(Quote(node.text), " is text; write an integer without quotes.");
  }
  const std::string& text = node.text;
  const std::size_t digits = text.rfind('-', 0) == 0 ? 1 : 0;
  const bool integer =
      text.size() > digits && text.find_first_not_of("0123456789", digits) == std::string::npos;
  if (!integer) return Wrong(Quote(text), " is not an integer.");
  // Some would read it as octal.
  if (text.size() > digits + 1 && text[digits] == '0')
    return Wrong(Quote(text), " begins with 0; write it without.");
  std::int64_t value = 0;
  const bool fits = absl::SimpleAtoi(text, &value);
  if (rule.least().empty()) {
    if (fits && value >= least && value <= most) return value;
    return Wrong(Quote(text), " is out of range; allowed are ", least, " to ", most, ".");
  }
  if (fits && value >= Bound(rule.least(), least) && value <= Bound(rule.most(), most))
    return value;
  return OutOfRange(Quote(text), rule);
}

absl::StatusOr<std::string> ReadText(const YamlNode& node, const v1::Rule& rule) {
  const std::string& text = node.text;
  // What stands where a variable's name should be might be the secret, so its form alone is
  // checked: that message does not repeat it.
  const bool plain =
      node.style == YamlNode::Style::kPlain && rule.form() != v1::Rule::FORM_ENVIRONMENT_NAME;
  if (plain && (LooksLikeNumber(text) || ToBool(text))) {
    return Wrong("expects text, but ", Quote(text), " without quotes is ",
                 ToBool(text) ? "a boolean" : "a number", "; put it in quotes.");
  }
  if (!IsPrintable(text)) return Wrong("contains control characters or invalid UTF-8.");
  if (rule.required() && text.empty()) return Wrong("must not be empty.");
  if (auto problem = CheckForm(rule.form(), text)) return absl::InvalidArgumentError(*problem);
  return text;
}

bool Before(const Duration& a, const Duration& b) {
  return std::pair(a.seconds(), a.nanos()) < std::pair(b.seconds(), b.nanos());
}

absl::StatusOr<Duration> ReadDuration(const YamlNode& node, const v1::Rule& rule) {
  auto value = ParseDuration(node.text);
  if (!value.ok()) return Wrong(Quote(node.text), " ", value.status().message(), ".");
  if (rule.least().empty()) return value;
  const auto least = ParseDuration(rule.least());
  const auto most = ParseDuration(rule.most());
  if (Before(*value, *least) || Before(*most, *value)) return OutOfRange(Quote(node.text), rule);
  return value;
}

absl::StatusOr<const EnumValueDescriptor*> ReadEnum(const YamlNode& node,
                                                    const EnumDescriptor& type) {
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor* value = type.value(i);
    const bool named = absl::EqualsIgnoreCase(node.text, value->name()) ||
                       absl::EqualsIgnoreCase(node.text, ShortEnumName(*value));
    if (named && value->number() != 0) return value;
  }
  const std::vector<std::string> names = EnumNames(type);
  std::string message =
      absl::StrCat(Quote(node.text), " is not one of ", absl::StrJoin(names, ", "));
  const std::string nearest = Nearest(node.text, names);
  if (nearest.empty()) return Wrong(message, ".");
  return Wrong(message, "; did you mean \"", nearest, "\"?");
}

absl::Status SetText(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  auto value = ReadText(node, RuleFor(field));
  if (!value.ok()) return value.status();
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) {
    reflection->AddString(&message, &field, *std::move(value));
  } else {
    reflection->SetString(&message, &field, *std::move(value));
  }
  return absl::OkStatus();
}

template <typename Integer>
absl::StatusOr<Integer> ReadFitting(const YamlNode& node, const FieldDescriptor& field) {
  using Limits = std::numeric_limits<Integer>;
  auto value = ReadInteger(node, RuleFor(field), Limits::min(), Limits::max());
  if (!value.ok()) return value.status();
  return static_cast<Integer>(*value);
}

absl::Status SetInteger(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  const auto* reflection = message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    auto value = ReadFitting<std::int64_t>(node, field);
    if (value.ok()) reflection->SetInt64(&message, &field, *value);
    return value.status();
  }
  auto value = ReadFitting<std::int32_t>(node, field);
  if (!value.ok()) return value.status();
  if (field.is_repeated()) {
    reflection->AddInt32(&message, &field, *value);
  } else {
    reflection->SetInt32(&message, &field, *value);
  }
  return absl::OkStatus();
}

absl::Status SetBool(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  auto value = ReadBool(node);
  if (value.ok()) message.GetReflection()->SetBool(&message, &field, *value);
  return value.status();
}

absl::Status SetEnum(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  auto value = ReadEnum(node, *field.enum_type());
  if (value.ok()) message.GetReflection()->SetEnum(&message, &field, *value);
  return value.status();
}

absl::Status SetDuration(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  auto value = ReadDuration(node, RuleFor(field));
  if (value.ok()) message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(*value);
  return value.status();
}

}  // namespace

absl::Status SetScalar(const YamlNode& node, const FieldDescriptor& field, Message& message) {
  if (node.kind == YamlNode::Kind::kNull) return Wrong("has no value.");
  if (node.kind != YamlNode::Kind::kScalar) {
    return Wrong("expects a single value, not ", View(KindName(node)), ".");
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return SetText(node, field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(node, field, message);
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return SetInteger(node, field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(node, field, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetDuration(node, field, message);
    default:
      return Wrong("has a type that a configuration cannot express.");
  }
}

absl::Status SetScalar(std::string_view text, const FieldDescriptor& field, Message& message) {
  YamlNode node;
  node.kind = YamlNode::Kind::kScalar;
  node.style = YamlNode::Style::kUntyped;
  node.text = std::string(text);
  return SetScalar(node, field, message);
}

}  // namespace relais::config
