// What robot programs say to Orchestrator: sessions, heartbeats, the state of their jobs.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

std::string MachineOf(const HttpRequest& request) {
  std::string name;
  if (absl::Base64Unescape(request.Header("x-robot-machine-encoded"), &name) && !name.empty()) {
    return name;
  }
  return request.Header("x-robot-machine");
}

std::string VersionOf(const HttpRequest& request) {
  const std::string version = request.Header("x-robot-version");
  return version.empty() ? RobotSession().version : version;
}

// By word or by number.
std::string WordOf(const Json& value, const Property& property) {
  if (value.is_null()) return "";
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const int ordinal = OrdinalOf(property, text);
  return ordinal < 0 ? "" : property.words[static_cast<std::size_t>(ordinal)];
}

// The account that the robot works for.
Json UserDetailsOf(const Robot& robot, const std::map<std::int64_t, Json>& users) {
  const Json& id = robot.entity["UserId"];
  const auto user = id.is_number() ? users.find(id.get<std::int64_t>()) : users.end();
  if (user != users.end()) {
    return {{"key", user->second["Key"]}, {"email", user->second["EmailAddress"]}};
  }
  const Json& name = robot.entity["Username"];
  return {{"key", robot.key}, {"email", name.is_string() ? name : Json("")}};
}

Json TextOr(const Json& text, const char* otherwise) {
  return text.is_string() ? text : Json(otherwise);
}

}  // namespace

std::string Front::LicenseOf(const Exchange& exchange) const {
  const std::string license = exchange.request.Header("x-robot-license");
  return license.empty() ? exchange.caller.license : license;
}

Json Front::DetailsOf(const Robot& robot, const std::string& license) const {
  Json machine = robot.entity["MachineId"];
  for (const auto& [id, entity] : simulator_.machines) {
    if (machine.is_null() && entity["LicenseKey"] == license) machine = id;  // a floating robot
  }
  const Json& settings = robot.entity["ExecutionSettings"];
  return {{"robotKey", robot.key},
          {"user", robot.entity["Username"]},
          {"machineName", robot.entity["MachineName"]},
          {"machineId", machine.is_null() ? Json(0) : machine},
          {"robotName", robot.entity["Name"]},
          {"robotType",
           OrdinalOf(*SchemaOf("Robots")->Find("Type"), robot.entity["Type"].get<std::string>())},
          {"hasLicense", robot.entity["Enabled"]},
          {"tenantId", 1},
          {"organizationUnitId", robot.folder},
          {"isExternalLicensed", robot.entity["IsExternalLicensed"]},
          {"executionSettings", settings.is_object() ? settings : Json::object()},
          {"authSettings", {{"Auth.OAuth.RobotOAuthSecret", robot.key}}},
          {"id", robot.entity["Id"]}};
}

Json Front::CommandOf(const Exchange& exchange, const Job& job, const char* type) const {
  const Robot& robot = simulator_.robots.at(job.robot);
  const Json& release = simulator_.releases.at(job.release);
  Json command = DetailsOf(robot, LicenseOf(exchange));
  command["username"] = robot.entity["Username"];
  command["userDetails"] = UserDetailsOf(robot, simulator_.users);
  const Json& path = release["OrganizationUnitFullyQualifiedName"];
  const Json& credentials = robot.entity["CredentialType"];
  command["data"] = {{"id", absl::StrCat(job.entity["Id"].get<std::int64_t>(), "-", type)},
                     {"type", type},
                     {"jobKey", job.entity["Key"]},
                     {"processKey", release["Key"]},
                     {"processName", release["Name"]},
                     {"packageId", release["ProcessKey"]},
                     {"packageVersion", release["ProcessVersion"]},
                     {"targetFramework", release["TargetFramework"]},
                     {"entryPointPath", release["EntryPointPath"]},
                     {"inputArguments", TextOr(job.entity["InputArguments"], "{}")},
                     {"internalArguments", "{}"},
                     {"feedId", kFeedId},
                     {"feedUrl", absl::StrCat("http://", exchange.request.Header("host"),
                                              exchange.target.prefix, "/odata")},
                     {"requiresUserInteraction", !IsUnattended(robot)},
                     {"source", job.entity["Source"]},
                     {"jobSource", job.entity["Source"]},
                     {"credentialType", credentials.is_string()
                                            ? OrdinalOf(*SchemaOf("Robots")->Find("CredentialType"),
                                                        credentials.get<std::string>())
                                            : 0},
                     {"username", robot.entity["Username"]},
                     {"password", nullptr},
                     {"folderId", release["OrganizationUnitId"]},
                     {"folderKey", release["FolderKey"]},
                     {"folderPath", path},
                     {"fullyQualifiedFolderName", path},
                     {"environmentVariables", nullptr}};
  return command;
}

