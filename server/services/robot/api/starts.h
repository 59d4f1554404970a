// Starts of jobs, which happen at most once, and what is remembered of changes that have a
// password.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_STARTS_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_STARTS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/core/state/submissions.h"
#include "server/services/robot/api/service.h"

namespace relais::robot {

// Of a password only so much is kept as tells that another one is another.
state::Mutation CredentialsMutation(const Target<UserName>& target,
                                    v1::UpdateUnattendedCredentialsRequest request);
state::Mutation RobotMutation(const Target<RobotName>& target, v1::UpdateRobotRequest request);

// Starts jobs at most once. Blocks.
absl::StatusOr<v1::StartJobsResponse> Start(const Target<ProcessName>& target,
                                            const CallContext& context,
                                            const v1::StartJobsRequest& request);

// Lets `submissions` ask this Orchestrator for what earlier lives of the gateway may have started.
// `connection` outlives them.
void RegisterFinder(state::Submissions& submissions, Connection& connection);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_STARTS_H_
