// The sandbox's own routes for Orchestrator, under /sandbox/robot/.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_

#include "sandbox/http/message.h"
#include "sandbox/upstreams/robot/front/front.h"

namespace relais::sandbox::robot {

HttpReply AdministerRobot(const HttpRequest& request, Front& front);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ADMIN_H_
