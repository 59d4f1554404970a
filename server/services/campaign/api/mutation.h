// Mutations of one instance, and what is remembered of them.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_MUTATION_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_MUTATION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/state/submissions.h"
#include "server/gateway/mutation.h"
#include "server/services/campaign/api/method.h"

namespace relais::campaign {

template <typename Request>
state::Mutation MutationOf(const char* method, const Connection& connection,
                           const Request& request) {
  return relais::connection::MutationOf(kServiceWord, method, connection.name, request);
}

// A change whose answer says nothing: `change` takes the call and gives a Status. With a request id
// it is remembered that it has happened.
template <typename Response, typename Name, typename Request, typename Change>
absl::StatusOr<Response> RememberChange(const Target<Name>& target, const CallContext& context,
                                        const char* method, const Request& request, Change change) {
  return relais::connection::Remember<Response>(
      *target.submissions, context, MutationOf(method, *target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<Response> {
        if (absl::Status changed = change(call); !changed.ok()) return changed;
        return Response();
      });
}

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_MUTATION_H_
