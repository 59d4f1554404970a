// What the configuration says of an upstream of any kind, as the transport and the upstream take
// it.

#ifndef RELAIS_SERVER_GATEWAY_SETTINGS_H_
#define RELAIS_SERVER_GATEWAY_SETTINGS_H_

#include "server/config/config.pb.h"
#include "server/core/net/curl_transport.h"
#include "server/core/upstream/http_upstream.h"

namespace relais::connection {

CurlOptions TransportOptions(const config::v1::Limits& limits, const config::v1::ClientTls& tls);

UpstreamPolicy PolicyOf(const config::v1::Limits& limits);

}  // namespace relais::connection

#endif  // RELAIS_SERVER_GATEWAY_SETTINGS_H_
