// What tests and a gateway that embeds the sandbox may use of its Orchestrator.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_UPSTREAM_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_UPSTREAM_H_

#include <string>

#include "sandbox/sandbox.h"
#include "sandbox/upstream.h"

namespace relais::sandbox::robot {

class Simulator;

const UpstreamKind& Kind();

// "http://127.0.0.1:PORT/sandbox-org/DefaultTenant/orchestrator_"
std::string UrlOf(const Sandbox& sandbox);
// Whoever uses it holds its mutex; lives as long as the sandbox.
Simulator& SimulatorOf(Sandbox& sandbox);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_UPSTREAM_H_
