#include "server/services/exports/format/time_text.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "server/core/base/text/view.h"

namespace relais::exports {
namespace {

// Takes `size` digits off `text`.
bool TakeDigits(std::string_view& text, std::size_t size, int& number) {
  if (text.size() < size) return false;
  number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(size);
  return true;
}

bool TakeCharacter(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

int DaysOfMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool TakeDay(std::string_view& text, WallTime& wall) {
  if (!TakeDigits(text, 4, wall.year) || !TakeCharacter(text, '-') ||
      !TakeDigits(text, 2, wall.month) || !TakeCharacter(text, '-') ||
      !TakeDigits(text, 2, wall.day))
    return false;
  if (wall.year < 1 || wall.month < 1 || wall.month > 12 || wall.day < 1) return false;
  return wall.day <= DaysOfMonth(wall.year, wall.month);
}

bool TakeFraction(std::string_view& text, int& nanos) {
  nanos = 0;
  if (!TakeCharacter(text, '.')) return true;
  int digits = 0;
  for (; digits < 9 && !text.empty(); ++digits) {
    int digit = 0;
    if (!TakeDigits(text, 1, digit)) break;
    nanos = nanos * 10 + digit;
  }
  for (int i = digits; i < 9; ++i) nanos *= 10;
  return digits > 0;
}

bool TakeTime(std::string_view& text, WallTime& wall) {
  if (!TakeDigits(text, 2, wall.hour) || !TakeCharacter(text, ':') ||
      !TakeDigits(text, 2, wall.minute))
    return false;
  wall.second = 0;
  if (TakeCharacter(text, ':') && !TakeDigits(text, 2, wall.second)) return false;
  return TakeFraction(text, wall.nanos) && wall.hour < 24 && wall.minute < 60 && wall.second < 60;
}

// "Z" or "+hh:mm"; `minutes` is the offset.
bool TakeOffset(std::string_view& text, int& minutes) {
  minutes = 0;
  if (TakeCharacter(text, 'Z')) return true;
  const bool west = TakeCharacter(text, '-');
  if (!west && !TakeCharacter(text, '+')) return false;
  int hours = 0;
  int rest = 0;
  if (!TakeDigits(text, 2, hours)) return false;
  TakeCharacter(text, ':');
  if (!TakeDigits(text, 2, rest) || hours > 23 || rest > 59) return false;
  minutes = (hours * 60 + rest) * (west ? -1 : 1);
  return true;
}

absl::CivilSecond CivilOf(const WallTime& wall) {
  return absl::CivilSecond(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second);
}

absl::Time AtZone(const WallTime& wall, absl::TimeZone zone) {
  return absl::FromCivil(CivilOf(wall), zone) + absl::Nanoseconds(wall.nanos);
}

// Makes an instant of what stands `minutes` ahead of UTC.
bool ShowIn(absl::TimeZone zone, int minutes, WallTime& wall) {
  wall.instant = AtZone(wall, absl::UTCTimeZone()) - absl::Minutes(minutes);
  const absl::CivilSecond shown = zone.At(wall.instant).cs;
  if (shown.year() < 1 || shown.year() > 9999) return false;
  wall.year = static_cast<int>(shown.year());
  wall.month = shown.month();
  wall.day = shown.day();
  wall.hour = shown.hour();
  wall.minute = shown.minute();
  wall.second = shown.second();
  wall.has_zone = true;
  return true;
}

// Appends the last `Width` digits.
template <int Width>
void AppendPadded(int number, std::string& out) {
  char digits[Width];
  for (int i = Width; i > 0; number /= 10) digits[--i] = static_cast<char>('0' + number % 10);
  out.append(digits, Width);
}

// False for a conversion that is not of fixed width.
bool AppendSimple(char conversion, const WallTime& wall, std::string& out) {
  switch (conversion) {
    case 'Y':
      AppendPadded<4>(wall.year, out);
      return true;
    case 'm':
      AppendPadded<2>(wall.month, out);
      return true;
    case 'd':
      AppendPadded<2>(wall.day, out);
      return true;
    case 'H':
      AppendPadded<2>(wall.hour, out);
      return true;
    case 'M':
      AppendPadded<2>(wall.minute, out);
      return true;
    case 'S':
      AppendPadded<2>(wall.second, out);
      return true;
    case '%':
      out.push_back('%');
      return true;
    default:
      return false;
  }
}

}  // namespace

bool ReadWallTime(std::string_view text, absl::TimeZone zone, WallTime& wall) {
  wall = WallTime();
  if (text.size() > 2 && text[2] == ':') {
    wall.has_time = true;
    return TakeTime(text, wall) && text.empty();
  }
  if (!TakeDay(text, wall)) return false;
  wall.has_day = true;
  if (text.empty()) return true;
  if ((!TakeCharacter(text, 'T') && !TakeCharacter(text, ' ')) || !TakeTime(text, wall))
    return false;
  wall.has_time = true;
  if (text.empty()) return true;
  int minutes = 0;
  return TakeOffset(text, minutes) && text.empty() && ShowIn(zone, minutes, wall);
}

TimePattern::TimePattern(std::string_view format) : format_(format) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      if (pieces_.empty() || !pieces_.back().conversion.empty()) pieces_.emplace_back();
      pieces_.back().literal.push_back(format[i]);
      continue;
    }
    const std::size_t begin = ++i;
    if (format[i] == 'E') {
      ++i;
      while (i + 1 < format.size() && !absl::ascii_isalpha(static_cast<unsigned char>(format[i])))
        ++i;
    }
    pieces_.push_back({.conversion = std::string(format.substr(begin, i + 1 - begin))});
    const std::string& conversion = pieces_.back().conversion;
    std::string ignored;
    simple_ =
        simple_ && conversion.size() == 1 && AppendSimple(conversion.front(), WallTime(), ignored);
  }
  LookUp();
}

void TimePattern::Append(const WallTime& wall, absl::TimeZone zone, std::string& out) const {
  if (simple_) {
    for (const Piece& piece : pieces_) {
      if (piece.conversion.empty()) {
        out.append(piece.literal);
      } else {
        AppendSimple(piece.conversion.front(), wall, out);
      }
    }
    return;
  }
  // A wall time is shown as it is: in UTC, no hour is left out.
  const absl::TimeZone shown = wall.has_zone ? zone : absl::UTCTimeZone();
  const absl::Time time = wall.has_zone ? wall.instant : AtZone(wall, shown);
  out.append(absl::FormatTime(View(format_), time, shown));
}

}  // namespace relais::exports
