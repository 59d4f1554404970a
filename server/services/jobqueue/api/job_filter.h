// `filter` of ListJobs: which fields it has, what a job's values of them are, and which part of it
// the upstream can look for. Pure.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_FILTER_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_FILTER_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/aip/filter.h"

namespace relais::jobqueue {

// INVALID_REQUEST with every violation of the field `filter`.
absl::StatusOr<Filter> ParseJobFilter(std::string_view text);

bool MatchesJob(const Filter& filter, const v1::Job& job);

// The value of a field of filter or order; none when the job has none, as the outcome of a job that
// has not ended. Enums by the names of their values without the prefix.
std::optional<FilterValue> ValueOf(const v1::Job& job, std::string_view field);

// Query parameters by which the upstream leaves out jobs that cannot match. They let through more
// than the filter does: each job still has to be asked. So it is no harm that the upstream looks
// for a description's text in the gateway's mark as well.
std::vector<std::pair<std::string, std::string>> UpstreamQuery(const Filter& filter);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_FILTER_H_
