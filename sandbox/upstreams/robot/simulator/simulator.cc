#include "sandbox/upstreams/robot/simulator/simulator.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

const Json& NoEntity() {
  static const Json& none = *new Json();
  return none;
}

const Json& At(const std::map<std::int64_t, Json>& table, const Json& id) {
  const auto found = id.is_number() ? table.find(id.get<std::int64_t>()) : table.end();
  return found == table.end() ? NoEntity() : found->second;
}

}  // namespace

bool IsUnattended(const Robot& robot) {
  const std::string type = robot.entity["Type"].get<std::string>();
  return type == "Unattended" || type == "NonProduction" || type == "Headless" ||
         type == "TestAutomation";
}

Simulator::Simulator(const Options& options, const VirtualClock* clock)
    : options_(options), clock_(clock) {
  AddFixtures();
  AddProcesses();
  AddUsers();
  AddFixtureLogs();
  Generate();
}

Json Simulator::RobotEntity(const Robot& robot, bool whole) const {
  Json entity = robot.entity;
  std::vector<std::string> names;
  for (const std::int64_t id : robot.environments) {
    names.push_back(At(environments, id).value("Name", ""));
  }
  entity["RobotEnvironments"] = absl::StrJoin(names, ",");
  entity["Password"] = nullptr;
  if (!whole) {
    entity["LicenseKey"] = nullptr;
    entity["ExecutionSettings"] = nullptr;
  }
  return entity;
}

Json Simulator::SessionEntity(const RobotSession& session) const {
  const absl::Time now = Now();
  absl::Time reported = session.last;
  if (session.beating && now > reported) {
    absl::Duration since;
    reported += kBeat * absl::IDivDuration(now - reported, kBeat, &since);
  }
  const Robot& robot = robots.at(session.robot);
  const bool silent =
      session.state != "Disconnected" && now - reported > settings.HeartbeatThreshold();
  const Json& folder = At(folders, robot.folder);
  return {{"HostMachineName", session.host},
          {"MachineName", robot.entity["MachineName"]},
          {"MachineId", robot.entity["MachineId"]},
          {"State", session.state},
          {"ReportingTime", WireTime(reported)},
          {"Info", session.info},
          {"IsUnresponsive", silent},
          {"OrganizationUnitId", robot.folder},
          {"FolderName", folder.is_object() ? folder["FullyQualifiedName"] : Json()},
          {"Version", session.version},
          {"DebugModeExpirationDate",
           session.debug_until > now ? Json(WireTime(session.debug_until)) : Json()},
          {"Platform", "Windows"},
          {"Id", session.id}};
}

