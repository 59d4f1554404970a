#include "server/gateway/offers/cell_text.h"

#include <algorithm>
#include <charconv>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace relais::gateway {

void CellText::Digits(std::int64_t number, int width) {
  char digits[24];
  const char* const end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  for (int have = static_cast<int>(end - digits); have < width; ++have) Character('0');
  size_ =
      static_cast<std::size_t>(std::copy(digits, digits + (end - digits), text_ + size_) - text_);
}

inline void CellText::TwoDigits(int number) {
  if (number < 0 || number > 99) return Digits(number, 2);
  Character(static_cast<char>('0' + number / 10));
  Character(static_cast<char>('0' + number % 10));
}

void CellText::Append(const Day& day) {
  Digits(day.year, 4);
  Character('-');
  TwoDigits(day.month);
  Character('-');
  TwoDigits(day.day);
}

void CellText::Append(const Clock& clock) {
  TwoDigits(clock.hours);
  Character(':');
  TwoDigits(clock.minutes);
  Character(':');
  TwoDigits(clock.seconds);
  if (clock.nanos == 0) return;
  Character('.');
  Digits(clock.nanos, 9);
  while (text_[size_ - 1] == '0') --size_;
}

std::string_view CellText::Integer(std::int64_t number) {
  return {text_,
          static_cast<std::size_t>(std::to_chars(text_, text_ + kLongest, number).ptr - text_)};
}

std::string_view CellText::Date(const Day& day) {
  size_ = 0;
  Append(day);
  return Text();
}

std::string_view CellText::Date(const google::type::Date& date) {
  return Date({date.year(), date.month(), date.day()});
}

std::string_view CellText::Time(const Clock& clock) {
  size_ = 0;
  Append(clock);
  return Text();
}

std::string_view CellText::Time(const google::type::TimeOfDay& time) {
  return Time({time.hours(), time.minutes(), time.seconds(), time.nanos()});
}

std::string_view CellText::DateTime(const Day& day, const Clock& clock) {
  size_ = 0;
  Append(day);
  Character('T');
  Append(clock);
  return Text();
}

std::string_view CellText::DateTime(const google::type::DateTime& time) {
  return DateTime({time.year(), time.month(), time.day()},
                  {time.hours(), time.minutes(), time.seconds(), time.nanos()});
}

std::string_view CellText::Instant(const google::protobuf::Timestamp& instant) {
  size_ = 0;
  const absl::CivilSecond civil =
      absl::ToCivilSecond(absl::FromUnixSeconds(instant.seconds()), absl::UTCTimeZone());
  Append(Day{civil.year(), civil.month(), civil.day()});
  Character('T');
  Append(Clock{civil.hour(), civil.minute(), civil.second(), instant.nanos()});
  Character('Z');
  return Text();
}

}  // namespace relais::gateway
