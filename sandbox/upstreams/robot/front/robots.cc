// Robots, one by one.

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr std::size_t kMaxRobotName = 19;

}  // namespace

Robot& Front::RobotAt(const Exchange& exchange, std::int64_t id) {
  const auto found = simulator_.robots.find(id);
  if (found == simulator_.robots.end() || found->second.folder != exchange.folder) {
    throw Refusal(404, 1002, "Robot does not exist.");
  }
  return found->second;
}

HttpReply Front::GetRobot(const Exchange& exchange) {
  return Single(exchange, "Robots",
                simulator_.RobotEntity(RobotAt(exchange, exchange.target.key), /*whole=*/true));
}

// `old`: what it replaces; null: nothing.
void Front::CheckRobot(const Json& body, const Json* old) const {
  if (!body.is_object()) throw Refusal(400, 0, "robot must not be null");
  std::vector<const char*> required = {"Name", "Type", "HostingType"};
  if (options_.version <= 11) required.push_back("Username");
  if (old != nullptr) required.insert(required.end(), {"LicenseKey", "MachineName", "Id"});
  for (const char* name : required) {
    // The vendor's own example of a PUT has no HostingType.
    if (old != nullptr && name == std::string("HostingType")) continue;
    if (Member(body, name).is_null()) {
      throw Refusal(400, 1009, absl::StrCat("The field ", name, " is required."));
    }
  }
  const std::string name = Member(body, "Name").get<std::string>();
  if (name.empty() || name.size() > kMaxRobotName) {
    throw Refusal(400, 1009, absl::StrCat("Name must have 1 to ", kMaxRobotName, " characters."));
  }
  const Json& type = Member(body, "Type");
  if (!type.is_number() &&
      OrdinalOf(*SchemaOf("Robots")->Find("Type"), type.get<std::string>()) < 0) {
    throw Refusal(400, 0, "The value of Type is none of its words.");
  }
}

HttpReply Front::CreateRobot(const Exchange& exchange) {
  CheckRobot(exchange.body, nullptr);
  for (const auto& [id, robot] : simulator_.robots) {
    if (robot.folder == exchange.folder && robot.entity["Name"] == Member(exchange.body, "Name")) {
      throw Refusal(409, 1001, "The name is already used by another robot.");
    }
  }
  const std::int64_t id =
      simulator_.AddRobot(MergedOver("Robots", Json::object(), exchange.body), exchange.folder);
  Json shown = simulator_.RobotEntity(simulator_.robots.at(id), /*whole=*/true);
  if (!Member(exchange.body, "Password").is_null()) shown["Password"] = "••••••••";
  return Single(exchange, "Robots", shown, 201);
}

HttpReply Front::PutRobot(const Exchange& exchange) {
  Robot& robot = RobotAt(exchange, exchange.target.key);
  CheckRobot(exchange.body, &robot.entity);
  if (Member(exchange.body, "Id") != exchange.target.key) {
    throw Refusal(400, 1009, "The Id of the body is not that of the URL.");
  }
  Json next = MergedOver("Robots", robot.entity, exchange.body);
  const Json& settings = Member(exchange.body, "ExecutionSettings");
  if (settings.is_null()) next["ExecutionSettings"] = robot.entity["ExecutionSettings"];
  if (simulator_.HasRunningJob(exchange.target.key)) {
    for (const char* name : {"Username", "MachineName", "Type"}) {
      if (next[name] != robot.entity[name]) {
        throw Refusal(400, 1024, absl::StrCat(name, " cannot be edited while the robot is busy."));
      }
    }
  }
  // The password that is kept belongs to the user name that is kept.
  const Json& password = Member(exchange.body, "Password");
  const bool given = password.is_string() && !password.get<std::string>().empty();
  const bool same_user = next["Username"] == robot.entity["Username"];
  if (!given) next["Password"] = same_user ? robot.entity["Password"] : Json();
  robot.entity = std::move(next);
  if (options_.version > 11) return EmptyReply(200);
  return Single(exchange, "Robots", simulator_.RobotEntity(robot, /*whole=*/true));
}

HttpReply Front::PatchRobot(const Exchange& exchange) {
  Robot& robot = RobotAt(exchange, exchange.target.key);
  if (!exchange.body.is_object()) throw Refusal(400, 0, "robot must not be null");
  robot.entity = MergedOver("Robots", robot.entity, exchange.body);
  return EmptyReply(200);
}

HttpReply Front::DeleteRobot(const Exchange& exchange) {
  (void)RobotAt(exchange, exchange.target.key);
  if (simulator_.HasRunningJob(exchange.target.key)) {
    throw Refusal(409, 1000, "The robot has running jobs.");
  }
  simulator_.RemoveRobot(exchange.target.key);
  return EmptyReply(204);
}

// All or nothing.
HttpReply Front::DeleteRobots(const Exchange& exchange) {
  const std::vector<std::int64_t> ids = IdsOf(exchange.body, "robotIds");
  for (const std::int64_t id : ids) {
    (void)RobotAt(exchange, id);
    if (simulator_.HasRunningJob(id)) throw Refusal(409, 1000, "A robot has running jobs.");
  }
  for (const std::int64_t id : ids) simulator_.RemoveRobot(id);
  return EmptyReply(204);
}

HttpReply Front::ToggleRobots(const Exchange& exchange) {
  const Json& enabled = Member(exchange.body, "enabled");
  if (!enabled.is_boolean()) throw Refusal(400, 1009, "The field enabled is required.");
  const std::vector<std::int64_t> ids = IdsOf(exchange.body, "robotIds");
  for (const std::int64_t id : ids) (void)RobotAt(exchange, id);
  for (const std::int64_t id : ids) simulator_.robots.at(id).entity["Enabled"] = enabled;
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
