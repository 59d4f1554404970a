// What a refusal of Orchestrator means to a caller.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_PROBLEM_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_PROBLEM_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/net/http_transport.h"

namespace relais::robot {

// OK for a 2xx that can be data. Otherwise by its errorCode, else by its status, with metadata
// `upstreamCode` and `upstreamRequestId` and the upstream's own text as LocalizedMessage.
// `subject`: what a refusal does not know that says no more than that. `changes_robot`: what a bare
// 400 says then is that robots of modern folders cannot be changed.
absl::Status MeaningOf(const HttpReply& reply, absl::Time now, bool changes_robot,
                       std::string_view subject = "resource");

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_PROBLEM_H_
