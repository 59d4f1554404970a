// Fields of a line of cron, read into sets of numbers.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_FIELD_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_FIELD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"

namespace relais::exports {

// What one field may hold.
struct CronFieldKind {
  std::string_view what;  // e.g. "a day of the month"
  int least = 0;
  int most = 0;
  std::span<const std::string_view> names;  // of `least` and those that follow
  bool has_last_day = false;                // `L`
  bool ends_with_first = false;             // most + 1 is `least` again: Sunday is 0 and 7
};

// The kinds in the order of a line.
std::span<const CronFieldKind> CronFields();

struct CronFieldValue {
  std::uint64_t numbers = 0;  // a bit for each
  bool last_day = false;
};

// Reads a field that stands behind `before` bytes of its line. Errors as of CronLine::Parse.
absl::StatusOr<CronFieldValue> ReadCronField(const CronFieldKind& kind, std::string_view text,
                                             std::size_t before);

// The numbers from `first` to `last` as bits.
std::uint64_t CronBits(int first, int last, int step = 1);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_FIELD_H_
