// What tests and a gateway that embeds the sandbox may use of its campaign instance.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_UPSTREAM_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_UPSTREAM_H_

#include <string>

#include "absl/status/status.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstream.h"

namespace relais::sandbox::campaign {

class Instance;

const UpstreamKind& Kind();

// Of its listener for TCP; over HTTP it is at http://127.0.0.1:HTTP-PORT/ALIAS/gt/v1/.
int TcpPortOf(const Sandbox& sandbox);
// Thread-safe; lives as long as the sandbox.
Instance& InstanceOf(Sandbox& sandbox);

// "HOST:PORT" of its listener for TCP into its options. Empty: as the options have it, else port
// 3000 of the host, or any where HTTP takes any.
absl::Status ReadTcpAddress(const std::string& value, SandboxOptions& options);

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_UPSTREAM_H_
