// The order of jobs in a list. Pure.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_ORDER_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_ORDER_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/aip/order_by.h"

namespace relais::jobqueue {

// INVALID_REQUEST with every violation of the field `order_by`.
absl::StatusOr<std::vector<OrderTerm>> ParseJobOrder(std::string_view text);

// Sorts by `order`; jobs that it leaves equal: pending ones first, by position, then the others,
// newest first. The order is the same for the same jobs, however they come.
void SortJobs(const std::vector<OrderTerm>& order, std::vector<v1::Job*>& jobs);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_JOB_ORDER_H_
