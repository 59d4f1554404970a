#include "server/gateway/module.h"

#include "server/core/base/view.h"

namespace relais::gateway {

SecretAt SecretsBelow(const config::LoadedConfig& loaded, std::string path) {
  return [&loaded, path = std::move(path)](std::string_view key) {
    const auto found = loaded.secrets.find(absl::StrCat(path, ".", View(key)));
    return found == loaded.secrets.end() ? Secret() : found->second;
  };
}

}  // namespace relais::gateway
