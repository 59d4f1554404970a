// Unary methods about something that their request names: found, checked, then run on the executor
// of its connection. The same for every service that has connections.

#ifndef RELAIS_SERVER_RPC_ON_TARGET_H_
#define RELAIS_SERVER_RPC_ON_TARGET_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/rpc/unary.h"

namespace relais::rpc {

// An error found before anything was sent still tells which connection it concerns.
template <typename Connection>
absl::Status Tagged(absl::Status status, const Connection& connection) {
  AddMetadata(status, "connection", connection.name);
  return status;
}

// `find` makes a Target, which has a `connection`, of the text that `get` takes out of a request.
// `check` gives every violation of the rest; null: there is none. `run` blocks.
template <typename Response, typename Target, typename Request, typename Find, typename Get,
          typename Run>
auto OnTarget(Find find, Get get, std::vector<Violation> (*check)(const Target&, const Request&),
              Run run) {
  return [=](const Request& request) -> absl::StatusOr<Work<Response>> {
    absl::StatusOr<Target> target = find(get(request));
    if (!target.ok()) return target.status();
    if (check != nullptr) {
      auto violations = check(*target, request);
      if (!violations.empty())
        return Tagged(InvalidRequest(std::move(violations)), *target->connection);
    }
    return Work<Response>{
        .executor = target->connection->executor.get(),
        .connection = target->connection->name,
        .run = [target = *std::move(target), run, &request](const CallContext& context) {
          return run(target, context, request);
        }};
  };
}

// The two members that name what most requests are about.
inline constexpr auto kName = [](const auto& request) -> const std::string& {
  return request.name();
};
inline constexpr auto kParent = [](const auto& request) -> const std::string& {
  return request.parent();
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_ON_TARGET_H_
