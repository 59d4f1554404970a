// Mutations of one queue.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_MUTATION_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_MUTATION_H_

#include "absl/status/statusor.h"
#include "server/core/state/submissions.h"
#include "server/gateway/mutation.h"
#include "server/services/jobqueue/backend/connection.h"

namespace relais::jobqueue {

template <typename Request>
state::Mutation MutationOf(const char* method, const Connection& connection,
                           const Request& request) {
  return relais::connection::MutationOf(kServiceWord, method, connection.name, request);
}

// As connection::Remember; watchers look anew afterwards.
template <typename Response, typename Run>
absl::StatusOr<Response> Remember(state::Submissions& submissions, const Connection& connection,
                                  const CallContext& context, const state::Mutation& mutation,
                                  Run run) {
  absl::StatusOr<Response> response =
      relais::connection::Remember<Response>(submissions, context, mutation, run);
  // Whether it worked or not, something may have changed.
  connection.hub->Invalidate();
  return response;
}

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_MUTATION_H_
