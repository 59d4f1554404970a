// How the gateway logs in to a queue, as the configuration says.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_LOGIN_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_LOGIN_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/credentials.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/session.h"
#include "server/services/jobqueue/config.pb.h"

namespace relais::jobqueue {

struct QueueLogin {
  // Gives credentials whose token is the whole Authorization header, or empty; null: none is
  // needed.
  Login login{};
  std::shared_ptr<const ConnectionLogin> connection_login{};  // null: no handshake
};

// `secret` gives the secret at a key below the queue's, e.g. "authentication.password". `transport`
// and `scheduler` outlive the login. INVALID_ARGUMENT, in a line that names the key, when this
// machine cannot log in so.
absl::StatusOr<QueueLogin> MakeLogin(const std::string& queue,
                                     const relais::config::v1::Authentication& authentication,
                                     const std::function<Secret(std::string_view key)>& secret,
                                     HttpTransport& transport, Scheduler& scheduler);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_LOGIN_H_
