// How a command of the back end is sent; for its .cc files alone.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SEND_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SEND_H_

#include <string>
#include <type_traits>

#include "server/services/campaign/backend/backend.h"

namespace relais::campaign {

template <typename Decode>
std::invoke_result_t<Decode, const std::string&> Backend::Call(const CallContext& context,
                                                               const Command& command,
                                                               Decode decode, SendOptions options) {
  std::invoke_result_t<Decode, const std::string&> result = absl::UnknownError("");
  const absl::Status sent = Send(context, command, options, [&](const std::string& body) {
    result = decode(body);
    return result.status();
  });
  if (!sent.ok()) return sent;
  return result;
}

inline SendOptions OptionsFor(Patience patience) {
  return {.retry = patience == Patience::kCaller};
}

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_SEND_H_
