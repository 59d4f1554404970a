// An error as a part of a resource, such as what ended a run.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_PROBLEM_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_PROBLEM_H_

#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace relais::gateway {

// `status`, not OK, with the details that a caller of `method` would get.
google::rpc::Status ProblemOf(const absl::Status& status, std::string_view service,
                              std::string_view method);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_PROBLEM_H_
