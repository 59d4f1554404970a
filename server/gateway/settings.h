// What the configuration says of an upstream of any kind, as the transport and the upstream take
// it.

#ifndef RELAIS_SERVER_GATEWAY_SETTINGS_H_
#define RELAIS_SERVER_GATEWAY_SETTINGS_H_

#include <functional>
#include <string_view>

#include "server/config/config.pb.h"
#include "server/core/base/secret.h"
#include "server/core/net/curl/transport.h"
#include "server/core/upstream/http_upstream.h"

namespace relais::gateway {

// Gives the secret at a key below a connection's, e.g. "authentication.password"; empty: none.
using SecretAt = std::function<Secret(std::string_view key)>;

CurlOptions TransportOptions(const config::v1::Limits& limits, const config::v1::ClientTls& tls);

UpstreamPolicy PolicyOf(const config::v1::Limits& limits);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_SETTINGS_H_
