// Which keys of `authentication` each scheme needs.

#ifndef RELAIS_SERVER_CONFIG_AUTHENTICATION_H_
#define RELAIS_SERVER_CONFIG_AUTHENTICATION_H_

#include <string>
#include <vector>

#include "server/config/config.pb.h"

namespace relais::config {

// The keys that the scheme needs and `authentication` lacks.
std::vector<std::string> MissingKeys(const v1::Authentication& authentication);
std::vector<std::string> MissingKeys(const v1::OrchestratorAuthentication& authentication);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_AUTHENTICATION_H_
