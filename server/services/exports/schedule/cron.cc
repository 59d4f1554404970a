#include "server/services/exports/schedule/cron.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/schedule/cron_field.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostOfLine = 1000;
constexpr std::size_t kCronFieldCount = 5;

constexpr std::pair<std::string_view, std::string_view> kCronMacros[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
};

Error CronError() { return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest); }

// The beginning and the end of each field.
std::vector<std::pair<std::size_t, std::size_t>> CronFieldPlaces(std::string_view line) {
  std::vector<std::pair<std::size_t, std::size_t>> fields;
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (is_space(line[at])) continue;
    const std::size_t begin = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    fields.emplace_back(begin, at);
  }
  return fields;
}

absl::Status RefuseCronMacro(std::string_view macro) {
  for (const auto& [name, line] : kCronMacros) {
    if (absl::EqualsIgnoreCase(View(name), View(macro))) {
      return CronError() << "Write \"" << line << "\" instead of " << name << ".";
    }
  }
  return CronError() << "A line that begins with \"@\" is not known; write five fields.";
}

// The lowest bit of `bits` from the bit `at`, and the highest one up to it; -1 for none.
int FirstBitFrom(std::uint64_t bits, int at) {
  bits &= ~std::uint64_t{0} << at;
  return bits == 0 ? -1 : std::countr_zero(bits);
}
int LastBitUpTo(std::uint64_t bits, int at) {
  return 63 - std::countl_zero(bits & (~std::uint64_t{0} >> (63 - at)));
}

}  // namespace

absl::StatusOr<CronLine> CronLine::Parse(std::string_view line) {
  if (line.size() > kMostOfLine) {
    return CronError() << "The line has " << line.size() << " characters; " << kMostOfLine
                       << " are allowed.";
  }
  const auto places = CronFieldPlaces(line);
  if (!places.empty() && line[places.front().first] == '@') {
    const auto [begin, end] = places.front();
    return RefuseCronMacro(line.substr(begin, end - begin));
  }
  std::array<CronFieldValue, kCronFieldCount> fields;
  for (std::size_t i = 0; i < std::min(places.size(), kCronFieldCount); ++i) {
    const auto [begin, end] = places[i];
    auto field = ReadCronField(CronFields()[i], line.substr(begin, end - begin), begin);
    if (!field.ok()) return field.status();
    fields[i] = *field;
  }
  if (places.size() != kCronFieldCount) {
    const std::size_t at = places.size() < kCronFieldCount ? line.size() : places[5].first;
    return CronError() << "At character " << at + 1 << " of the line, "
                       << (places.size() < kCronFieldCount ? CronFields()[places.size()].what
                                                           : "the end")
                       << " is expected: five fields, minute, hour, day of month, month, "
                          "day of week.";
  }
  CronLine cron;
  cron.minutes_ = fields[0].numbers;
  cron.hours_ = fields[1].numbers;
  cron.days_ = fields[2].numbers;
  cron.last_day_ = fields[2].last_day;
  cron.months_ = fields[3].numbers;
  cron.days_of_week_ = fields[4].numbers;
  if (!cron.FirstFrom(absl::CivilMinute(2000))) {
    return CronError() << "The line never comes: none of its months has such a day.";
  }
  return cron;
}

bool CronLine::HasDay(absl::CivilDay day) const {
  if (!HasMonth(day.month())) return false;
  const bool all_days = days_ == CronBits(1, 31);
  const bool all_days_of_week = days_of_week_ == CronBits(0, 6);
  const bool is_last = last_day_ && (day + 1).day() == 1;
  const bool by_month = (days_ >> day.day() & 1) != 0 || is_last;
  // absl counts from Monday.
  const int day_of_week = (static_cast<int>(absl::GetWeekday(day)) + 1) % 7;
  const bool by_week = (days_of_week_ >> day_of_week & 1) != 0;
  return all_days || all_days_of_week ? by_month && by_week : by_month || by_week;
}

bool CronLine::Matches(absl::CivilMinute minute) const {
  return HasDay(absl::CivilDay(minute)) && (hours_ >> minute.hour() & 1) != 0 &&
         (minutes_ >> minute.minute() & 1) != 0;
}

std::optional<absl::CivilMinute> CronLine::FirstFrom(absl::CivilMinute from) const {
  const absl::CivilDay first(from);
  const absl::CivilDay end(from.year() + 9, from.month(), 1);
  for (absl::CivilDay day = first; day < end;) {
    if (!HasMonth(day.month())) {
      day = absl::CivilDay(absl::CivilMonth(day) + 1);
      continue;
    }
    const absl::CivilMinute least = day == first ? from : absl::CivilMinute(day);
    int hour = HasDay(day) ? FirstBitFrom(hours_, least.hour()) : -1;
    int minute = FirstBitFrom(minutes_, hour == least.hour() ? least.minute() : 0);
    if (hour >= 0 && minute < 0) {
      hour = FirstBitFrom(hours_, hour + 1);
      minute = FirstBitFrom(minutes_, 0);
    }
    if (hour >= 0) return absl::CivilMinute(absl::CivilHour(day) + hour) + minute;
    ++day;
  }
  return std::nullopt;
}

std::optional<absl::CivilMinute> CronLine::LastUpTo(absl::CivilMinute from) const {
  const absl::CivilDay last(from);
  const absl::CivilDay end(from.year() - 9, from.month(), 1);
  for (absl::CivilDay day = last; day > end;) {
    if (!HasMonth(day.month())) {
      day = absl::CivilDay(absl::CivilMonth(day)) - 1;
      continue;
    }
    const absl::CivilMinute most = day == last ? from : absl::CivilMinute(day + 1) - 1;
    int hour = HasDay(day) ? LastBitUpTo(hours_, most.hour()) : -1;
    int minute = LastBitUpTo(minutes_, hour == most.hour() ? most.minute() : 59);
    if (hour >= 0 && minute < 0) {
      hour = hour == 0 ? -1 : LastBitUpTo(hours_, hour - 1);
      minute = LastBitUpTo(minutes_, 59);
    }
    if (hour >= 0) return absl::CivilMinute(absl::CivilHour(day) + hour) + minute;
    --day;
  }
  return std::nullopt;
}

}  // namespace relais::exports
