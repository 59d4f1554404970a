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

void CellText::Day(std::int64_t year, int month, int day) {
  Digits(year, 4);
  Character('-');
  Digits(month, 2);
  Character('-');
  Digits(day, 2);
}

void CellText::Clock(int hours, int minutes, int seconds, int nanos) {
  Digits(hours, 2);
  Character(':');
  Digits(minutes, 2);
  Character(':');
  Digits(seconds, 2);
  if (nanos == 0) return;
  Character('.');
  Digits(nanos, 9);
  while (text_[size_ - 1] == '0') --size_;
}

std::string_view CellText::Integer(std::int64_t number) {
  size_ = 0;
  Digits(number, 1);
  return Text();
}

std::string_view CellText::Date(const google::type::Date& date) {
  size_ = 0;
  Day(date.year(), date.month(), date.day());
  return Text();
}

std::string_view CellText::Time(const google::type::TimeOfDay& time) {
  size_ = 0;
  Clock(time.hours(), time.minutes(), time.seconds(), time.nanos());
  return Text();
}

std::string_view CellText::DateTime(const google::type::DateTime& time) {
  size_ = 0;
  Day(time.year(), time.month(), time.day());
  Character('T');
  Clock(time.hours(), time.minutes(), time.seconds(), time.nanos());
  return Text();
}

std::string_view CellText::Instant(const google::protobuf::Timestamp& instant) {
  size_ = 0;
  const absl::CivilSecond civil =
      absl::ToCivilSecond(absl::FromUnixSeconds(instant.seconds()), absl::UTCTimeZone());
  Day(civil.year(), civil.month(), civil.day());
  Character('T');
  Clock(civil.hour(), civil.minute(), civil.second(), instant.nanos());
  Character('Z');
  return Text();
}

}  // namespace relais::gateway
