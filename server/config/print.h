// A Config as YAML.

#ifndef RELAIS_SERVER_CONFIG_PRINT_H_
#define RELAIS_SERVER_CONFIG_PRINT_H_

#include <server/config/root.pb.h>

#include <string>

namespace relais::config {

// All that `config` says, in the order of the protos, connections by name; the same config gives
// the same text, and ParseConfig makes the same config of it. Secrets are where they are found,
// never themselves.
std::string PrintConfig(const v1::Config& config);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_PRINT_H_
