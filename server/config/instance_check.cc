#include "server/config/instance_check.h"

namespace relais::config {
namespace {

// What the vendor's library cannot be told.
void AddProblemsOfBridge(const v1::Instance& instance,
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
  if (instance.use_tls() && instance.transport() == v1::Instance::TRANSPORT_HTTP)
    problems.emplace_back("use_tls", "is for transport tcp alone with codec vendor_bridge.");
  if (instance.bridge().has_http_options() && instance.transport() == v1::Instance::TRANSPORT_TCP)
    problems.emplace_back("bridge.http_options", "are for transport http alone.");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> InstanceProblems(const v1::Instance& instance) {
  std::vector<std::pair<std::string, std::string>> problems;
  if (instance.codec() == v1::Instance::CODEC_VENDOR_BRIDGE) {
    AddProblemsOfBridge(instance, problems);
  } else if (instance.has_bridge()) {
    problems.emplace_back("bridge", "is for codec vendor_bridge alone.");
  }
  if (!instance.has_password() && !instance.has_sha1_password())
    problems.emplace_back("password", "is required.");
  if (instance.has_password() && instance.has_sha1_password())
    problems.emplace_back("sha1_password", "takes the place of password: give one of them.");
  if (instance.transport() == v1::Instance::TRANSPORT_HTTP && instance.alias().empty())
    problems.emplace_back("alias", "is required by transport http.");
  if (instance.host().find_first_of("/@?# \t[]") != std::string::npos)
    problems.emplace_back("host", "must be a name or an address, without scheme, port or path.");
  if (instance.alias().find_first_of("/?#%") != std::string::npos)
    problems.emplace_back("alias", "must be a name without \"/\", \"?\", \"#\" and \"%\".");
  return problems;
}

}  // namespace relais::config
