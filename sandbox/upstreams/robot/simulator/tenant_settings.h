// What a tenant's administrators set: named texts, some of which Orchestrator itself heeds.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_TENANT_SETTINGS_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_TENANT_SETTINGS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace relais::sandbox::robot {

// What robots may be told about how they execute, e.g. TracingLevel.
struct ExecutionSetting {
  const char* key;
  const char* display_name;
  const char* value_type;
  std::string default_value;
  std::vector<std::string> possible_values;
};

// Not thread-safe.
class TenantSettings {
 public:
  TenantSettings();

  // SettingsDto, by name.
  std::vector<nlohmann::ordered_json> List() const;
  // Null when there is none.
  nlohmann::ordered_json Find(std::string_view name) const;
  void Set(const std::string& name, const std::string& value, const std::string& scope);
  // Back to what it was at the start; what was not there then is gone.
  void Reset(const std::string& name);
  // Another text after every change; robot programs ask for their settings again then.
  std::string Stamp() const;

  // How long a robot may be silent before it counts as unresponsive.
  absl::Duration HeartbeatThreshold() const;
  // With the tenant's defaults.
  std::vector<ExecutionSetting> ExecutionSettings() const;

 private:
  struct Entry {
    std::string value;
    std::string scope;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::int64_t changes_ = 0;
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_TENANT_SETTINGS_H_
