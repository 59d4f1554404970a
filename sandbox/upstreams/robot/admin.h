// The sandbox's own routes for Orchestrator, under /sandbox/robot/.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_

#include "sandbox/http/message.h"
#include "sandbox/upstreams/robot/front.h"

namespace relais::sandbox::orchestrator {

HttpReply AdministerRobot(const HttpRequest& request, RobotFront& front);

}  // namespace relais::sandbox::orchestrator

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_
