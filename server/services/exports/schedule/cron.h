// A line of cron as a set of wall times.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace relais::exports {

// Minute, hour, day of month, month, day of week; see Schedule.cron in exports.proto. Constant;
// thread-safe.
//
// `5/10` is from 5 to the end by 10. A field of days that leaves no day out, such as `*` or `1-31`,
// restricts nothing; when both restrict, either suffices. `sun` is 0, and 7 at the end of a range.
class CronLine {
 public:
  // INVALID_ARGUMENT / INVALID_REQUEST without a field; the sentence tells the position of what is
  // wrong, from 1, and what was expected. A line that never comes is refused as well.
  static absl::StatusOr<CronLine> Parse(std::string_view line);

  bool Matches(absl::CivilMinute minute) const;

  // The first wall time of the line that is not before `from`; the last one that is not after
  // `from`. None: not within nine years, which is longer than from one leap day to the next.
  std::optional<absl::CivilMinute> FirstFrom(absl::CivilMinute from) const;
  std::optional<absl::CivilMinute> LastUpTo(absl::CivilMinute from) const;

 private:
  CronLine() = default;

  bool HasDay(absl::CivilDay day) const;
  bool HasMonth(int month) const { return (months_ >> month & 1) != 0; }

  std::uint64_t minutes_ = 0;  // a bit for each
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;          // bits 1 to 31
  std::uint64_t months_ = 0;        // bits 1 to 12
  std::uint64_t days_of_week_ = 0;  // bits 0, Sunday, to 6
  bool last_day_ = false;           // of the month, beside days_
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_CRON_H_