// The machine that the caller's own robot works on.
HttpReply Front::SharedConnectionData(const Exchange& exchange) {
  for (const auto& [id, robot] : simulator_.robots) {
    if (robot.entity["UserId"] != exchange.caller.user) continue;
    return JsonAnswer(
        200, {{"licenseKey", robot.entity["LicenseKey"]},
              {"orchestratorUrl",
               absl::StrCat("http://", exchange.request.Header("host"), exchange.target.prefix)}});
  }
  throw Refusal(409, 1000, "The user has no robot.");
}

// The robot of a user name: one of the machine's, or one that works on any.
HttpReply Front::BeginSession(const Exchange& exchange) {
  const std::string license = LicenseOf(exchange);
  const std::string user = TextOf(exchange.body, "userName");
  if (license.empty()) throw Refusal(401, 0, "The machine has no licence key.");
  for (auto& [id, robot] : simulator_.robots) {
    const bool floating = robot.entity["HostingType"] == "Floating" && !user.empty();
    if (robot.entity["LicenseKey"] != license && !floating) continue;
    if (!user.empty() && (floating || robot.entity["Username"].is_string()) &&
        !absl::EqualsIgnoreCase(TextOf(robot.entity, "Username"), user)) {
      continue;
    }
    if (robot.entity["Enabled"] != true) throw Refusal(409, 1000, "The robot is disabled.");
    simulator_.Connect(id, MachineOf(exchange.request), VersionOf(exchange.request));
    return JsonAnswer(200, DetailsOf(robot, license));
  }
  throw Refusal(404, 1002, "Robot does not exist.");
}

HttpReply Front::EndSession(const Exchange& exchange) {
  const std::string key = TextOf(exchange.body, "robotKey");
  for (auto& [id, session] : simulator_.sessions) {
    if (!key.empty() && simulator_.robots.at(session.robot).key == key)
      session.state = "Disconnected";
  }
  return EmptyReply(204);
}

// The machine's service works for all of its robots.
HttpReply Front::StartService(const Exchange& exchange) {
  Json robots = Json::array();
  const std::string license = LicenseOf(exchange);
  for (auto& [id, robot] : simulator_.robots) {
    if (license.empty() || robot.entity["LicenseKey"] != license) continue;
    if (robot.entity["Enabled"] != true) continue;
    simulator_.Connect(id, MachineOf(exchange.request), VersionOf(exchange.request));
    robots.push_back(DetailsOf(robot, license));
  }
  if (robots.empty()) throw Refusal(409, 1002, "There is no robot of this machine.");
  return JsonAnswer(200, {{"robots", std::move(robots)}});
}

HttpReply Front::StopService(const Exchange& exchange) {
  const std::string license = LicenseOf(exchange);
  for (auto& [id, session] : simulator_.sessions) {
    if (!license.empty() && simulator_.robots.at(session.robot).entity["LicenseKey"] == license) {
      session.state = "Disconnected";
      session.beating = false;
    }
  }
  return EmptyReply(204);
}

