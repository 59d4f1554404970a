// A definition, made ready: its schedule, its destinations, and what is wrong with it.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_PLAN_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_PLAN_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/violations.h"
#include "server/services/exports/binding/placeholders.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/schedule/schedule.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

// A destination and how often it is tried.
struct ConfiguredDestination {
  std::unique_ptr<Destination> destination;
  absl::Duration first_backoff;
  absl::Duration longest_backoff;
  int most_attempts = 1;
};
using Destinations = std::map<std::string, ConfiguredDestination>;

// The slots of a definition; none: it has no schedule by time.
std::optional<SlotPlan> PlanOf(const v1::Export& definition);

// The periods of a definition, also of one without a schedule by time: days in its time zone then.
SlotPlan PeriodsOf(const v1::Export& definition);

// What place-holders of a run's texts stand for, but for `${file}`.
PlaceholderValues ValuesOf(const v1::Export& definition, const DataPeriod& period, int attempt);

DataPeriod PeriodOf(const v1::Period& period);
v1::Period ToProto(const DataPeriod& period);

// Name of a file, and its path at a destination. `file` is the name of one that is passed through.
absl::StatusOr<std::string> FileNameOf(const v1::Export& definition, PlaceholderValues values,
                                       const std::string& file);
absl::StatusOr<std::string> PathOf(const v1::Export& definition, const v1::Delivery& delivery,
                                   PlaceholderValues values, const std::string& file);

// All that is wrong with a definition, at "<path>.…", as it would be run at `now`. An error that is
// not the caller's, such as a connection that is not there, is returned.
absl::Status CheckDefinition(const v1::Export& definition, std::string_view path,
                             const Sources& sources, const Destinations& destinations,
                             absl::Time now, Violations& violations);

// Tells one state of a definition from another.
std::string EtagOf(const v1::Export& definition);
// Without what callers cannot set.
v1::Export WithoutOutput(v1::Export definition);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_PLAN_H_
