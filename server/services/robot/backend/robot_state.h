// What a robot does, from what its sessions say. Pure.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_ROBOT_STATE_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_ROBOT_STATE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "relais/robot/v1/robot.pb.h"

namespace relais::robot {

// When a session's heartbeat is overdue.
struct Heartbeat {
  absl::Time now;  // by the upstream's clock
  absl::Duration unresponsive_after = absl::Seconds(120);
};

// What a session comes to: a robot that said it goes is disconnected, however long ago; one that
// has said nothing for too long is unresponsive, whatever it said.
v1::RobotState::State StateOf(const v1::Session& session, const Heartbeat& heartbeat);

// Of a robot with these sessions; NEVER_CONNECTED without any. Says nothing that changes with every
// heartbeat.
v1::RobotState RobotStateOf(std::string name, std::string display_name,
                            const std::vector<const v1::Session*>& sessions,
                            const Heartbeat& heartbeat);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_ROBOT_STATE_H_
