// `relaisd dev`: the gateway and the sandbox in one process, configured to know each other.

#ifndef RELAIS_SERVER_DEV_H_
#define RELAIS_SERVER_DEV_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/gateway/module.h"

namespace relais::sandbox {
class Sandbox;
struct SandboxOptions;
}  // namespace relais::sandbox

namespace relais {

struct DevSetup {
  std::unique_ptr<sandbox::Sandbox> sandbox;
  config::LoadedConfig config;
  gateway::SourceReader read;               // knows the sandbox's dictionaries besides files
  std::vector<std::string> lines;           // of shell, to try besides the calls
  std::vector<std::shared_ptr<void>> kept;  // outlives the gateway
};

// Starts a sandbox and makes the configuration of a gateway for it, whose connections are all
// called "sandbox"; `options` may override that configuration.
absl::StatusOr<DevSetup> SetUpDev(sandbox::SandboxOptions sandbox, config::ConfigOptions options);

// Commands to paste, for the addresses that were had; `program` is relaisd as it was started.
std::string DevWelcome(const DevSetup& setup, const std::string& program,
                       const std::string& grpc_address, const std::string& admin_address);

}  // namespace relais

#endif  // RELAIS_SERVER_DEV_H_
