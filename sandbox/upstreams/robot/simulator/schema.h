// What the entity sets of Orchestrator have for properties, as far as the sandbox serves them.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_SCHEMA_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_SCHEMA_H_

#include <string>
#include <string_view>
#include <vector>

namespace relais::sandbox::robot {

struct Property {
  enum class Type { kText, kWhole, kBool, kTime, kGuid, kEnum, kNavigation, kOther };
  std::string name;
  Type type = Type::kOther;
  std::vector<std::string> words{};  // kEnum: by ordinal
  std::string target{};              // kNavigation: the entity set
};

struct Schema {
  std::string set;  // "Sessions"
  std::vector<Property> properties;

  // Compares without regard to case; null: there is none.
  const Property* Find(std::string_view name) const;
};

// The schema of an entity set, e.g. "Robots"; null: there is none.
const Schema* SchemaOf(std::string_view set);

// The place of an enumeration's word, in any case, or of its number; -1: it is none of them.
int OrdinalOf(const Property& property, std::string_view word);

// Words of enumerations that the sandbox itself chooses from.
inline constexpr const char* kRobotTypes =
    "NonProduction|Attended|Unattended|Development|StudioX|Headless|StudioPro|TestAutomation|"
    "AutomationCloud|Serverless";

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_SCHEMA_H_
