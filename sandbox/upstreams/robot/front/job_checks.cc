// What may become of a job, and what became of it, by its key.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

using Obstacles = std::vector<std::pair<const char*, std::string>>;  // errorCode and text

// Why a session could not begin a job now; nothing when it could.
Obstacles ObstaclesOf(const std::vector<const RobotSession*>& sessions,
                      const Simulator& simulator) {
  bool alive = false;
  bool working = false;
  for (const RobotSession* session : sessions) {
    const Json entity = simulator.SessionEntity(*session);
    if (entity["State"] == "Disconnected" || entity["IsUnresponsive"] == true) continue;
    alive = true;
    working |= !session->maintenance;
  }
  if (!alive) return {{"TemplateNoHostsAvailable", "No host is connected."}};
  if (!working) return {{"TemplateMaintenanceMode", "The hosts are in maintenance mode."}};
  return {};
}

// Of a robot, or, when it is 0, of whichever of the folder is free.
Obstacles ObstaclesOf(std::int64_t folder, std::int64_t wanted, const Simulator& simulator) {
  Obstacles found;
  if (wanted != 0) {
    const auto robot = simulator.robots.find(wanted);
    if (robot == simulator.robots.end()) {
      return {{"RobotNotFound", absl::StrCat("There is no robot ", wanted, ".")}};
    }
    const Json& entity = robot->second.entity;
    if (robot->second.folder != folder) {
      found.emplace_back("RobotNotAssignedToFolder", "The robot is of another folder.");
    }
    if (TextOf(entity, "Username").empty()) {
      found.emplace_back("RobotNoCredentials", "The robot has no user name.");
    }
    if (simulator.HasRunningJob(wanted)) found.emplace_back("RobotBusy", "The robot is busy.");
  }
  std::vector<const RobotSession*> sessions;
  for (const auto& [id, session] : simulator.sessions) {
    const Robot& robot = simulator.robots.at(session.robot);
    const bool fits = wanted == 0 ? robot.folder == folder : session.robot == wanted;
    if (fits && robot.entity["Enabled"] == true) sessions.push_back(&session);
  }
  for (auto& more : ObstaclesOf(sessions, simulator)) found.push_back(std::move(more));
  return found;
}

HttpReply ValidationReply(const std::string& context, const Obstacles& obstacles) {
  Json errors = Json::array();
  Json codes = Json::array();
  for (const auto& [code, text] : obstacles) {
    errors.push_back(text);
    codes.push_back(code);
  }
  return JsonAnswer(
      200, {{"@odata.context",
             absl::StrCat(context, "#UiPath.Server.Configuration.OData.ValidationResultDto")},
            {"IsValid", obstacles.empty()},
            {"Errors", std::move(errors)},
            {"ErrorCodes", std::move(codes)}});
}

}  // namespace

HttpReply Front::ValidateDynamicJob(const Exchange& exchange) {
  const Json& info = Member(exchange.body, "startInfo");
  if (!info.is_object()) throw Refusal(400, 0, "startInfo must not be null");
  (void)ReleaseOf(exchange, info);
  const Json& robots = Member(info, "RobotIds");
  std::vector<std::int64_t> wanted(1);
  if (robots.is_array() && !robots.empty()) wanted = robots.get<std::vector<std::int64_t>>();
  Obstacles obstacles;
  for (const std::int64_t id : wanted) {
    for (auto& one : ObstaclesOf(exchange.folder, id, simulator_)) {
      obstacles.push_back(std::move(one));
    }
  }
  return ValidationReply(ContextUrl(exchange), obstacles);
}

HttpReply Front::ValidateExistingJob(const Exchange& exchange) {
  const Job& job = JobAt(exchange, exchange.target.key);
  return ValidationReply(ContextUrl(exchange), ObstaclesOf(exchange.folder, job.robot, simulator_));
}

// A job that waits for something goes on.
HttpReply Front::ResumeJob(const Exchange& exchange) {
  Job& job = JobByKeyAt(exchange, TextOf(exchange.body, "jobKey"));
  const std::string state = TextOf(job.entity, "State");
  if (state != "Suspended") {
    throw Refusal(409, 1000, absl::StrCat("The job is not suspended: ", state, "."));
  }
  simulator_.ResumeJob(job);
  return Single(exchange, "Jobs", job.entity);
}

HttpReply Front::ForceStopJobs(const Exchange& exchange) {
  const Json& keys = Member(exchange.body, "jobKeys");
  if (!keys.is_array() || keys.empty()) {
    throw Refusal(400, 1009, "The field jobKeys is required.");
  }
  std::vector<Job*> jobs;
  for (const Json& key : keys) {
    jobs.push_back(&JobByKeyAt(exchange, key.get<std::string>()));
  }
  Json value = Json::array();
  for (Job* job : jobs) {
    simulator_.StopJob(*job, "Kill");
    value.push_back(job->entity);
  }
  return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange) + "#Jobs"}, {"value", value}});
}

HttpReply Front::JobInfo(const Exchange& exchange) {
  std::string key;
  for (const auto& [name, value] : exchange.request.fields) {
    if (name == "jobKey") key = value;
  }
  if (key.empty()) throw Refusal(400, 1009, "The field jobKey is required.");
  const Job& job = JobByKeyAt(exchange, key);
  const Json& release = simulator_.releases.at(job.release);
  return JsonAnswer(200,
                    {{"id", job.entity["Id"]},
                     {"key", job.entity["Key"]},
                     {"state", job.entity["State"]},
                     {"startTime", job.entity["StartTime"]},
                     {"endTime", job.entity["EndTime"]},
                     {"creationTime", job.entity["CreationTime"]},
                     {"hostMachineName", job.entity["HostMachineName"]},
                     {"organizationUnitId", job.entity["OrganizationUnitId"]},
                     {"outputArguments", job.entity["OutputArguments"]},
                     {"info", job.entity["Info"]},
                     {"runtimeErrorCode", job.entity["ErrorCode"]},
                     {"targetFramework", release["TargetFramework"]},
                     {"processName", release["Name"]},
                     {"processVersion", release["ProcessVersion"]},
                     {"folderFullyQualifiedName", job.entity["OrganizationUnitFullyQualifiedName"]},
                     {"folderPath", job.entity["OrganizationUnitFullyQualifiedName"]}});
}

}  // namespace relais::sandbox::robot
