#include "server/services/jobqueue/config.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/services/jobqueue/config_key.pb.h"

namespace relais::jobqueue {

// Made by the build.
extern const std::string_view kDescribedConfig;

namespace {

using config::v1::Authentication;

std::vector<std::string_view> NeededKeys(Authentication::Scheme scheme) {
  switch (scheme) {
    case Authentication::SCHEME_BASIC:
    case Authentication::SCHEME_NTLM:
      return {"user", "password"};
    case Authentication::SCHEME_BEARER:
      return {"token"};
    case Authentication::SCHEME_OIDC_CLIENT_CREDENTIALS:
      return {"authority", "client_id", "client_secret"};
    case Authentication::SCHEME_OIDC_REFRESH_TOKEN:
      return {"authority", "client_id", "refresh_token"};
    default:
      return {};
  }
}

void CheckSection(const config::v1::Config& config, config::Findings& findings) {
  if (!config.GetExtension(config::v1::jobqueue).queues().empty()) findings.NeedsState();
  for (const auto& [id, queue] : config.GetExtension(config::v1::jobqueue).queues()) {
    const std::string path = absl::StrCat("jobqueue.queues.", id);
    findings.SendsCredentials(path + ".base_url", queue.base_url());
    if (!queue.has_authentication()) continue;  // which has been reported
    const Authentication& authentication = queue.authentication();
    findings.SendsCredentials(path + ".authentication.authority", authentication.authority());
    findings.AddMissing(path + ".authentication", authentication,
                        NeededKeys(authentication.scheme()));
  }
}

}  // namespace

config::Section ConfigSection() {
  return {"jobqueue", "job queues", CheckSection, kDescribedConfig};
}

}  // namespace relais::jobqueue
