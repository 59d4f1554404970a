#include "server/services/recordsql/query/value.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"

namespace relais::recordsql {
namespace {

using v1::Value;

bool IsDay(int year, int month, int day) {
  if (year < 1 || year > 9999) return false;
  const absl::CivilDay civil(year, month, day);  // normalises what is no day
  return civil.year() == year && civil.month() == month && civil.day() == day;
}

bool IsTime(int hours, int minutes, int seconds) {
  return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
}

absl::Status Invalid(std::string_view text) { return absl::InvalidArgumentError(View(text)); }

absl::StatusOr<std::string> DateText(const google::type::Date& date) {
  if (!IsDay(date.year(), date.month(), date.day())) return Invalid("not a day of the calendar");
  return absl::StrFormat("%04d%02d%02d", date.year(), date.month(), date.day());
}

absl::StatusOr<std::string> DateTimeText(const google::type::DateTime& time) {
  if (time.time_offset_case() != google::type::DateTime::TIME_OFFSET_NOT_SET) {
    return Invalid("must have no zone: the ERP's times are local");
  }
  if (!IsDay(time.year(), time.month(), time.day()) ||
      !IsTime(time.hours(), time.minutes(), time.seconds()) || time.nanos() != 0) {
    return Invalid("not a day and time of day in whole seconds");
  }
  return absl::StrFormat("%04d%02d%02d%02d%02d%02d", time.year(), time.month(), time.day(),
                         time.hours(), time.minutes(), time.seconds());
}

absl::StatusOr<std::string> TimeText(const google::type::TimeOfDay& time) {
  if (!IsTime(time.hours(), time.minutes(), time.seconds()) || time.nanos() != 0) {
    return Invalid("not a time of day in whole seconds");
  }
  return absl::StrFormat("%02d%02d%02d", time.hours(), time.minutes(), time.seconds());
}

bool IsDigits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

bool IsWhole(std::string_view text) { return IsDecimal(text) && text.find('.') == text.npos; }

// Why `value`, whose upstream text is `text`, does not suit `type`; empty when it does. Text suits
// a type whose notation it is in, so that callers need not convert what they already have.
std::string_view Misfit(const Value& value, const std::string& text, v1::ValueType type) {
  const auto kind = value.kind_case();
  const bool is_text = kind == Value::kStringValue;
  switch (type) {
    case v1::VALUE_TYPE_INTEGER:
      return IsWhole(text) && kind != Value::kDateValue ? "" : "must be a whole number";
    case v1::VALUE_TYPE_DECIMAL:
      return IsDecimal(text) && kind != Value::kDateValue ? "" : "must be a number";
    case v1::VALUE_TYPE_DATE:
      return kind == Value::kDateValue || (is_text && IsDigits(text, 8))
                 ? ""
                 : "must be a date_value, or text in the form YYYYMMDD";
    case v1::VALUE_TYPE_DATE_TIME:
      return kind == Value::kDateTimeValue || (is_text && IsDigits(text, 14))
                 ? ""
                 : "must be a date_time_value, or text in the form YYYYMMDDHHMMSS";
    case v1::VALUE_TYPE_TIME:
      return kind == Value::kTimeValue || (is_text && IsDigits(text, 6))
                 ? ""
                 : "must be a time_value, or text in the form HHMMSS";
    case v1::VALUE_TYPE_BOOL:
      return text == "0" || text == "1" ? "" : "must be a bool_value";
    default:
      return "";
  }
}

absl::StatusOr<std::string> CheckedText(const Value& value, v1::ValueType type) {
  absl::StatusOr<std::string> text = UpstreamText(value);
  if (!text.ok()) return text;
  if (const std::string_view misfit = Misfit(value, *text, type); !misfit.empty())
    return Invalid(misfit);
  return text;
}

}  // namespace

bool IsDecimal(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  if (whole.empty() || whole.size() > 38 || !IsDigits(whole, whole.size())) return false;
  if (dot == std::string_view::npos) return true;
  const std::string_view part = text.substr(dot + 1);
  return !part.empty() && part.size() <= 38 && IsDigits(part, part.size());
}

absl::StatusOr<std::string> UpstreamText(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      if (HasControl(value.string_value())) return Invalid("must not contain control characters");
      return value.string_value();
    case Value::kIntegerValue:
      return absl::StrCat(value.integer_value());
    case Value::kDecimalValue:
      if (!IsDecimal(value.decimal_value()))
        return Invalid("not a decimal number such as \"-12.50\"");
      return value.decimal_value();
    case Value::kDateValue:
      return DateText(value.date_value());
    case Value::kDateTimeValue:
      return DateTimeText(value.date_time_value());
    case Value::kTimeValue:
      return TimeText(value.time_value());
    case Value::kBoolValue:
      return std::string(value.bool_value() ? "1" : "0");
    case Value::kNullValue:
      return Invalid("must not be null; use OPERATOR_IS_NULL");
    case Value::KIND_NOT_SET:
      return Invalid("is missing");
  }
  return Invalid("is of an unknown kind");
}

absl::StatusOr<std::string> ParameterText(const Value& value, v1::ValueType type) {
  absl::StatusOr<std::string> text = CheckedText(value, type);
  if (text.ok() && text->find(';') != std::string::npos) {
    return Invalid("must not contain \";\", which the upstream cannot tell from a separator");
  }
  return text;
}

absl::StatusOr<std::string> SqlLiteral(const Value& value, v1::ValueType type) {
  absl::StatusOr<std::string> text = CheckedText(value, type);
  if (!text.ok()) return text;
  const auto kind = value.kind_case();
  const bool number = kind == Value::kIntegerValue || kind == Value::kDecimalValue ||
                      kind == Value::kBoolValue || type == v1::VALUE_TYPE_INTEGER ||
                      type == v1::VALUE_TYPE_DECIMAL;
  // A number compared with a text column would make the upstream convert the column: quote it then.
  return number && type != v1::VALUE_TYPE_STRING ? *text : QuoteSql(*text);
}

std::string QuoteSql(std::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(View(text), {{"'", "''"}}), "'");
}

}  // namespace relais::recordsql
