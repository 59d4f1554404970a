#include "server/services/jobqueue/codec/words.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "server/gateway/messages/words.h"

namespace relais::jobqueue {
namespace {

using google::protobuf::Timestamp;
using v1::Job;

constexpr gateway::Word<Job::Type> kJobTypes[] = {
    {Job::TYPE_EXCEL_IMPORT, "ExcelImportJob"},
    {Job::TYPE_EXCEL_EXPORT, "ExcelExportJob"},
    {Job::TYPE_TEXT_IMPORT, "TextImportJob"},
    {Job::TYPE_EXCEL_IMPORT_DRY_RUN, "ExcelImportDryRunJob"},
};

constexpr gateway::Word<Job::State> kStates[] = {
    {Job::STATE_PENDING, "Pending"},     {Job::STATE_RUNNING, "Running"},
    {Job::STATE_SUCCEEDED, "Succeeded"}, {Job::STATE_FAILED, "Failed"},
    {Job::STATE_CANCELLED, "Cancelled"},
};

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
constexpr std::int64_t kFirstSecond = -62135596800;
constexpr std::int64_t kLastSecond = 253402300799;

// Takes exactly `digits` digits from the front.
bool TakeNumber(std::string_view& text, std::size_t digits, int& number) {
  if (text.size() < digits) return false;
  number = 0;
  for (const char c : text.substr(0, digits)) {
    if (!absl::ascii_isdigit(c)) return false;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// YYYY-MM-DDTHH:MM:SS as if it were UTC.
std::optional<std::int64_t> TakeSecond(std::string_view& text) {
  int year, month, day, hour, minute, second;
  if (!TakeNumber(text, 4, year) || !TakeOneOf(text, "-") || !TakeNumber(text, 2, month) ||
      !TakeOneOf(text, "-") || !TakeNumber(text, 2, day) || !TakeOneOf(text, "Tt") ||
      !TakeNumber(text, 2, hour) || !TakeOneOf(text, ":") || !TakeNumber(text, 2, minute) ||
      !TakeOneOf(text, ":") || !TakeNumber(text, 2, second)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date = std::chrono::year(year) / month / day;
  const bool exists = date.ok() && hour < 24 && minute < 60 && second < 60;
  if (!exists) return std::nullopt;  // the 30th of February
  const std::chrono::sys_seconds time = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                                        std::chrono::minutes(minute) + std::chrono::seconds(second);
  return time.time_since_epoch().count();
}

// ".1" to ".123456789", or nothing.
bool TakeFraction(std::string_view& text, int& nanos) {
  nanos = 0;
  if (!TakeOneOf(text, ".")) return true;
  std::size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(text[digits])) ++digits;
  if (digits == 0 || digits > 9 || !TakeNumber(text, digits, nanos)) return false;
  for (; digits < 9; ++digits) nanos *= 10;
  return true;
}

// "Z", "+HH:MM", "-HH:MM" or nothing, and then the end.
bool TakeOffset(std::string_view text, std::int64_t& seconds) {
  seconds = 0;
  if (text.empty()) return true;
  if (TakeOneOf(text, "Zz")) return text.empty();
  const bool behind = text.front() == '-';
  int hours, minutes;
  if (!TakeOneOf(text, "+-") || !TakeNumber(text, 2, hours) || !TakeOneOf(text, ":") ||
      !TakeNumber(text, 2, minutes) || !text.empty() || hours > 23 || minutes > 59) {
    return false;
  }
  seconds = (hours * 60 + minutes) * 60 * (behind ? -1 : 1);
  return true;
}

}  // namespace

Job::Type TypeOf(std::string_view word) {
  return gateway::ValueOf(kJobTypes, word, Job::TYPE_OTHER, gateway::Letters::kExact);
}
Job::State StateOf(std::string_view word) {
  return gateway::ValueOf(kStates, word, Job::STATE_OTHER, gateway::Letters::kExact);
}

std::string_view WordOf(Job::Type type) { return gateway::WordOf(kJobTypes, type); }
std::string_view WordOf(Job::State state) { return gateway::WordOf(kStates, state); }

bool IsImport(Job::Type type) {
  return type == Job::TYPE_EXCEL_IMPORT || type == Job::TYPE_TEXT_IMPORT ||
         type == Job::TYPE_EXCEL_IMPORT_DRY_RUN;
}

bool HasEnded(Job::State state) {
  return state == Job::STATE_SUCCEEDED || state == Job::STATE_FAILED ||
         state == Job::STATE_CANCELLED;
}

std::optional<Timestamp> ParseTime(std::string_view text) {
  const auto second = TakeSecond(text);
  int nanos = 0;
  std::int64_t offset = 0;
  if (!second || !TakeFraction(text, nanos) || !TakeOffset(text, offset)) return std::nullopt;
  Timestamp time;
  time.set_seconds(*second - offset);
  time.set_nanos(nanos);
  if (!IsValidTime(time)) return std::nullopt;
  return time;
}

std::string FormatTime(const Timestamp& time) {
  constexpr int kTick = 100;  // nanoseconds
  return absl::FormatTime(
      "%E4Y-%m-%dT%H:%M:%E*SZ",
      absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos() / kTick * kTick),
      absl::UTCTimeZone());
}

bool IsValidTime(const Timestamp& time) {
  return time.seconds() >= kFirstSecond && time.seconds() <= kLastSecond && time.nanos() >= 0 &&
         time.nanos() < 1000000000;
}

}  // namespace relais::jobqueue
