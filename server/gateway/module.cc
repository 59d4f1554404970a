#include "server/gateway/module.h"

#include "absl/strings/match.h"
#include "server/core/base/text/view.h"

namespace relais::gateway {

SecretAt SecretsBelow(const config::LoadedConfig& loaded, std::string path) {
  return [&loaded, path = std::move(path)](std::string_view key) {
    const auto found = loaded.secrets.find(absl::StrCat(path, ".", View(key)));
    return found == loaded.secrets.end() ? Secret() : found->second;
  };
}

std::vector<Secret> AllSecretsBelow(const config::LoadedConfig& loaded, const std::string& path) {
  std::vector<Secret> secrets;
  for (const auto& [key, secret] : loaded.secrets) {
    if (absl::StartsWith(key, path + ".")) secrets.push_back(secret);
  }
  return secrets;
}

}  // namespace relais::gateway
