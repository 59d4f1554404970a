// How the gateway logs in to an Orchestrator, as the configuration says.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOGIN_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOGIN_H_

#include <functional>
#include <string>
#include <string_view>

#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/session.h"
#include "server/services/robot/config.pb.h"

namespace relais::robot {

// Gives credentials whose token is the whole Authorization header. `secret` gives the secret at a
// key below the connection's, e.g. "authentication.client_secret". `transport` and `scheduler`
// outlive the login.
Login MakeLogin(const std::string& name, const relais::config::v1::Orchestrator& orchestrator,
                const std::function<Secret(std::string_view key)>& secret, HttpTransport& transport,
                Scheduler& scheduler);

// Where tokens are given when the configuration does not say, by the forms of base URLs that UiPath
// documents.
std::string IdentityUrlOf(std::string_view base_url);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOGIN_H_
