// Work that a service begins by itself, for people who look: schedules and their runs.

#ifndef RELAIS_SERVER_GATEWAY_SCHEDULED_H_
#define RELAIS_SERVER_GATEWAY_SCHEDULED_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace relais::gateway {

// One run of a schedule. Times are those of the wall clock; InfinitePast: there is none.
struct ScheduledRun {
  std::string name;                        // of the resource
  std::string state;                       // "RUNNING"
  int attempt = 0;                         // attempts that have begun
  absl::Time slot = absl::InfinitePast();  // when it was due
  absl::Time start = absl::InfinitePast();
  absl::Time next_attempt = absl::InfinitePast();
  // How late it began, or is so far.
  absl::Duration lateness = absl::ZeroDuration();
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::optional<double> percent{};  // none: how much there is is not known
  std::string reason{};             // of what went wrong last; empty: nothing has
};

struct Schedule {
  std::string name;  // of the resource
  bool paused = false;
  bool overdue = false;  // a run should have succeeded by now and has not
  absl::Time last_success = absl::InfinitePast();
  absl::Time next = absl::InfinitePast();  // slot
  // Of the run that ended last since the start of the gateway; empty: none has.
  std::string last_state{};
  absl::Duration last_lateness = absl::ZeroDuration();
  absl::Duration last_duration = absl::ZeroDuration();
};

struct Scheduled {
  std::vector<Schedule> schedules{};
  std::vector<ScheduledRun> runs{};  // that have not ended
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_SCHEDULED_H_
