// What the configuration says of an upstream of any kind, as the transport and the upstream take
// it.

#ifndef RELAIS_SERVER_CONNECTION_SETTINGS_H_
#define RELAIS_SERVER_CONNECTION_SETTINGS_H_

#include "relais/config/v1/config.pb.h"
#include "server/net/curl_transport.h"
#include "server/upstream/http_upstream.h"

namespace relais::connection {

CurlOptions TransportOptions(const config::v1::Limits& limits, const config::v1::ClientTls& tls);

UpstreamPolicy PolicyOf(const config::v1::Limits& limits);

}  // namespace relais::connection

#endif  // RELAIS_SERVER_CONNECTION_SETTINGS_H_
