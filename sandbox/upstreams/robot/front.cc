#include "sandbox/upstreams/robot/front.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr int kLastVersionWithPasswords = 17;
constexpr int kLastVersionWithEnvironments = 19;

HttpReply NotAuthenticated() {
  return JsonAnswer(401, {{"message", "You are not authenticated!"},
                          {"errorCode", 0},
                          {"result", nullptr},
                          {"targetUrl", nullptr},
                          {"success", false},
                          {"error",
                           {{"code", 0},
                            {"message", "You are not authenticated!"},
                            {"details", nullptr},
                            {"validationErrors", nullptr}}},
                          {"unAuthorizedRequest", true},
                          {"__abp", true}});
}

// What a portal answers where it knows no route: the page of its own application.
HttpReply PortalPage() {
  HttpReply reply;
  reply.content_type = "text/html";
  reply.body = "<!doctype html><html><head><title>Portal</title></head><body></body></html>";
  return reply;
}

Json BodyOf(const HttpRequest& request) {
  if (request.body.empty()) return {};
  Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw Refusal(400, 0, "The body of the request is not JSON.");
  return body;
}

}  // namespace

const Json& Member(const Json& body, const char* name) {
  static const Json& none = *new Json();
  if (!body.is_object()) return none;
  for (const auto& [key, value] : body.items()) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return none;
}

std::string TextOf(const Json& body, const char* name) {
  const Json& member = Member(body, name);
  return member.is_string() ? member.get<std::string>() : "";
}

Front::Front(Options options, const VirtualClock* clock)
    : options_(std::move(options)), simulator_(options_, clock), logins_(options_, clock) {}

