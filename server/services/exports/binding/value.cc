#include "server/services/exports/binding/value.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "server/core/base/text/number.h"
#include "server/gateway/messages/timestamp.h"

namespace relais::exports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsBoundTimestamp(const FieldDescriptor& field) {
  return field.message_type() == google::protobuf::Timestamp::descriptor();
}
bool IsBoundDate(const FieldDescriptor& field) {
  return field.message_type() == google::type::Date::descriptor();
}

template <typename T>
using BindSetter = void (Reflection::*)(Message*, const FieldDescriptor*, T) const;

template <typename T>
std::string BindNumber(const std::string& text, const FieldDescriptor& field, Message& message,
                       BindSetter<T> set) {
  const std::optional<T> number = ParseNumber<T>(text);
  if (!number) return absl::StrCat("must be a whole number that ", field.name(), " can hold");
  (message.GetReflection()->*set)(&message, &field, *number);
  return "";
}

std::string BindBool(const std::string& text, const FieldDescriptor& field, Message& message) {
  if (text != "true" && text != "false") return "must be true or false";
  message.GetReflection()->SetBool(&message, &field, text == "true");
  return "";
}

std::string BindReal(const std::string& text, const FieldDescriptor& field, Message& message) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !std::isfinite(number)) return "must be a number";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    if (std::abs(number) > std::numeric_limits<float>::max()) return "is too large";
    message.GetReflection()->SetFloat(&message, &field, static_cast<float>(number));
  } else {
    message.GetReflection()->SetDouble(&message, &field, number);
  }
  return "";
}

std::string BindEnum(const std::string& text, const FieldDescriptor& field, Message& message) {
  const auto* value = field.enum_type()->FindValueByName(text);
  if (value == nullptr)
    return absl::StrCat("must be the name of a value of ", field.enum_type()->name());
  message.GetReflection()->SetEnum(&message, &field, value);
  return "";
}

std::string BindTimestamp(const std::string& text, const FieldDescriptor& field, Message& message) {
  absl::Time time;
  if (text.find('T') == text.npos || !absl::ParseTime(absl::RFC3339_full, text, &time, nullptr) ||
      time < absl::FromUnixSeconds(-62135596800) || time >= absl::FromUnixSeconds(253402300800)) {
    return "must be an instant of RFC 3339, e.g. 2024-03-31T04:00:00Z";
  }
  message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(gateway::ToTimestamp(time));
  return "";
}

std::string BindDate(const std::string& text, const FieldDescriptor& field, Message& message) {
  absl::CivilDay day;
  // The form has one length; ParseCivilTime takes signs, spaces and single digits as well.
  if (text.size() != 10 || text.find_first_not_of("0123456789-") != text.npos || text[4] != '-' ||
      text[7] != '-' || !absl::ParseCivilTime(text, &day) || day.year() < 1) {
    return "must be a day, YYYY-MM-DD";
  }
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  message.GetReflection()->MutableMessage(&message, &field)->CopyFrom(date);
  return "";
}

}  // namespace

std::string WhyUnbindable(const FieldDescriptor& field) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) return "must not name bytes";
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsBoundTimestamp(field) ||
      IsBoundDate(field))
    return "";
  return absl::StrCat("must name a field within the ", field.message_type()->name());
}

std::string SetFromText(const std::string& text, const FieldDescriptor& field, Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return BindNumber<std::int32_t>(text, field, message, &Reflection::SetInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return BindNumber<std::int64_t>(text, field, message, &Reflection::SetInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return BindNumber<std::uint32_t>(text, field, message, &Reflection::SetUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return BindNumber<std::uint64_t>(text, field, message, &Reflection::SetUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return BindReal(text, field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return BindBool(text, field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return BindEnum(text, field, message);
    case FieldDescriptor::CPPTYPE_STRING:
      message.GetReflection()->SetString(&message, &field, text);
      return "";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return IsBoundDate(field) ? BindDate(text, field, message)
                                : BindTimestamp(text, field, message);
  }
  return "cannot be bound";
}

}  // namespace relais::exports
