// The sandbox's own routes, under /sandbox/.

#ifndef RELAIS_SANDBOX_ADMIN_H_
#define RELAIS_SANDBOX_ADMIN_H_

#include <memory>
#include <vector>

#include "sandbox/clock.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/message.h"
#include "sandbox/http/traffic.h"
#include "sandbox/upstream.h"

namespace relais::sandbox {

// What the routes act on; nothing is owned.
struct AdminTargets {
  FaultGate& faults;
  Traffic& traffic;
  VirtualClock& clock;
  const std::vector<std::unique_ptr<Upstream>>& upstreams;
};

// Answers one request whose path begins with /sandbox/. What is none of the routes that all
// upstreams share goes to the upstreams.
HttpReply Administer(const HttpRequest& request, const AdminTargets& targets);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_ADMIN_H_
