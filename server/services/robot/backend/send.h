// How a request of the back end is sent; for its .cc files alone.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SEND_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SEND_H_

#include <string>
#include <type_traits>

#include "server/services/robot/backend/backend.h"

namespace relais::robot {

// Before the names of functions and actions.
inline constexpr char kNamespace[] = "UiPath.Server.Configuration.OData.";

template <typename Decode>
std::invoke_result_t<Decode, const std::string&> Backend::Send(const CallContext& context,
                                                               const Operation& operation,
                                                               Decode decode) {
  std::invoke_result_t<Decode, const std::string&> result = absl::UnknownError("");
  const absl::Status sent =
      upstream_
          .Send(
              context, operation.options,
              [&](const Credential& credential) { return RequestOf(operation, credential); },
              [&](const HttpReply& reply, const Credential&) {
                if (absl::Status meaning = Meaning(operation, reply); !meaning.ok()) return meaning;
                result = decode(reply.body);
                return result.status();
              })
          .status();
  if (!sent.ok()) return sent;
  return result;
}

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SEND_H_
