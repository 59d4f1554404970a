// Calls that change something, and what is remembered of them by their request id. Messages go in,
// bytes are kept.

#ifndef RELAIS_SERVER_GATEWAY_MUTATION_H_
#define RELAIS_SERVER_GATEWAY_MUTATION_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/core/state/submissions.h"

namespace relais::gateway {

// Equal messages give equal bytes.
std::string Serialize(const google::protobuf::MessageLite& message);

// What of a password is remembered with a request: enough to tell that another one is another, too
// little to guess one by. Empty for an empty one.
std::string PasswordDigest(const std::string& password);

// Where request ids are told apart: `service` is its word. Ends with a slash, so that no scope is
// the beginning of another.
std::string ScopeOf(std::string_view service, std::string_view method, std::string_view connection);

// What tells one call of a method from another; `request` is copied without its request id.
template <typename Target, typename Request>
state::Mutation MutationOf(const Target& target, Request request) {
  state::Mutation mutation;
  mutation.scope = ScopeOf(target.service, target.method, target.connection->name);
  mutation.subject = target.connection->name;
  mutation.request_id = request.request_id();
  request.clear_request_id();
  mutation.payload = Serialize(request);
  return mutation;
}

// The message that an answer is made of.
template <typename Response>
absl::StatusOr<Response> ParseAnswer(const state::Answer& answer) {
  if (!answer.ok()) return answer.status();
  Response response;
  if (response.ParseFromString(*answer)) return response;
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The remembered answer to this request_id cannot be read; use another request_id.";
}

// Runs what may be repeated without harm; with a request id its first answer is remembered. `run`
// takes the call and gives a StatusOr<Response>. Blocks.
template <typename Response, typename Run>
absl::StatusOr<Response> Remember(state::Submissions& submissions, const CallContext& context,
                                  const state::Mutation& mutation, Run run) {
  return ParseAnswer<Response>(
      submissions.Remember(context, mutation, [&](const CallContext& call) -> state::Answer {
        const absl::StatusOr<Response> response = run(call);
        if (!response.ok()) return response.status();
        return Serialize(*response);
      }));
}

// The same for the call of `target`'s method by `request`.
template <typename Response, typename Target, typename Request, typename Run>
absl::StatusOr<Response> Remember(const Target& target, const CallContext& context,
                                  const Request& request, Run run) {
  return Remember<Response>(*target.submissions, context, MutationOf(target, request), run);
}

// The same for a change whose answer says nothing: `change` takes the call and gives a Status.
template <typename Response, typename Target, typename Request, typename Change>
absl::StatusOr<Response> RememberChange(const Target& target, const CallContext& context,
                                        const Request& request, Change change) {
  return Remember<Response>(target, context, request,
                            [&](const CallContext& call) -> absl::StatusOr<Response> {
                              if (absl::Status changed = change(call); !changed.ok())
                                return changed;
                              return Response();
                            });
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MUTATION_H_
