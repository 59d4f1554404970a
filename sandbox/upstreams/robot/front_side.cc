// What robot programs say to Orchestrator: sessions, heartbeats, the state of their jobs, logs.
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front.h"
#include "sandbox/upstreams/robot/odata_token.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

std::string TextOf(const Json& body, const char* name) {
  const Json& member = Member(body, name);
  return member.is_string() ? member.get<std::string>() : "";
}

std::string MachineOf(const HttpRequest& request) {
  std::string name;
  if (absl::Base64Unescape(request.Header("x-robot-machine-encoded"), &name) && !name.empty()) {
    return name;
  }
  return request.Header("x-robot-machine");
}

// By word or by number.
std::string WordOf(const Json& value, const Property& property) {
  if (value.is_null()) return "";
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const int ordinal = OrdinalOf(property, text);
  return ordinal < 0 ? "" : property.words[static_cast<std::size_t>(ordinal)];
}

int LevelOf(const std::string& robot_level) {
  constexpr std::array<std::pair<const char*, int>, 9> kWords = {{{"Verbose", 0},
                                                                  {"Trace", 0},
                                                                  {"Debug", 1},
                                                                  {"Information", 2},
                                                                  {"Info", 2},
                                                                  {"Warning", 3},
                                                                  {"Error", 4},
                                                                  {"Critical", 5},
                                                                  {"Fatal", 5}}};
  for (const auto& [word, level] : kWords) {
    if (absl::EqualsIgnoreCase(robot_level, word)) return level;
  }
  return 2;
}

Json DetailsOf(const Robot& robot) {
  return {{"robotKey", robot.key},
          {"user", robot.entity["Username"]},
          {"machineName", robot.entity["MachineName"]},
          {"machineId", robot.entity["MachineId"]},
          {"robotName", robot.entity["Name"]},
          {"robotType",
           OrdinalOf(*SchemaOf("Robots")->Find("Type"), robot.entity["Type"].get<std::string>())},
          {"hasLicense", true},
          {"tenantId", 1},
          {"organizationUnitId", robot.folder},
          {"isExternalLicensed", false},
          {"executionSettings", Json::object()},
          {"authSettings", {{"Auth.OAuth.RobotOAuthSecret", robot.key}}},
          {"id", robot.entity["Id"]}};
}

}  // namespace