Json Simulator::Navigate(const std::string& set, const Json& entity,
                         const Property& navigation) const {
  const std::string& name = navigation.name;
  if (set == "Sessions") {
    const auto session = sessions.find(entity["Id"].get<std::int64_t>());
    if (session == sessions.end()) return {};
    if (name == "Robot") return RobotEntity(robots.at(session->second.robot));
    if (name == "UpdateInfo") return UpdateOf(session->second);
    for (const auto& [id, job] : jobs) {
      if (job.robot == session->second.robot && IsRunning(job)) return job.entity;
    }
    return {};
  }
  if (set == "Robots" || set == "RobotsFromFolder") {
    const auto robot = robots.find(entity["Id"].get<std::int64_t>());
    if (robot == robots.end()) return {};
    if (name == "User") return At(users, entity["UserId"]);
    if (name == "Environments") {
      Json list = Json::array();
      for (const std::int64_t id : robot->second.environments) list.push_back(environments.at(id));
      return list;
    }
    return {
        {"RobotId", robot->first}, {"Timestamp", WireTime(Now())}, {"Id", robot->first + 100'000}};
  }
  if (set == "Jobs") {
    const auto job = jobs.find(entity["Id"].get<std::int64_t>());
    if (job == jobs.end()) return {};
    if (name == "Release") return At(releases, job->second.release);
    const auto robot = robots.find(job->second.robot);
    if (robot == robots.end()) return {};
    return name == "Robot" ? RobotEntity(robot->second)
                           : At(machines, robot->second.entity["MachineId"]);
  }
  return {};
}

// As the policy of its machine has it.
Json Simulator::UpdateOf(const RobotSession& session) const {
  const Json& machine = At(machines, robots.at(session.robot).entity["MachineId"]);
  const Json policy = machine.is_object() ? machine.value("UpdatePolicy", Json()) : Json();
  const Json target = policy.is_object() ? policy.value("SpecificVersion", Json()) : Json();
  const bool compliant = target == session.version;
  return {
      {"updateStatus", !target.is_string() ? "None" : (compliant ? "Compliant" : "NonCompliant")},
      {"reason",
       !target.is_string() || compliant ? Json() : Json("NonCompliantWithDifferentVersion")},
      {"targetUpdateVersion", target},
      {"isCommunity", false},
      {"statusInfo", nullptr}};
}

std::int64_t Simulator::AddRobot(Json entity, std::int64_t folder) {
  // What a robot has besides what its maker says, in the order in which it is written.
  Json whole = {{"LicenseKey", nullptr},
                {"MachineName", nullptr},
                {"MachineId", nullptr},
                {"Name", ""},
                {"Username", nullptr},
                {"ExternalName", nullptr},
                {"Description", nullptr},
                {"Type", "Unattended"},
                {"HostingType", "Standard"},
                {"ProvisionType", "Manual"},
                {"Password", nullptr},
                {"CredentialStoreId", nullptr},
                {"UserId", nullptr},
                {"Enabled", true},
                {"CredentialType", nullptr},
                {"RobotEnvironments", ""},
                {"IsExternalLicensed", false},
                {"LimitConcurrentExecution", false},
                {"Id", 0},
                {"ExecutionSettings", nullptr}};
  for (const auto& [name, value] : entity.items()) whole[name] = value;
  if (whole["Id"] == 0) whole["Id"] = NextId();
  for (const auto& [id, machine] : machines) {
    if (machine["Name"] != whole["MachineName"]) continue;
    if (whole["MachineId"].is_null()) whole["MachineId"] = id;
    if (whole["LicenseKey"].is_null()) whole["LicenseKey"] = machine["LicenseKey"];
  }
  if (whole["LicenseKey"].is_null()) whole["LicenseKey"] = NewGuid();
  const auto id = whole["Id"].get<std::int64_t>();
  robots[id] = {.entity = std::move(whole), .folder = folder, .environments = {}, .key = {}};
  return id;
}

void Simulator::RemoveRobot(std::int64_t id) {
  std::erase_if(sessions, [id](const auto& entry) { return entry.second.robot == id; });
  robots.erase(id);
}

std::int64_t Simulator::AddSession(std::int64_t robot, RobotSession session) {
  if (session.id == 0) session.id = NextId();
  session.robot = robot;
  const std::int64_t id = session.id;
  sessions[id] = std::move(session);
  return id;
}

void Simulator::Connect(std::int64_t robot, const std::string& host, const std::string& version) {
  if (robots.at(robot).key.empty()) robots.at(robot).key = NewGuid();
  auto session = std::find_if(sessions.begin(), sessions.end(),
                              [robot](const auto& entry) { return entry.second.robot == robot; });
  if (session == sessions.end()) session = sessions.find(AddSession(robot, {}));
  session->second.host = host;
  session->second.state = "Available";
  session->second.beating = false;
  session->second.last = Now();
  session->second.version = version;
}

void Simulator::AddLog(const Robot& robot, const Job* job, absl::Time time, int level,
                       const std::string& message, std::int64_t seconds) {
  const Json machine = robot.entity["MachineId"];
  LogEntry entry;
  entry.source = {.folder = robot.folder,
                  .robot = robot.entity["Name"].get<std::string>(),
                  .process = job == nullptr ? "" : job->entity["ReleaseName"].get<std::string>(),
                  .job_key = job == nullptr ? "" : job->entity["Key"].get<std::string>(),
                  .identity = robot.entity["Username"].is_string()
                                  ? robot.entity["Username"].get<std::string>()
                                  : "",
                  .host = robot.entity["MachineName"].is_string()
                              ? robot.entity["MachineName"].get<std::string>()
                              : "",
                  .machine = machine.is_number() ? machine.get<std::int64_t>() : 0};
  entry.time = time;
  entry.level = level;
  entry.message = message;
  entry.seconds = seconds;
  entry.visible_from = time + options_.log_lag;
  logs.Add(std::move(entry));
}

void Simulator::Generate() {
  std::vector<std::int64_t> homes;
  for (int i = 1; i <= options_.generated_folders; ++i) {
    const std::int64_t id = 300'000 + i;
    const std::string name = absl::StrCat("Generated ", i);
    folders[id] = {{"Key", NewGuid()},           {"DisplayName", name},
                   {"FullyQualifiedName", name}, {"Description", nullptr},
                   {"FolderType", "Standard"},   {"IsPersonal", false},
                   {"ProvisionType", "Manual"},  {"PermissionModel", "FineGrained"},
                   {"ParentId", nullptr},        {"ParentKey", nullptr},
                   {"FeedType", "Processes"},    {"Id", id}};
    homes.push_back(id);
  }
  if (homes.empty()) homes.push_back(folders.begin()->first);
  for (int i = 1; i <= options_.generated_robots; ++i) {
    const std::int64_t id = AddRobot({{"MachineName", "MBOBOC"},
                                      {"Name", absl::StrCat("Robot", i)},
                                      {"Username", absl::StrCat("UIPATH\\robot", i)},
                                      {"Id", 400'000 + i}},
                                     homes[static_cast<std::size_t>(i) % homes.size()]);
    // Beats are spread over their interval.
    AddSession(
        id,
        {.id = 500'000 + i, .host = "MBOBOC", .last = Now() - absl::Milliseconds(37 * i % 30'000)});
  }
  if (options_.generated_logs == 0) return;
  const absl::Time first = Now() - absl::Hours(24) - absl::Milliseconds(options_.generated_logs);
  LogEntry entry;
  entry.source = {.folder = 36886,
                  .robot = "LogBot",
                  .process = "Bulk",
                  .identity = "UIPATH\\log",
                  .host = "MBOBOC",
                  .machine = 15};
  for (std::int64_t i = 0; i < options_.generated_logs; ++i) {
    entry.time = first + absl::Milliseconds(i);
    entry.level = static_cast<int>(i % 6);
    entry.message = absl::StrCat("row ", i + 1);
    logs.Add(entry);
  }
}

}  // namespace relais::sandbox::robot
