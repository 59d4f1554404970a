// Users, and what the caller may do.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

void ApplyCredentials(const Json& changes, Json& robot) {
  for (const auto& [name, value] : changes.items()) robot[name] = value;
}

}  // namespace

HttpReply Front::ListUsers(const Exchange& exchange) {
  std::vector<Json> list = ValuesOf(simulator_.users);
  for (Json& user : list) user.erase("UnattendedRobot");  // comes with a single user only
  return List(exchange, "Users", std::move(list));
}

HttpReply Front::GetUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  Json shown = found->second;
  shown["UnattendedRobot"]["Password"] = nullptr;
  return Single(exchange, "Users", shown);
}

HttpReply Front::UserByKey(const Exchange& exchange) {
  const std::string key = ArgumentOf(exchange.target, "identifier");
  for (const auto& [id, user] : simulator_.users) {
    if (!absl::EqualsIgnoreCase(TextOf(user, "Key"), key)) continue;
    Json shown = user;
    if (shown["UnattendedRobot"].is_object()) shown["UnattendedRobot"]["Password"] = nullptr;
    return Single(exchange, "Users", shown);
  }
  throw Refusal(404, 1002, "User does not exist.");
}

// By user, whether one of its robots is busy.
HttpReply Front::ValidateUsers(const Exchange& exchange) {
  const Json ids = Json::parse(ArgumentOf(exchange.target, "userids"), nullptr, false);
  if (!ids.is_array()) throw Refusal(400, 1000, "The userIds are no list.");
  Json value = Json::object();
  for (const Json& id : ids) {
    if (!id.is_number_integer() || !simulator_.users.contains(id.get<std::int64_t>())) {
      throw Refusal(404, 1002, "User does not exist.");
    }
    value[id.dump()] =
        std::any_of(simulator_.robots.begin(), simulator_.robots.end(), [&](const auto& entry) {
          return entry.second.entity["UserId"] == id && simulator_.HasRunningJob(entry.first);
        });
  }
  return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange)}, {"value", std::move(value)}});
}

HttpReply Front::CurrentUser(const Exchange& exchange) {
  return Single(exchange, "Users", simulator_.users.at(exchange.caller.user));
}

// What the scopes of the token leave of them.
HttpReply Front::CurrentPermissions(const Exchange& exchange) {
  struct Permission {
    const char* name;
    const char* area;
    bool write;
  };
  static constexpr Permission kPermissions[] = {
      {"Robots.View", "Robots", false},       {"Robots.Create", "Robots", true},
      {"Robots.Edit", "Robots", true},        {"Robots.Delete", "Robots", true},
      {"Logs.View", "Monitoring", false},     {"Jobs.View", "Jobs", false},
      {"Jobs.Create", "Jobs", true},          {"Jobs.Edit", "Jobs", true},
      {"Processes.View", "Execution", false}, {"Users.View", "Users", false},
      {"Users.Edit", "Users", true},          {"Machines.View", "Machines", false},
      {"Machines.Create", "Machines", true},  {"Machines.Edit", "Machines", true},
      {"Machines.Delete", "Machines", true},  {"Settings.View", "Settings", false},
      {"Settings.Edit", "Settings", true},    {"Units.View", "Folders", false}};
  Json granted = Json::array();
  for (const Permission& permission : kPermissions) {
    if (exchange.caller.May(permission.area, permission.write)) granted.push_back(permission.name);
  }
  constexpr char kType[] = "#UiPath.Server.Configuration.OData.UserPermissionsCollection";
  return JsonAnswer(200, {{"@odata.context", absl::StrCat(ContextUrl(exchange), kType)},
                          {"UserId", exchange.caller.user},
                          {"Permissions", granted}});
}

HttpReply Front::PutUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  for (const char* name : {"UserName", "Type", "Id"}) {
    if (Member(exchange.body, name).is_null()) {
      throw Refusal(400, 1009, absl::StrCat("The field ", name, " is required."));
    }
  }
  if (Member(exchange.body, "Id") != exchange.target.key) {
    throw Refusal(400, 1009, "The Id of the body is not that of the URL.");
  }
  const Json kept = found->second["UnattendedRobot"];
  Json next = exchange.body;
  next.erase("@odata.context");
  if (Member(exchange.body, "UnattendedRobot").is_object()) {
    Json credentials = kept;
    ApplyCredentials(next["UnattendedRobot"], credentials);
    if (credentials["Password"].is_null()) credentials["Password"] = kept["Password"];
    next["UnattendedRobot"] = credentials;
  } else {
    next["UnattendedRobot"] = nullptr;  // the whole entity is replaced
  }
  found->second = std::move(next);
  return EmptyReply(200);
}

HttpReply Front::PatchUser(const Exchange& exchange) {
  const auto found = simulator_.users.find(exchange.target.key);
  if (found == simulator_.users.end()) throw Refusal(404, 1002, "User does not exist.");
  if (exchange.target.key != exchange.caller.user) {
    throw Refusal(403, 0, "You are not authorized!");
  }
  if (!exchange.body.is_object()) throw Refusal(400, 0, "user must not be null");
  const Json& credentials = Member(exchange.body, "UnattendedRobot");
  if (credentials.is_object()) ApplyCredentials(credentials, found->second["UnattendedRobot"]);
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
