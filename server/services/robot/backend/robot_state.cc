#include "server/services/robot/backend/robot_state.h"

#include <algorithm>
#include <utility>

#include "server/gateway/messages/timestamp.h"

namespace relais::robot {
namespace {

using v1::RobotState;
using v1::Session;

bool IsSilent(RobotState::State state) {
  return state == RobotState::STATE_UNRESPONSIVE || state == RobotState::STATE_DISCONNECTED;
}

// The higher, the more it counts among several.
int Rank(RobotState::State state) {
  switch (state) {
    case RobotState::STATE_BUSY:
      return 5;
    case RobotState::STATE_AVAILABLE:
      return 4;
    case RobotState::STATE_UNKNOWN:
      return 3;
    case RobotState::STATE_UNRESPONSIVE:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

RobotState::State StateOf(const Session& session, const Heartbeat& heartbeat) {
  if (session.reported_state() == Session::REPORTED_STATE_UNSPECIFIED)
    return RobotState::STATE_UNSPECIFIED;
  if (session.reported_state() == Session::REPORTED_STATE_DISCONNECTED)
    return RobotState::STATE_DISCONNECTED;
  const bool overdue =
      session.has_report_time() &&
      heartbeat.now - gateway::ToTime(session.report_time()) > heartbeat.unresponsive_after;
  if (session.unresponsive() || overdue) return RobotState::STATE_UNRESPONSIVE;
  if (session.reported_state() == Session::REPORTED_STATE_AVAILABLE)
    return RobotState::STATE_AVAILABLE;
  if (session.reported_state() == Session::REPORTED_STATE_BUSY) return RobotState::STATE_BUSY;
  return RobotState::STATE_UNKNOWN;
}

RobotState RobotStateOf(std::string name, std::string display_name,
                        const std::vector<const Session*>& sessions, const Heartbeat& heartbeat) {
  RobotState robot;
  robot.set_name(std::move(name));
  robot.set_display_name(std::move(display_name));
  robot.set_state(RobotState::STATE_NEVER_CONNECTED);
  std::vector<const Session*> sorted = sessions;
  std::sort(sorted.begin(), sorted.end(), [](const Session* left, const Session* right) {
    return std::make_pair(left->name().size(), left->name()) <
           std::make_pair(right->name().size(), right->name());  // by number
  });
  for (const Session* session : sorted) {
    auto& state = *robot.add_sessions();
    state.set_name(session->name());
    state.set_state(StateOf(*session, heartbeat));
    state.set_raw_state(session->raw_state());
    state.set_host_machine_name(session->host_machine_name());
    state.set_info(session->info());
    if (IsSilent(state.state()) && session->has_report_time())
      *state.mutable_last_report_time() = session->report_time();
    if (robot.state() == RobotState::STATE_NEVER_CONNECTED ||
        Rank(state.state()) > Rank(robot.state())) {
      robot.set_state(state.state());
    }
  }
  return robot;
}

}  // namespace relais::robot
