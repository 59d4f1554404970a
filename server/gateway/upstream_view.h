// One connection with the word of its service, for what shows all of them.

#ifndef RELAIS_SERVER_GATEWAY_UPSTREAM_VIEW_H_
#define RELAIS_SERVER_GATEWAY_UPSTREAM_VIEW_H_

#include <string>

#include "server/gateway/connection.h"

namespace relais::gateway {

// The connection lives as long as the services.
struct UpstreamView {
  std::string service;  // the word
  const Connection* connection;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_UPSTREAM_VIEW_H_
