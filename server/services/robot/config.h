// The section of this service in the configuration.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_CONFIG_H_
#define RELAIS_SERVER_SERVICES_ROBOT_CONFIG_H_

#include "server/config/section.h"

namespace relais::robot {

config::Section ConfigSection();

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_CONFIG_H_
