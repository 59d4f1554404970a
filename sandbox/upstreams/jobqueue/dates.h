// Dates as the job queue writes and reads them.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_DATES_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_DATES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "sandbox/upstreams/jobqueue/options.h"

namespace relais::sandbox::jobqueue {

// With up to seven fractional digits, as .NET writes them.
std::string FormatDate(absl::Time time, DateStyle style);
// ISO 8601 with or without an offset (then UTC); nothing when it is no date.
std::optional<absl::Time> ParseDate(const std::string& text);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_DATES_H_
