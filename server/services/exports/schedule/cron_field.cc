#include "server/services/exports/schedule/cron_field.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"

namespace relais::exports {
namespace {

constexpr std::string_view kCronMonthNames[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                                "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kCronDayNames[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr CronFieldKind kCronFields[] = {
    {.what = "a minute", .least = 0, .most = 59, .names = {}},
    {.what = "an hour", .least = 0, .most = 23, .names = {}},
    {.what = "a day of the month", .least = 1, .most = 31, .names = {}, .has_last_day = true},
    {.what = "a month", .least = 1, .most = 12, .names = kCronMonthNames},
    {.what = "a day of the week",
     .least = 0,
     .most = 6,
     .names = kCronDayNames,
     .ends_with_first = true},
};

// Reads one field from its beginning to its end.
class CronFieldReader {
 public:
  CronFieldReader(const CronFieldKind& kind, std::string_view text, std::size_t before)
      : kind_(kind), text_(text), before_(before) {}

  absl::StatusOr<CronFieldValue> Read() {
    CronFieldValue value;
    do {
      if (absl::Status status = ReadPart(value); !status.ok()) return status;
    } while (Take(','));
    if (at_ < text_.size()) return Refuse(at_, "\",\" or the end of the field");
    return value;
  }

 private:
  absl::Status ReadPart(CronFieldValue& value) {
    if (kind_.has_last_day && TakeLastDay()) {
      value.last_day = true;
      return absl::OkStatus();
    }
    const std::size_t begin = at_;
    int first = kind_.least;
    int last = kind_.most;
    bool ranged = true;
    if (!Take('*')) {
      const auto number = ReadNumber(/*ends_range=*/false);
      if (!number.ok()) return number.status();
      first = last = *number;
      ranged = Take('-');
      if (ranged) {
        const auto end = ReadNumber(/*ends_range=*/true);
        if (!end.ok()) return end.status();
        last = *end;
      }
      if (last < first) return Refuse(begin, "a range that goes upward");
    }
    int step = 1;
    if (Take('/')) {
      const auto by = ReadStep();
      if (!by.ok()) return by.status();
      step = *by;
      if (!ranged) last = kind_.most;
    }
    Add(first, std::max(first, last), step, value);
    return absl::OkStatus();
  }

  void Add(int first, int last, int step, CronFieldValue& value) const {
    std::uint64_t bits = CronBits(first, last, step);
    const int again = kind_.most + 1;
    if (kind_.ends_with_first && (bits >> again & 1) != 0) {
      bits = (bits & ~CronBits(again, again)) | CronBits(kind_.least, kind_.least);
    }
    value.numbers |= bits;
  }

  absl::StatusOr<int> ReadNumber(bool ends_range) {
    const std::size_t begin = at_;
    const std::string_view word = Word();
    const int most = kind_.most + (kind_.ends_with_first ? 1 : 0);
    for (std::size_t i = 0; i < kind_.names.size(); ++i) {
      if (!absl::EqualsIgnoreCase(View(word), View(kind_.names[i]))) continue;
      const bool again = i == 0 && ends_range && kind_.ends_with_first;
      return again ? most : kind_.least + static_cast<int>(i);
    }
    const std::optional<int> number = ParseNumber<int>(word);
    if (number && *number >= kind_.least && *number <= most) return *number;
    std::string expected = absl::StrCat(View(kind_.what), " (", kind_.least, " to ", most);
    if (!kind_.names.empty()) {
      absl::StrAppend(&expected, ", ", View(kind_.names.front()), " to ", View(kind_.names.back()));
    }
    if (kind_.has_last_day && !ends_range) absl::StrAppend(&expected, ", L");
    absl::StrAppend(&expected, ")", ends_range ? "" : " or \"*\"");
    return Refuse(begin, expected);
  }

  absl::StatusOr<int> ReadStep() {
    const std::size_t begin = at_;
    const std::optional<int> step = ParseNumber<int>(Word());
    if (step && *step >= 1 && *step <= kind_.most) return *step;
    return Refuse(begin, absl::StrCat("a step of 1 to ", kind_.most));
  }

  // Letters and digits from here on; a sign belongs to no word.
  std::string_view Word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(",-/*").find(text_[at_]) == text_.npos) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool TakeLastDay() {
    const bool ends = at_ + 1 == text_.size() || (at_ + 1 < text_.size() && text_[at_ + 1] == ',');
    return ends && (Take('L') || Take('l'));
  }

  absl::Status Refuse(std::size_t at, std::string_view expected) const {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
           << "At character " << before_ + at + 1 << " of the line, " << expected
           << " is expected.";
  }

  const CronFieldKind& kind_;
  const std::string_view text_;
  const std::size_t before_;
  std::size_t at_ = 0;
};

}  // namespace

std::span<const CronFieldKind> CronFields() { return kCronFields; }

std::uint64_t CronBits(int first, int last, int step) {
  std::uint64_t bits = 0;
  for (int number = first; number <= last; number += step) bits |= std::uint64_t{1} << number;
  return bits;
}

absl::StatusOr<CronFieldValue> ReadCronField(const CronFieldKind& kind, std::string_view text,
                                             std::size_t before) {
  return CronFieldReader(kind, text, before).Read();
}

}  // namespace relais::exports
