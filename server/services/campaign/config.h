// The section of this service in the configuration.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_CONFIG_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_CONFIG_H_

#include <string>
#include <utility>
#include <vector>

#include "server/config/section.h"
#include "server/services/campaign/config.pb.h"

namespace relais::campaign {

config::Section ConfigSection();

// What is wrong with an instance beyond its single keys: key and sentence.
std::vector<std::pair<std::string, std::string>> InstanceProblems(
    const config::v1::Instance& instance);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_CONFIG_H_