// The robot of a licence key (its machine's) and a user name; of the machine alone, the first one.
HttpReply Front::BeginSession(const Exchange& exchange) {
  const std::string license = exchange.request.Header("x-robot-license");
  const std::string user = TextOf(exchange.body, "userName");
  if (license.empty()) throw Refusal(401, 0, "The machine has no licence key.");
  for (auto& [id, robot] : simulator_.robots) {
    if (robot.entity["LicenseKey"] != license) continue;
    if (!user.empty() && robot.entity["Username"].is_string() &&
        !absl::EqualsIgnoreCase(robot.entity["Username"].get<std::string>(), user)) {
      continue;
    }
    if (robot.entity["Enabled"] != true) throw Refusal(409, 1000, "The robot is disabled.");
    if (robot.key.empty()) robot.key = NewGuid();
    RobotSession session{
        .host = MachineOf(exchange.request), .beating = false, .last = simulator_.Now()};
    for (const auto& [number, old] : simulator_.sessions) {
      if (old.robot == id) session.id = number;
    }
    simulator_.AddSession(id, std::move(session));
    return JsonAnswer(200, DetailsOf(robot));
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

HttpReply Front::StartService(const Exchange& exchange) {
  Json robots = Json::array();
  const std::string license = exchange.request.Header("x-robot-license");
  for (const auto& [id, robot] : simulator_.robots) {
    if (!license.empty() && robot.entity["LicenseKey"] == license)
      robots.push_back(DetailsOf(robot));
  }
  if (robots.empty()) throw Refusal(409, 1002, "There is no robot of this machine.");
  return JsonAnswer(200, {{"robots", std::move(robots)}});
}

HttpReply Front::StopService(const Exchange& exchange) {
  const std::string license = exchange.request.Header("x-robot-license");
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
  const Json& beats = Member(exchange.body, "heartbeats");
  Json commands = Json::array();
  for (const Json& beat : beats.is_array() ? beats : Json::array()) {
    const std::string key = TextOf(beat, "robotKey");
    for (auto& [id, session] : simulator_.sessions) {
      Robot& robot = simulator_.robots.at(session.robot);
      if (key.empty() || robot.key != key) continue;
      session.last = simulator_.Now();
      session.beating = false;
      const std::string state = WordOf(Member(beat, "robotState"), states);
      if (!state.empty()) session.state = state;
      session.info = Member(beat, "info");
    }
  }
  // Commands are handed out once, to the robot for which a job was made.
  for (auto& [id, job] : simulator_.jobs) {
    const auto robot = simulator_.robots.find(job.robot);
    if (job.driven || robot == simulator_.robots.end() || robot->second.key.empty() ||
        job.entity["State"] != "Pending") {
      continue;
    }
    job.driven = true;
    const Json& release = simulator_.releases.at(job.release);
    Json command = DetailsOf(robot->second);
    command["username"] = robot->second.entity["Username"];
    command["userDetails"] = {{"key", NewGuid()}, {"email", "robot@example.test"}};
    command["data"] = {{"id", id},
                       {"type", "StartProcess"},
                       {"jobKey", job.entity["Key"]},
                       {"processKey", release["Key"]},
                       {"processName", release["Name"]},
                       {"packageId", release["ProcessKey"]},
                       {"packageVersion", release["ProcessVersion"]},
                       {"inputArguments", job.entity["InputArguments"]},
                       {"folderId", release["OrganizationUnitId"]},
                       {"folderKey", release["FolderKey"]},
                       {"fullyQualifiedFolderName", release["OrganizationUnitFullyQualifiedName"]}};
    commands.push_back(std::move(command));
  }
  return JsonAnswer(200, {{"commands", std::move(commands)},
                          {"serviceSettingsStamp", "1"},
                          {"isUnattended", true},
                          {"isUnattendedLicensed", true}});
}

HttpReply Front::SubmitJobState(const Exchange& exchange) {
  static const Property& states = *SchemaOf("Jobs")->Find("State");
  if (!exchange.body.is_array()) throw Refusal(400, 0, "The body must be a list of heartbeats.");
  for (const Json& beat : exchange.body) {
    const std::string key = TextOf(beat, "jobKey");
    const std::string state = WordOf(Member(beat, "jobState"), states);
    for (auto& [id, job] : simulator_.jobs) {
      if (!key.empty() && job.entity["Key"] == key && !state.empty()) {
        simulator_.ReportJob(job, state, Member(beat, "info"));
      }
    }
  }
  return EmptyReply(200);
}

HttpReply Front::SubmitLogs(const Exchange& exchange) {
  if (!exchange.body.is_array()) throw Refusal(400, 0, "The body must be a list of texts.");
  for (const Json& item : exchange.body) {
    const Json line =
        item.is_string() ? Json::parse(item.get<std::string>(), nullptr, false) : item;
    if (!line.is_object()) throw Refusal(400, 0, "A line is no JSON object.");
    LogEntry entry;
    entry.source.robot = TextOf(line, "robotName");
    entry.source.process = TextOf(line, "processName");
    entry.source.version = TextOf(line, "processVersion");
    entry.source.job_key = TextOf(line, "jobId");
    entry.source.identity = TextOf(line, "windowsIdentity");
    entry.source.host = TextOf(line, "machineName");
    const Json& folder = Member(line, "organizationUnitId");
    for (const auto& [id, robot] : simulator_.robots) {
      if (robot.entity["Name"] == entry.source.robot) entry.source.folder = robot.folder;
    }
    if (folder.is_number_integer()) entry.source.folder = folder.get<std::int64_t>();
    entry.level = LevelOf(TextOf(line, "level"));
    entry.message = TextOf(line, "message");
    entry.fingerprint = TextOf(line, "fingerprint");
    if (!ParseDateTime(TextOf(line, "timeStamp"), entry.time)) entry.time = simulator_.Now();
    entry.visible_from = simulator_.Now() + options_.log_lag;
    simulator_.logs.Add(std::move(entry));
  }
  return EmptyReply(200);
}

}  // namespace relais::sandbox::robot
