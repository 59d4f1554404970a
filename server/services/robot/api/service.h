// How relais.robot.v1.RobotService is served: the methods of each noun, and what they share.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_

#include "server/gateway/method.h"
#include "server/gateway/mutation.h"
#include "server/services/robot/backend/connection.h"
#include "server/services/robot/names.h"

namespace relais::robot {

template <typename Name>
using Target = gateway::Target<Connection, Name>;
using Methods = gateway::Methods<Connection>;

// Each adds the methods of one file.
void AddTenantMethods(Methods& methods);
void AddRobotMethods(Methods& methods);
void AddRobotChangeMethods(Methods& methods);
void AddSessionMethods(Methods& methods);
void AddLogMethods(Methods& methods);
void AddTailMethod(Methods& methods);
void AddJobMethods(Methods& methods);
void AddStartMethods(Methods& methods);
void AddWatchMethods(Methods& methods);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_
