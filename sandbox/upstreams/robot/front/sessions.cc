// Sessions of robots.
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
std::vector<Json> Front::SessionsIn(std::int64_t folder) {
  std::vector<Json> list;
  for (const auto& [id, session] : simulator_.sessions) {
    if (folder == 0 || simulator_.robots.at(session.robot).folder == folder) {
      list.push_back(simulator_.SessionEntity(session));
    }
  }
  return list;
}

HttpReply Front::ListSessions(const Exchange& exchange) {
  return List(exchange, "Sessions", SessionsIn(exchange.folder), /*always_count=*/true);
}

HttpReply Front::GlobalSessions(const Exchange& exchange) {
  return List(exchange, "Sessions", SessionsIn(0), /*always_count=*/true);
}

HttpReply Front::MachineSessions(const Exchange& exchange) {
  const std::string key = ArgumentOf(exchange.target, "key");
  std::vector<Json> list = SessionsIn(0);
  std::erase_if(list, [&](const Json& session) { return session["MachineId"].dump() != key; });
  return List(exchange, "Sessions", std::move(list), /*always_count=*/true);
}

HttpReply Front::MachineSessionRuntimes(const Exchange& exchange) {
  const auto folder = exchange.target.arguments.find("folderid");
  std::string robot_id;
  std::string type;
  for (const auto& [name, value] : exchange.request.fields) {
    if (name == "robotId") robot_id = value;
    if (name == "runtimeType") type = value;
  }
  std::vector<Json> list;
  for (const auto& [id, session] : simulator_.sessions) {
    const Robot& robot = simulator_.robots.at(session.robot);
    const Json entity = simulator_.SessionEntity(session);
    const bool wanted =
        (folder == exchange.target.arguments.end() ||
         entity["OrganizationUnitId"].dump() == folder->second) &&
        (robot_id.empty() || robot_id == absl::StrCat(session.robot)) &&
        (type.empty() || absl::EqualsIgnoreCase(type, TextOf(robot.entity, "Type")));
    if (!wanted) continue;
    const auto machine = simulator_.machines.find(
        entity["MachineId"].is_number() ? entity["MachineId"].get<std::int64_t>() : 0);
    list.push_back({{"SessionId", id},
                    {"MachineId", entity["MachineId"]},
                    {"MachineName", entity["MachineName"]},
                    {"MaintenanceMode", session.maintenance ? "Enabled" : "Default"},
                    {"HostMachineName", entity["HostMachineName"]},
                    {"RuntimeType", robot.entity["Type"]},
                    {"MachineType", machine == simulator_.machines.end() ? Json("Standard")
                                                                         : machine->second["Type"]},
                    {"Status", entity["State"]},
                    {"IsUnresponsive", entity["IsUnresponsive"]},
                    {"Runtimes", 1},
                    {"UsedRuntimes", entity["State"] == "Busy" ? 1 : 0},
                    {"ServiceUserName", robot.entity["Username"]},
                    {"ReportingTime", entity["ReportingTime"]},
                    {"Version", entity["Version"]},
                    {"DebugModeExpirationDate", entity["DebugModeExpirationDate"]}});
  }
  return List(exchange, "MachineSessionRuntimes", std::move(list));
}

HttpReply Front::SessionUsernames(const Exchange& exchange) {
  std::set<std::string> names;
  for (const auto& [id, session] : simulator_.sessions) {
    names.insert(TextOf(simulator_.robots.at(session.robot).entity, "Username"));
  }
  names.erase("");
  return Texts(exchange, names);
}

HttpReply Front::UserRobots(const Exchange& exchange) {
  std::map<std::string, Json> robots;
  for (const auto& [id, robot] : simulator_.robots) {
    const std::string user = TextOf(robot.entity, "Username");
    if (!user.empty()) robots[user].push_back(robot.entity["Name"]);
  }
  std::vector<Json> list;
  for (auto& [user, names] : robots) {
    list.push_back({{"UserName", user}, {"RobotNames", std::move(names)}});
  }
  return List(exchange, "UserRobots", std::move(list));
}

RobotSession& Front::SessionAt(std::int64_t id) {
  const auto found = simulator_.sessions.find(id);
  if (found == simulator_.sessions.end()) throw Refusal(404, 1002, "Session does not exist.");
  return found->second;
}

// One session, or, as older clients say it, those of a host.
HttpReply Front::SetMaintenanceMode(const Exchange& exchange) {
  const std::string mode = TextOf(exchange.body, "maintenanceMode");
  if (mode != "Default" && mode != "Enabled") {
    throw Refusal(400, 1009, "The field maintenanceMode is Default or Enabled.");
  }
  const std::string strategy = TextOf(exchange.body, "stopJobsStrategy");
  if (!strategy.empty() && strategy != "SoftStop" && strategy != "Kill") {
    throw Refusal(400, 1009, "The field stopJobsStrategy is SoftStop or Kill.");
  }
  std::vector<std::int64_t> ids;
  const Json& one = Member(exchange.body, "sessionId");
  const std::string host = TextOf(exchange.body, "hostName");
  if (one.is_number_integer()) {
    (void)SessionAt(ids.emplace_back(one.get<std::int64_t>()));
  } else if (options_.strict || host.empty()) {
    throw Refusal(400, 1009, "The field sessionId is required.");
  }
  for (const auto& [id, session] : simulator_.sessions) {
    if (ids.empty() && absl::EqualsIgnoreCase(session.host, host)) ids.push_back(id);
  }
  for (const std::int64_t id : ids) {
    RobotSession& session = SessionAt(id);
    session.maintenance = mode == "Enabled";
    for (auto& [job_id, job] : simulator_.jobs) {
      if (session.maintenance && !strategy.empty() && job.robot == session.robot &&
          Simulator::IsRunning(job)) {
        simulator_.StopJob(job, strategy);
      }
    }
  }
  return EmptyReply(204);
}

HttpReply Front::DeleteInactiveSessions(const Exchange& exchange) {
  const std::vector<std::int64_t> ids = IdsOf(exchange.body, "sessionIds");
  for (const std::int64_t id : ids) {
    const RobotSession& session = SessionAt(id);
    const Json entity = simulator_.SessionEntity(session);
    if (entity["State"] != "Disconnected" && entity["IsUnresponsive"] != true) {
      throw Refusal(400, 1000, absl::StrCat("The session ", id, " is active."));
    }
    if (!IsUnattended(simulator_.robots.at(session.robot))) {
      throw Refusal(400, 1000, absl::StrCat("The session ", id, " is attended."));
    }
  }
  for (const std::int64_t id : ids) simulator_.sessions.erase(id);
  return EmptyReply(204);
}

HttpReply Front::ToggleDebugMode(const Exchange& exchange) {
  constexpr std::int64_t kDefaultMinutes = 60;
  RobotSession& session = SessionAt(exchange.target.key);
  const Json& enabled = Member(exchange.body, "enabled");
  const Json& minutes = Member(exchange.body, "minutes");
  if (!enabled.is_boolean()) throw Refusal(400, 1009, "The field enabled is required.");
  const std::int64_t time = minutes.is_null() ? kDefaultMinutes : minutes.get<std::int64_t>();
  if (time <= 0) throw Refusal(400, 1009, "The field minutes must be more than 0.");
  session.debug_until =
      enabled.get<bool>() ? simulator_.Now() + absl::Minutes(time) : absl::InfinitePast();
  return EmptyReply(204);
}

}  // namespace relais::sandbox::robot
