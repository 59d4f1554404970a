// What an instance of campaigns must have, and must not have together.

#ifndef RELAIS_SERVER_CONFIG_INSTANCE_CHECK_H_
#define RELAIS_SERVER_CONFIG_INSTANCE_CHECK_H_

#include <string>
#include <utility>
#include <vector>

#include "server/config/config.pb.h"

namespace relais::config {

// What is wrong with it beyond its single keys: key and sentence.
std::vector<std::pair<std::string, std::string>> InstanceProblems(const v1::Instance& instance);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_INSTANCE_CHECK_H_
