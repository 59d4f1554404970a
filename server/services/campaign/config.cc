#include "server/services/campaign/config.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/services/campaign/config_key.pb.h"

namespace relais::campaign {

// Made by the build.
extern const std::string_view kDescribedConfig;

namespace {

// What the vendor's library cannot be told.
void AddProblemsOfBridge(const config::v1::Instance& instance,
                         std::vector<std::pair<std::string, std::string>>& problems) {
  constexpr char kNot[] = "cannot be given to the vendor's library (codec vendor_bridge).";
  if (!instance.has_bridge())
    problems.emplace_back("bridge", "is required by codec vendor_bridge.");
  if (instance.has_sha1_password()) problems.emplace_back("sha1_password", kNot);
  if (!instance.tls().ca_file().empty()) problems.emplace_back("tls.ca_file", kNot);
  if (!instance.tls().pinned_public_key().empty())
    problems.emplace_back("tls.pinned_public_key", kNot);
  if (!instance.server_name().empty()) problems.emplace_back("server_name", kNot);
  if (instance.tls13_only()) problems.emplace_back("tls13_only", kNot);
  if (instance.use_tls() && instance.transport() == config::v1::Instance::TRANSPORT_HTTP)
    problems.emplace_back("use_tls", "is for transport tcp alone with codec vendor_bridge.");
  if (instance.bridge().has_http_options() &&
      instance.transport() == config::v1::Instance::TRANSPORT_TCP)
    problems.emplace_back("bridge.http_options", "are for transport http alone.");
}

void CheckSection(const config::v1::Config& config, config::Findings& findings) {
  if (!config.GetExtension(config::v1::campaign).instances().empty()) findings.NeedsState();
  for (const auto& [id, instance] : config.GetExtension(config::v1::campaign).instances()) {
    const std::string path = absl::StrCat("campaign.instances.", id);
    if (!instance.use_tls()) {
      const bool ipv6 = instance.host().find(':') != std::string::npos;
      findings.SendsCredentials(path + ".use_tls", absl::StrCat("http://", ipv6 ? "[" : "",
                                                                instance.host(), ipv6 ? "]" : ""));
    }
    for (const auto& [key, sentence] : InstanceProblems(instance))
      findings.AddBelow(path, key, sentence);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> InstanceProblems(
    const config::v1::Instance& instance) {
  std::vector<std::pair<std::string, std::string>> problems;
  if (instance.codec() == config::v1::Instance::CODEC_VENDOR_BRIDGE) {
    AddProblemsOfBridge(instance, problems);
  } else if (instance.has_bridge()) {
    problems.emplace_back("bridge", "is for codec vendor_bridge alone.");
  }
  if (!instance.has_password() && !instance.has_sha1_password())
    problems.emplace_back("password", "is required.");
  if (instance.has_password() && instance.has_sha1_password())
    problems.emplace_back("sha1_password", "takes the place of password: give one of them.");
  if (instance.transport() == config::v1::Instance::TRANSPORT_HTTP && instance.alias().empty())
    problems.emplace_back("alias", "is required by transport http.");
  if (instance.host().find_first_of("/@?# \t[]") != std::string::npos)
    problems.emplace_back("host", "must be a name or an address, without scheme, port or path.");
  if (instance.alias().find_first_of("/?#%") != std::string::npos)
    problems.emplace_back("alias", "must be a name without \"/\", \"?\", \"#\" and \"%\".");
  return problems;
}

config::Section ConfigSection() {
  return {"campaign", "instances of campaigns", CheckSection, kDescribedConfig};
}

}  // namespace relais::campaign
