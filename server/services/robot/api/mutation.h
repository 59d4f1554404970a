// Mutations of one Orchestrator, and what is remembered of them.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_MUTATION_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_MUTATION_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/state/submissions.h"
#include "server/gateway/mutation.h"
#include "server/services/robot/backend/connection.h"

namespace relais::robot {

template <typename Request>
state::Mutation MutationOf(const char* method, const Connection& connection,
                           const Request& request) {
  return relais::connection::MutationOf(kServiceWord, method, connection.name, request);
}

// Of its password only so much is kept as tells that another one is another.
state::Mutation CredentialsMutation(const Connection& connection,
                                    v1::UpdateUnattendedCredentialsRequest request);
state::Mutation RobotMutation(const Connection& connection, v1::UpdateRobotRequest request);

// Starts jobs at most once. Blocks.
absl::StatusOr<v1::StartJobsResponse> Start(state::Submissions& submissions, Connection& connection,
                                            const CallContext& context, const ProcessName& process,
                                            const v1::StartJobsRequest& request);

// Lets `submissions` ask this Orchestrator for what earlier lives of the gateway may have started.
// `connection` outlives them.
void RegisterFinder(state::Submissions& submissions, Connection& connection);

// Characters of valid UTF-8, as the upstream counts them but for those outside of the basic plane.
int CharactersIn(std::string_view text);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_MUTATION_H_
