// Robots by what they have to do with processes, folders, machines and users.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {

std::vector<Json> Front::RobotsWhere(const std::function<bool(const Robot&)>& wanted) const {
  std::vector<Json> list;
  for (const auto& [id, robot] : simulator_.robots) {
    if (wanted(robot)) list.push_back(simulator_.RobotEntity(robot));
  }
  return list;
}

HttpReply Front::ListRobots(const Exchange& exchange) {
  return List(exchange, "Robots",
              RobotsWhere([&](const Robot& robot) { return robot.folder == exchange.folder; }),
              /*always_count=*/true);
}

// Through the environments that have a release of the package.
HttpReply Front::RobotsForProcess(const Exchange& exchange) {
  const std::string package = ArgumentOf(exchange.target, "processid");
  const bool known = std::any_of(simulator_.packages.begin(), simulator_.packages.end(),
                                 [&](const Json& entity) { return entity["Id"] == package; });
  if (!known) throw Refusal(404, 1002, "Process does not exist.");
  std::vector<Json> list;
  for (const auto& [id, robot] : simulator_.robots) {
    if (robot.folder != exchange.folder) continue;
    const bool runs_it = std::any_of(
        simulator_.releases.begin(), simulator_.releases.end(),
        [&, &robot = robot](const auto& entry) {
          const Json& release = entry.second;
          const auto& groups = robot.environments;
          return release["ProcessKey"] == package &&
                 release["OrganizationUnitId"] == exchange.folder &&
                 std::find(groups.begin(), groups.end(),
                           release["EnvironmentId"].template get<std::int64_t>()) != groups.end();
        });
    if (runs_it) list.push_back(simulator_.RobotEntity(robot));
  }
  return List(exchange, "Robots", std::move(list), /*always_count=*/true);
}

HttpReply Front::RobotsOfTenant(const Exchange& exchange) {
  return List(exchange, "Robots", RobotsWhere([](const Robot&) { return true; }),
              /*always_count=*/true);
}

// Those that a user has been given.
HttpReply Front::ConfiguredRobots(const Exchange& exchange) {
  return List(exchange, "Robots", RobotsWhere([&](const Robot& robot) {
                return (exchange.folder == 0 || robot.folder == exchange.folder) &&
                       robot.entity["UserId"].is_number();
              }),
              /*always_count=*/true);
}

// Those that can work on a machine; of no machine, all.
HttpReply Front::FolderRobots(const Exchange& exchange) {
  const std::string folder = ArgumentOf(exchange.target, "folderid");
  const auto machine = exchange.target.arguments.find("machineid");
  return List(exchange, "Robots", RobotsWhere([&](const Robot& robot) {
                return absl::StrCat(robot.folder) == folder &&
                       (machine == exchange.target.arguments.end() ||
                        robot.entity["HostingType"] == "Floating" ||
                        robot.entity["MachineId"].dump() == machine->second);
              }),
              /*always_count=*/true);
}

// With what their users are called.
HttpReply Front::RobotsFromFolder(const Exchange& exchange) {
  const std::string folder = ArgumentOf(exchange.target, "folderid");
  std::vector<Json> list =
      RobotsWhere([&](const Robot& robot) { return absl::StrCat(robot.folder) == folder; });
  for (Json& robot : list) {
    const auto user = simulator_.users.find(
        robot["UserId"].is_number() ? robot["UserId"].get<std::int64_t>() : 0);
    const auto of_user = [&](const char* name) {
      return user == simulator_.users.end() ? Json() : user->second[name];
    };
    robot["UserType"] = of_user("Type");
    robot["UserEmail"] = of_user("EmailAddress");
    robot["UserFullName"] = of_user("FullName");
    robot["UserKey"] = of_user("Key");
  }
  return List(exchange, "RobotsFromFolder", std::move(list), /*always_count=*/true);
}

HttpReply Front::RobotUsernames(const Exchange& exchange) {
  std::set<std::string> names;
  for (const auto& [id, robot] : simulator_.robots) names.insert(TextOf(robot.entity, "Username"));
  names.erase("");
  return Texts(exchange, names);
}

HttpReply Front::LicenseKeys(const Exchange& exchange) {
  std::vector<Json> list;
  for (const auto& [id, machine] : simulator_.machines) {
    list.push_back({{"Key", machine["Name"]}, {"Value", machine["LicenseKey"]}});
  }
  return List(exchange, "LicenseKeys", std::move(list));
}

HttpReply Front::ConvertToFloating(const Exchange& exchange) {
  const Json& id = Member(exchange.body, "robotId");
  if (!id.is_number_integer()) throw Refusal(400, 1009, "The field robotId is required.");
  Robot& robot = RobotAt(exchange, id.get<std::int64_t>());
  if (IsUnattended(robot)) throw Refusal(400, 1000, "An unattended robot cannot be floating.");
  if (robot.entity["HostingType"] == "Floating") {
    throw Refusal(400, 1000, "The robot is floating already.");
  }
  if (simulator_.HasRunningJob(id.get<std::int64_t>())) {
    throw Refusal(409, 1000, "The robot has running jobs.");
  }
  robot.entity["HostingType"] = "Floating";
  for (const char* name : {"MachineName", "MachineId", "LicenseKey"}) robot.entity[name] = nullptr;
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
