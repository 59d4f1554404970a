// What `relaisd config check|print|schema` does. Each returns the exit code of the program.

#ifndef RELAIS_SERVER_CONFIG_CONFIG_COMMAND_H_
#define RELAIS_SERVER_CONFIG_CONFIG_COMMAND_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/config/config.h"

namespace relais::config {

inline constexpr int kExitOk = 0;
inline constexpr int kExitConfigError = 2;

struct ConfigRequest {
  std::string file;  // empty = none: defaults, environment and flags
  Environment environment;
  std::vector<std::string> flags;   // the values of --set
  std::vector<Section> sections{};  // of all services
  // What else there is to say of a configuration that is valid by itself: INVALID_ARGUMENT with
  // every problem, a line each. Null: nothing.
  std::function<absl::Status(const LoadedConfig&)> look_into = nullptr;
};

// Loads everything as the server would, secrets and files included, and looks into it. `out` gets
// one line of summary, `err` one line for each problem or warning.
int RunConfigCheck(const ConfigRequest& request, std::ostream& out, std::ostream& err);

// Writes the effective configuration as YAML. Secrets are neither needed nor shown, and the files
// that the configuration names need not exist.
int RunConfigPrint(const ConfigRequest& request, std::ostream& out, std::ostream& err);

// Writes the JSON Schema.
int RunConfigSchema(const std::vector<Section>& sections, std::ostream& out);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_CONFIG_COMMAND_H_
