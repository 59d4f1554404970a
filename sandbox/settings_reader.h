// YAML mappings read strictly, key by key.

#ifndef RELAIS_SANDBOX_SETTINGS_READER_H_
#define RELAIS_SANDBOX_SETTINGS_READER_H_

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sandbox/upstreams/campaign/options.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/robot/options.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::sandbox {

// "LINE: what is wrong". Thrown by the functions of this file and caught by ReadSettings only,
// beside yaml-cpp's own exceptions.
class SettingsError : public std::runtime_error {
 public:
  SettingsError(const YAML::Mark& mark, const std::string& why)
      : std::runtime_error(recordsql::Concat({std::to_string(mark.line + 1), ": ", why})) {}
};

using Setters = std::map<std::string, std::function<void(const YAML::Node&)>>;

// Hands the value of every key to its setter.
void Apply(const YAML::Node& node, std::string_view what, const Setters& setters);

// A list of at least one mapping; `read` gets each.
void ApplyToEach(const YAML::Node& list, std::string_view what,
                 const std::function<void(const YAML::Node&)>& read);

template <typename Number>
Number AtLeast(const YAML::Node& node, Number least) {
  const Number value = node.as<Number>();
  if (value >= least) return value;
  throw SettingsError(node.Mark(),
                      recordsql::Concat({"the number must be at least ", std::to_string(least)}));
}

// The value that goes with the node's text.
template <typename Value>
Value OneOf(const YAML::Node& node, const std::map<std::string, Value>& values) {
  const std::string text = node.as<std::string>();
  if (const auto found = values.find(text); found != values.end()) return found->second;
  std::string known;
  for (const auto& [name, value] : values) known += (known.empty() ? "" : ", ") + name;
  throw SettingsError(node.Mark(), recordsql::Concat({"'", text, "' is not one of ", known}));
}

inline std::function<void(const YAML::Node&)> TextInto(std::string& out) {
  return [&out](const YAML::Node& node) { out = node.as<std::string>(); };
}

// The section `campaign`.
void CampaignSettings(const YAML::Node& node, CampaignOptions& options);
// The section `jobqueue`.
void JobQueueSettings(const YAML::Node& node, JobQueueOptions& options);
// The section `robot`.
void RobotSettings(const YAML::Node& node, RobotOptions& options);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_SETTINGS_READER_H_
