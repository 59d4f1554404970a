#include "server/services/robot/config.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/services/robot/config_key.pb.h"

namespace relais::robot {

// Made by the build.
extern const std::string_view kDescribedConfig;

namespace {

using config::v1::OrchestratorAuthentication;

std::vector<std::string_view> NeededKeys(OrchestratorAuthentication::Scheme scheme) {
  switch (scheme) {
    case OrchestratorAuthentication::SCHEME_PERSONAL_ACCESS_TOKEN:
      return {"token"};
    case OrchestratorAuthentication::SCHEME_PASSWORD:
      return {"user", "password"};
    default:
      return {"client_id", "client_secret"};
  }
}

void CheckSection(const config::v1::Config& config, config::Findings& findings) {
  if (!config.GetExtension(config::v1::robot).orchestrators().empty()) findings.NeedsState();
  for (const auto& [id, orchestrator] : config.GetExtension(config::v1::robot).orchestrators()) {
    const std::string path = absl::StrCat("robot.orchestrators.", id);
    findings.SendsCredentials(path + ".base_url", orchestrator.base_url());
    if (!orchestrator.has_authentication()) continue;  // which has been reported
    const OrchestratorAuthentication& authentication = orchestrator.authentication();
    findings.SendsCredentials(path + ".authentication.identity_url", authentication.identity_url());
    findings.AddMissing(path + ".authentication", authentication,
                        NeededKeys(authentication.scheme()));
  }
}

}  // namespace

config::Section ConfigSection() {
  return {"robot", "Orchestrators", CheckSection, kDescribedConfig};
}

}  // namespace relais::robot
