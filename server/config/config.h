// The configuration of relaisd: YAML, overridden by environment variables, overridden by flags,
// checked against relais.config.v1, with every default filled in. What is configured is a section
// for each service, which the service offers, besides the few of the gateway itself.

#ifndef RELAIS_SERVER_CONFIG_CONFIG_H_
#define RELAIS_SERVER_CONFIG_CONFIG_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/root.pb.h"
#include "server/config/section.h"
#include "server/config/yaml/overrides.h"
#include "server/core/base/secret.h"

namespace relais::config {

struct ConfigOptions {
  // Overrides (RELAIS_…) and the source of secrets. See ProcessEnvironment().
  Environment environment;
  // "server.listen=127.0.0.1:6000", in the order given; the last of a key wins.
  std::vector<std::string> flags;
  // Where relative paths count from. LoadConfig sets it: the directory of the file, or the working
  // directory without a file. ParseConfig makes no use of the working directory: "" is "/".
  std::string directory;
  // Files that are built in, by absolute path: they need not be on the machine.
  std::map<std::string, std::string> files;
  // False: no file is opened and no secret fetched; the result then depends on the arguments alone.
  bool look_outside = true;
};

// Valid and complete. The section of a service is the extension of `config` that its
// config_key.proto defines. Paths of files are absolute; `listen` addresses have the form that they
// must have and the rule for non-loopback addresses holds.
struct LoadedConfig {
  v1::Config config;
  // By the path of the key, e.g. "<section>.<connections>.<id>.password".
  std::map<std::string, Secret> secrets;
  // Whether there are connections whose calls must survive a restart, so that `state.file` is used.
  bool needs_state = false;
  // Sentences for the operator, with their places; the configuration is valid all the same.
  std::vector<std::string> warnings;
};

// Reads `path`; empty = no file, so defaults, environment and flags alone. `sections` are those of
// all services. Errors are
// INVALID_ARGUMENT with one line for each problem: `relais.yaml:12:5: server.liste:
// unknown key; did you mean "listen"?`. No message contains a secret.
absl::StatusOr<LoadedConfig> LoadConfig(const std::string& path, ConfigOptions options,
                                        const std::vector<Section>& sections);

// The same for a text that errors call `name`. With `look_outside` false it is a pure function and
// takes hostile bytes.
absl::StatusOr<LoadedConfig> ParseConfig(const std::string& name, std::string_view text,
                                         const ConfigOptions& options,
                                         const std::vector<Section>& sections);

// The environment of this process. Not while another thread changes it.
Environment ProcessEnvironment();

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_CONFIG_H_
