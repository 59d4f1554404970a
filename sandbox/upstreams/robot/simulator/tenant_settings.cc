#include "sandbox/upstreams/robot/simulator/tenant_settings.h"

#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;

constexpr char kThreshold[] = "Scalability.Heartbeat.FailureThreshold";  // seconds
constexpr std::int64_t kDefaultThreshold = 120;
// Of a setting that replaces the default of an execution setting.
constexpr char kExecution[] = "Robot.ExecutionSettings.";

struct Default {
  const char* name;
  const char* value;
  const char* scope;
};
constexpr Default kDefaults[] = {{"Abp.Localization.DefaultLanguageName", "en", "All"},
                                 {"Abp.Timing.TimeZone", "UTC", "All"},
                                 {kThreshold, "120", "Tenant"},
                                 {"Scalability.Heartbeat.Period", "30", "Tenant"}};

}  // namespace

TenantSettings::TenantSettings() {
  for (const Default& one : kDefaults) entries_[one.name] = {one.value, one.scope};
}

std::vector<json> TenantSettings::List() const {
  std::vector<json> list;
  for (const auto& [name, entry] : entries_) list.push_back(Find(name));
  return list;
}

json TenantSettings::Find(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return {};
  return {{"Name", found->first},
          {"Value", found->second.value},
          {"Scope", found->second.scope},
          {"Id", found->first}};
}

void TenantSettings::Set(const std::string& name, const std::string& value,
                         const std::string& scope) {
  entries_[name] = {value, scope};
  ++changes_;
}

void TenantSettings::Reset(const std::string& name) {
  entries_.erase(name);
  for (const Default& one : kDefaults) {
    if (name == one.name) entries_[name] = {one.value, one.scope};
  }
  ++changes_;
}

std::string TenantSettings::Stamp() const { return absl::StrCat(changes_); }

absl::Duration TenantSettings::HeartbeatThreshold() const {
  std::int64_t seconds = 0;
  const bool sound = absl::SimpleAtoi(entries_.at(kThreshold).value, &seconds) && seconds > 0;
  return absl::Seconds(sound ? seconds : kDefaultThreshold);
}

std::vector<ExecutionSetting> TenantSettings::ExecutionSettings() const {
  std::vector<ExecutionSetting> all = {
      {"TracingLevel",
       "Logging level",
       "MultipleChoice",
       "Information",
       {"Verbose", "Trace", "Information", "Warning", "Error", "Critical", "Off"}},
      {"StudioNotifyServer", "Allow development logging", "Boolean", "true", {}},
      {"LoginToConsole", "Login to console", "Boolean", "true", {}},
      {"ResolutionWidth", "Resolution width", "Integer", "0", {}},
      {"ResolutionHeight", "Resolution height", "Integer", "0", {}},
      {"ResolutionDepth", "Resolution depth", "Integer", "0", {}},
      {"FontSmoothing", "Font smoothing", "Boolean", "false", {}},
      {"AutoDownloadProcess", "Auto download process", "Boolean", "true", {}}};
  for (ExecutionSetting& one : all) {
    const auto own = entries_.find(absl::StrCat(kExecution, one.key));
    if (own != entries_.end()) one.default_value = own->second.value;
  }
  return all;
}

}  // namespace relais::sandbox::robot
