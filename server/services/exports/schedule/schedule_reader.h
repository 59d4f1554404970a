// Checks a schedule and reads it into what SlotPlan reckons with.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_READER_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_READER_H_

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/violations.h"
#include "server/services/exports/schedule/trigger.h"
#include "server/services/exports/schedule/window.h"

namespace relais::exports {

struct CheckedSchedule {
  absl::TimeZone zone = absl::UTCTimeZone();
  std::optional<Trigger> trigger;  // none: by the end of a campaign
  v1::Granularity granularity = v1::GRANULARITY_DAY;
  absl::Duration grace;
  std::optional<DailyWindow> window;
};

// None when something was wrong, which is added to `violations` at "<path>.…".
std::optional<CheckedSchedule> ReadSchedule(const v1::Schedule& schedule, std::string_view path,
                                            Violations& violations);

// Schedule.catch_up_window, with its default.
absl::Duration CatchUpWindowOf(const v1::Schedule& schedule);

// A zone of the IANA database by its name. None, and a violation, when there is no such zone; what
// is near to the name is suggested.
std::optional<absl::TimeZone> ReadTimeZone(std::string_view name, std::string_view path,
                                           Violations& violations);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SCHEDULE_SCHEDULE_READER_H_