const std::vector<Front::Endpoint>& Front::Endpoints() {
  using F = Front;
  using O = RobotOperation;
  static const std::vector<Endpoint> endpoints = {
      {"POST", "identity/connect/token", O::kToken, nullptr, false, &F::Token},
      {"POST", "api/Account/Authenticate", O::kToken, nullptr, false, &F::Authenticate,
       kLastVersionWithPasswords},
      {"GET", "api/Status/Get", O::kStatus, nullptr, false, &F::Status},
      {"GET", "Sessions", O::kSessions, "Robots", true, &F::ListSessions},
      {"GET", "Sessions.GetGlobalSessions", O::kSessions, "Robots", false, &F::GlobalSessions},
      {"GET", "Sessions.GetMachineSessions", O::kSessions, "Robots", false, &F::MachineSessions},
      {"GET", "Sessions.GetMachineSessionRuntimes", O::kSessions, "Robots", false,
       &F::MachineSessionRuntimes},
      {"GET", "Sessions.GetMachineSessionRuntimesByFolderId", O::kSessions, "Robots", false,
       &F::MachineSessionRuntimes},
      {"GET", "Robots", O::kList, "Robots", true, &F::ListRobots},
      {"GET", "Robots()", O::kGet, "Robots", true, &F::GetRobot},
      {"POST", "Robots", O::kChange, "Robots", true, &F::CreateRobot},
      {"PUT", "Robots()", O::kChange, "Robots", true, &F::PutRobot},
      {"PATCH", "Robots()", O::kChange, "Robots", true, &F::PatchRobot},
      {"DELETE", "Robots()", O::kChange, "Robots", true, &F::DeleteRobot},
      {"POST", "Robots.DeleteBulk", O::kChange, "Robots", true, &F::DeleteRobots},
      {"POST", "Robots.ToggleEnabledStatus", O::kChange, "Robots", true, &F::ToggleRobots},
      {"GET", "Robots.GetRobotsForProcess", O::kList, "Robots", true, &F::RobotsForProcess},
      {"GET", "RobotLogs", O::kLogs, "Monitoring", true, &F::ListLogs},
      {"GET", "RobotLogs.GetTotalCount", O::kLogCount, "Monitoring", true, &F::CountLogs},
      {"GET", "Jobs", O::kJobList, "Jobs", true, &F::ListJobs},
      {"GET", "Jobs()", O::kJobGet, "Jobs", true, &F::GetJob},
      {"GET", "Jobs.GetByKey", O::kJobGet, "Jobs", true, &F::JobByKey},
      {"POST", "Jobs.StartJobs", O::kJobStart, "Jobs", true, &F::StartJobs},
      {"POST", "Jobs().StopJob", O::kJobChange, "Jobs", true, &F::StopJob},
      {"POST", "Jobs.StopJobs", O::kJobChange, "Jobs", true, &F::StopJobs},
      {"POST", "Jobs.RestartJob", O::kJobStart, "Jobs", true, &F::RestartJob},
      {"GET", "Releases", O::kProcesses, "Execution", true, &F::ListReleases},
      {"GET", "Releases.ListReleases", O::kProcesses, "Execution", true, &F::ListReleases},
      {"GET", "Releases()", O::kProcesses, "Execution", true, &F::GetRelease},
      {"GET", "Processes", O::kProcesses, "Execution", false, &F::ListPackages},
      {"GET", "Processes.DownloadPackage", O::kPackage, "", false, &F::DownloadPackage},
      {"GET", "Users", O::kUserGet, "Users", false, &F::ListUsers},
      {"GET", "Users.GetCurrentUser", O::kUserGet, "", false, &F::CurrentUser},
      {"GET", "Users()", O::kUserGet, "Users", false, &F::GetUser},
      {"PUT", "Users()", O::kUserChange, "Users", false, &F::PutUser},
      {"PATCH", "Users()", O::kUserChange, "", false, &F::PatchUser},
      {"GET", "Folders", O::kFolders, "Folders", false, &F::ListFolders},
      {"GET", "Folders()", O::kFolders, "Folders", false, &F::GetFolder},
      {"GET", "api/Folders/GetAllForCurrentUser", O::kFolders, "", false, &F::FoldersOfUser},
      {"GET", "Machines", O::kMachines, "Machines", false, &F::ListMachines},
      {"GET", "Environments", O::kMachines, "Robots", true, &F::ListEnvironments,
       kLastVersionWithEnvironments},
      {"GET", "api/Stats/GetSessionsStats", O::kStats, "Monitoring", false, &F::SessionsStats},
      {"GET", "api/robotsservice/GetSharedConnectionData", O::kSide, "", false,
       &F::SharedConnectionData},
      {"POST", "api/robotsservice/BeginSession", O::kSide, "", false, &F::BeginSession},
      {"POST", "api/robotsservice/EndSession", O::kSide, "", false, &F::EndSession},
      {"POST", "api/robotsservice/StartService", O::kSide, "", false, &F::StartService},
      {"POST", "api/robotsservice/StopService", O::kSide, "", false, &F::StopService},
      {"POST", "api/robotsservice/Heartbeat", O::kSide, "", false, &F::Heartbeat},
      {"POST", "api/robotsservice/HeartbeatV2", O::kSide, "", false, &F::Heartbeat},
      {"POST", "api/robotsservice/SubmitJobState", O::kSide, "", false, &F::SubmitJobState},
      {"POST", "api/Logs/SubmitLogs", O::kSide, "", false, &F::SubmitLogs},
      {"POST", "api/Logs", O::kSide, "", false, &F::SubmitLog}};
  return endpoints;
}

std::optional<UpstreamCall> Front::Route(const HttpRequest& request) {
  std::optional<Target> target;
  try {
    target = ParseTarget(request.path);
  } catch (const Refusal& refusal) {
    return UpstreamCall{Operation::kAny,
                        [reply = ErrorAnswer(refusal.status(), refusal.code(), refusal.what())](
                            const Fault&) { return reply; }};
  }
  if (!target) return std::nullopt;
  bool known = false;
  for (const Endpoint& endpoint : Endpoints()) {
    if (!absl::EqualsIgnoreCase(target->route, endpoint.route) ||
        options_.version > endpoint.until) {
      continue;
    }
    known = true;
    if (request.method != endpoint.method) continue;
    return UpstreamCall{endpoint.operation,
                        [this, &request, &endpoint, target = *std::move(target)](const Fault&) {
                          return Serve(endpoint, request, target);
                        }};
  }
  const bool portal = absl::StartsWith(target->route, "identity/") && request.method == "GET";
  return UpstreamCall{Operation::kAny, [known, portal](const Fault&) {
                        if (portal) return PortalPage();
                        return ErrorAnswer(known ? 405 : 404, 0, "There is no such resource.");
                      }};
}

HttpReply Front::Serve(const Endpoint& endpoint, const HttpRequest& request, const Target& target) {
  HttpReply reply = Carry(endpoint, request, target);
  reply.headers.emplace_back("OData-Version", "4.0");
  reply.headers.emplace_back(
      "Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", simulator_.Now(), absl::UTCTimeZone()));
  reply.headers.emplace_back("api-supported-versions", absl::StrCat(options_.version, ".0"));
  return reply;
}

