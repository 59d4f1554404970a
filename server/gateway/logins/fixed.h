// A credential that is what it is: a password or a token with every request.

#ifndef RELAIS_SERVER_GATEWAY_LOGINS_FIXED_H_
#define RELAIS_SERVER_GATEWAY_LOGINS_FIXED_H_

#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/upstream/session.h"

namespace relais::gateway {

// `header` is the whole Authorization header, or empty. When the upstream refuses it, it is tried
// once more; when it is refused again soon, the login fails, so that not every call knocks at the
// account until it is locked. `scheduler` outlives the login.
Login FixedLogin(Secret header, Scheduler& scheduler);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_LOGINS_FIXED_H_
