// Keys from environment variables and flags, which win over the file: file < environment < flag.

#ifndef RELAIS_SERVER_CONFIG_YAML_OVERRIDES_H_
#define RELAIS_SERVER_CONFIG_YAML_OVERRIDES_H_

#include <map>
#include <string>
#include <vector>

#include "server/config/problems.h"
#include "server/config/yaml/tree.h"

namespace relais::config {

using Environment = std::map<std::string, std::string>;

// Puts the values of `environment` (RELAIS_<PATH>, segments joined by "__", upper case, "-" of a
// connection id as "_") and then of `flags` ("path.of.key=value") into `tree`. A list is written
// with commas. Other variables are ignored: those without the prefix, those without "__" that name
// no top-level key, and those that a Secret's `env` names.
void ApplyOverrides(const Environment& environment, const std::vector<std::string>& flags,
                    YamlTree& tree, Problems& problems);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_OVERRIDES_H_