HttpReply Front::Carry(const Endpoint& endpoint, const HttpRequest& request, const Target& target) {
  const std::string trace = request.Header("traceparent");
  try {
    if (options_.strict && !target.tolerated.empty()) {
      throw Refusal(400, 1000, absl::StrCat("Not taken: ", target.tolerated, "."));
    }
    if (endpoint.operation == RobotOperation::kToken) {
      return (this->*endpoint.handler)({request, target, {}, 0, {}});
    }
    Caller caller;
    if (endpoint.area != nullptr) {
      const auto known = logins_.Identify(request);
      const auto robot = known ? known : RobotCaller(request);
      if (!robot) return NotAuthenticated();
      caller = *robot;
      const bool write = request.method != std::string("GET");
      if (*endpoint.area != '\0' && !caller.May(endpoint.area, write)) {
        throw Refusal(403, 0, "You are not authorized!");
      }
    }
    const std::lock_guard<std::mutex> lock(simulator_.mutex);
    simulator_.Settle();
    const std::int64_t folder = FolderOf(request, endpoint.folder);
    return (this->*endpoint.handler)({request, target, std::move(caller), folder, BodyOf(request)});
  } catch (const Refusal& refusal) {
    return ErrorAnswer(refusal.status(), refusal.code(), refusal.what(), trace);
  } catch (const ODataError& error) {
    return ErrorAnswer(400, 1000, absl::StrCat("Invalid OData query options. ", error.what()),
                       trace);
  } catch (const Json::exception&) {
    return ErrorAnswer(400, 0, "The body of the request has a member of another type.", trace);
  }
}

std::optional<Caller> Front::RobotCaller(const HttpRequest& request) {
  constexpr absl::string_view kScheme = "UiRobot ";
  const std::string authorization = request.Header("authorization");
  const std::string license = request.Header("x-robot-license");
  const std::lock_guard<std::mutex> lock(simulator_.mutex);
  if (absl::StartsWithIgnoreCase(authorization, kScheme)) {
    const std::string key = authorization.substr(kScheme.size());
    for (const auto& [id, robot] : simulator_.robots) {
      if (!robot.key.empty() && robot.key == key) return Caller{};
    }
  }
  if (IsLicense(license)) return Caller{.license = license, .scopes = "OrchestratorApiUserAccess"};
  return std::nullopt;
}

bool Front::IsLicense(const std::string& key) const {
  const auto has_it = [&key](const Json& entity) { return entity["LicenseKey"] == key; };
  return std::any_of(simulator_.machines.begin(), simulator_.machines.end(),
                     [&](const auto& entry) { return has_it(entry.second); }) ||
         std::any_of(simulator_.robots.begin(), simulator_.robots.end(),
                     [&](const auto& entry) { return has_it(entry.second.entity); });
}

std::int64_t Front::FolderOf(const HttpRequest& request, bool required) {
  const auto where = [this](auto&& fits) -> std::int64_t {
    for (const auto& [id, folder] : simulator_.folders) {
      if (fits(folder)) return id;
    }
    throw Refusal(400, 1100,
                  "Folder does not exist or the user does not have access to the folder.");
  };
  if (const std::string id = request.Header("x-uipath-organizationunitid"); !id.empty()) {
    std::int64_t number = 0;
    return where([&](const Json& folder) {
      return absl::SimpleAtoi(id, &number) && folder["Id"] == number;
    });
  }
  if (const std::string key = request.Header("x-uipath-folderkey"); !key.empty()) {
    return where([&](const Json& folder) {
      return absl::EqualsIgnoreCase(folder["Key"].get<std::string>(), key);
    });
  }
  std::string path = request.Header("x-uipath-folderpath");
  if (const std::string encoded = request.Header("x-uipath-folderpath-encoded"); !encoded.empty()) {
    path = DecodeFolderPath(encoded).value_or("");
    if (path.empty()) throw Refusal(400, 1100, "The encoded folder path is no base64 of UTF-16.");
  }
  if (!path.empty()) {
    return where([&](const Json& folder) {
      return absl::EqualsIgnoreCase(folder["FullyQualifiedName"].get<std::string>(), path);
    });
  }
  if (!required) return 0;
  if (options_.version > 16) {
    throw Refusal(400, 1101, "A folder is required for this action.");
  }
  return simulator_.folders.begin()->first;
}

}  // namespace relais::sandbox::robot
