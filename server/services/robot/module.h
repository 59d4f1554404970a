// RobotService as the rest of the gateway knows it.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_MODULE_H_
#define RELAIS_SERVER_SERVICES_ROBOT_MODULE_H_

#include "server/gateway/module.h"

namespace relais::robot {

gateway::Module ModuleOf();

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_MODULE_H_