HttpReply Front::Heartbeat(const Exchange& exchange) {
  static const Property& states = *SchemaOf("Sessions")->Find("State");
  const std::string license = LicenseOf(exchange);
  // A service beats for the robots of its machine; a program for those that it names.
  std::set<std::int64_t> beating;  // ids of robots
  bool unattended = false;
  for (const auto& [id, robot] : simulator_.robots) {
    if (robot.key.empty() || license.empty() || robot.entity["LicenseKey"] != license) continue;
    beating.insert(id);
    unattended |= IsUnattended(robot);
  }
  const Json& beats = Member(exchange.body, "heartbeats");
  for (const Json& beat : beats.is_array() ? beats : Json::array()) {
    const std::string key = TextOf(beat, "robotKey");
    for (auto& [id, session] : simulator_.sessions) {
      const Robot& robot = simulator_.robots.at(session.robot);
      if (key.empty() || robot.key != key) continue;
      beating.insert(session.robot);
      const std::string state = WordOf(Member(beat, "robotState"), states);
      if (!state.empty()) session.state = state;
      session.info = Member(beat, "info");
    }
  }
  for (auto& [id, session] : simulator_.sessions) {
    if (!beating.contains(session.robot)) continue;
    session.last = simulator_.Now();
    session.beating = false;
  }
  // Commands are given until their jobs have moved on; to who asks for what is pending, once.
  const std::string wanted = WordOf(Member(exchange.body, "commandState"),
                                    {.name = "CommandState", .words = {"All", "Pending"}});
  Json commands = Json::array();
  for (auto& [id, job] : simulator_.jobs) {
    if (!beating.contains(job.robot)) continue;
    // A session in maintenance begins nothing.
    const bool resting =
        std::any_of(simulator_.sessions.begin(), simulator_.sessions.end(),
                    [&robot = job.robot](const auto& entry) {
                      return entry.second.robot == robot && entry.second.maintenance;
                    });
    const std::string state = job.entity["State"].get<std::string>();
    const bool starts = !resting && (state == "Pending" || state == "Resumed");
    const bool stops = job.driven && (state == "Stopping" || state == "Terminating");
    const char* const type = starts ? "StartProcess" : (stops ? "StopProcess" : nullptr);
    if (type == nullptr || (wanted == "Pending" && job.commanded == type)) continue;
    job.driven = true;
    job.commanded = type;
    commands.push_back(CommandOf(exchange, job, type));
  }
  return JsonAnswer(200, {{"commands", std::move(commands)},
                          {"serviceSettingsStamp", simulator_.settings.Stamp()},
                          {"isUnattended", unattended},
                          {"isUnattendedLicensed", unattended}});
}

HttpReply Front::SubmitJobState(const Exchange& exchange) {
  static const Property& job_states = *SchemaOf("Jobs")->Find("State");
  static const Property& robot_states = *SchemaOf("Sessions")->Find("State");
  if (!exchange.body.is_array()) throw Refusal(400, 0, "The body must be a list of heartbeats.");
  for (const Json& beat : exchange.body) {
    const std::string key = TextOf(beat, "jobKey");
    for (auto& [id, job] : simulator_.jobs) {
      if (key.empty() || !absl::EqualsIgnoreCase(TextOf(job.entity, "Key"), key)) continue;
      simulator_.ReportJob(job, {.state = WordOf(Member(beat, "jobState"), job_states),
                                 .info = Member(beat, "info"),
                                 .output = Member(beat, "outputArguments"),
                                 .error = Member(beat, "error")});
    }
    const std::string state = WordOf(Member(beat, "robotState"), robot_states);
    for (auto& [id, session] : simulator_.sessions) {
      const std::string& robot = simulator_.robots.at(session.robot).key;
      if (state.empty() || robot.empty() || robot != TextOf(beat, "robotKey")) continue;
      session.state = state;
      session.last = simulator_.Now();
    }
  }
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
