#include "sandbox/upstreams/robot/front.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::orchestrator {
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

RobotFront::RobotFront(RobotOptions options, const VirtualClock* clock)
    : options_(std::move(options)), world_(options_, clock), office_(options_, clock) {}

const std::vector<RobotFront::Endpoint>& RobotFront::Endpoints() {
  using F = RobotFront;
  using O = Operation;
  static const std::vector<Endpoint> endpoints = {
      {"POST", "identity/connect/token", O::kRobotToken, nullptr, false, &F::Token},
      {"POST", "api/Account/Authenticate", O::kRobotToken, nullptr, false, &F::Authenticate,
       kLastVersionWithPasswords},
      {"GET", "api/Status/Get", O::kRobotStatus, nullptr, false, &F::Status},
      {"GET", "Sessions", O::kRobotSessions, "Robots", true, &F::ListSessions},
      {"GET", "Sessions.GetGlobalSessions", O::kRobotSessions, "Robots", false, &F::GlobalSessions},
      {"GET", "Sessions.GetMachineSessions", O::kRobotSessions, "Robots", false,
       &F::MachineSessions},
      {"GET", "Sessions.GetMachineSessionRuntimes", O::kRobotSessions, "Robots", false,
       &F::MachineSessionRuntimes},
      {"GET", "Sessions.GetMachineSessionRuntimesByFolderId", O::kRobotSessions, "Robots", false,
       &F::MachineSessionRuntimes},
      {"GET", "Robots", O::kRobotList, "Robots", true, &F::ListRobots},
      {"GET", "Robots()", O::kRobotGet, "Robots", true, &F::GetRobot},
      {"POST", "Robots", O::kRobotChange, "Robots", true, &F::CreateRobot},
      {"PUT", "Robots()", O::kRobotChange, "Robots", true, &F::PutRobot},
      {"PATCH", "Robots()", O::kRobotChange, "Robots", true, &F::PatchRobot},
      {"DELETE", "Robots()", O::kRobotChange, "Robots", true, &F::DeleteRobot},
      {"POST", "Robots.DeleteBulk", O::kRobotChange, "Robots", true, &F::DeleteRobots},
      {"POST", "Robots.ToggleEnabledStatus", O::kRobotChange, "Robots", true, &F::ToggleRobots},
      {"GET", "Robots.GetRobotsForProcess", O::kRobotList, "Robots", true, &F::RobotsForProcess},
      {"GET", "RobotLogs", O::kRobotLogs, "Monitoring", true, &F::ListLogs},
      {"GET", "RobotLogs.GetTotalCount", O::kRobotLogCount, "Monitoring", true, &F::CountLogs},
      {"GET", "Jobs", O::kRobotJobList, "Jobs", true, &F::ListJobs},
      {"GET", "Jobs()", O::kRobotJobGet, "Jobs", true, &F::GetJob},
      {"GET", "Jobs.GetByKey", O::kRobotJobGet, "Jobs", true, &F::JobByKey},
      {"POST", "Jobs.StartJobs", O::kRobotJobStart, "Jobs", true, &F::StartJobs},
      {"POST", "Jobs().StopJob", O::kRobotJobChange, "Jobs", true, &F::StopJob},
      {"POST", "Jobs.StopJobs", O::kRobotJobChange, "Jobs", true, &F::StopJobs},
      {"POST", "Jobs.RestartJob", O::kRobotJobStart, "Jobs", true, &F::RestartJob},
      {"GET", "Releases", O::kRobotProcesses, "Execution", true, &F::ListReleases},
      {"GET", "Releases.ListReleases", O::kRobotProcesses, "Execution", true, &F::ListReleases},
      {"GET", "Releases()", O::kRobotProcesses, "Execution", true, &F::GetRelease},
      {"GET", "Processes", O::kRobotProcesses, "Execution", false, &F::ListPackages},
      {"GET", "Users", O::kRobotUserGet, "Users", false, &F::ListUsers},
      {"GET", "Users.GetCurrentUser", O::kRobotUserGet, "", false, &F::CurrentUser},
      {"GET", "Users()", O::kRobotUserGet, "Users", false, &F::GetUser},
      {"PUT", "Users()", O::kRobotUserChange, "Users", false, &F::PutUser},
      {"PATCH", "Users()", O::kRobotUserChange, "", false, &F::PatchUser},
      {"GET", "Folders", O::kRobotFolders, "Folders", false, &F::ListFolders},
      {"GET", "Folders()", O::kRobotFolders, "Folders", false, &F::GetFolder},
      {"GET", "api/Folders/GetAllForCurrentUser", O::kRobotFolders, "", false, &F::FoldersOfUser},
      {"GET", "Machines", O::kRobotMachines, "Machines", false, &F::ListMachines},
      {"GET", "Environments", O::kRobotMachines, "Robots", true, &F::ListEnvironments,
       kLastVersionWithEnvironments},
      {"GET", "api/Stats/GetSessionsStats", O::kRobotStats, "Monitoring", false, &F::SessionsStats},
      {"POST", "api/robotsservice/BeginSession", O::kRobotSide, nullptr, false, &F::BeginSession},
      {"POST", "api/robotsservice/EndSession", O::kRobotSide, nullptr, false, &F::EndSession},
      {"POST", "api/robotsservice/StartService", O::kRobotSide, nullptr, false, &F::StartService},
      {"POST", "api/robotsservice/StopService", O::kRobotSide, nullptr, false, &F::StopService},
      {"POST", "api/robotsservice/Heartbeat", O::kRobotSide, nullptr, false, &F::Heartbeat},
      {"POST", "api/robotsservice/HeartbeatV2", O::kRobotSide, nullptr, false, &F::Heartbeat},
      {"POST", "api/robotsservice/SubmitJobState", O::kRobotSide, nullptr, false,
       &F::SubmitJobState},
      {"POST", "api/Logs/SubmitLogs", O::kRobotSide, nullptr, false, &F::SubmitLogs}};
  return endpoints;
}

std::optional<UpstreamCall> RobotFront::Route(const HttpRequest& request) {
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

HttpReply RobotFront::Serve(const Endpoint& endpoint, const HttpRequest& request,
                            const Target& target) {
  HttpReply reply = Carry(endpoint, request, target);
  reply.headers.emplace_back("OData-Version", "4.0");
  reply.headers.emplace_back(
      "Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", world_.Now(), absl::UTCTimeZone()));
  reply.headers.emplace_back("api-supported-versions", absl::StrCat(options_.version, ".0"));
  return reply;
}

HttpReply RobotFront::Carry(const Endpoint& endpoint, const HttpRequest& request,
                            const Target& target) {
  const std::string trace = request.Header("traceparent");
  try {
    if (options_.strict && !target.tolerated.empty()) {
      throw Refusal(400, 1000, absl::StrCat("Not taken: ", target.tolerated, "."));
    }
    if (endpoint.operation == Operation::kRobotToken) {
      return (this->*endpoint.handler)({request, target, {}, 0, {}});
    }
    Caller caller;
    if (endpoint.area != nullptr) {
      const auto known = office_.Identify(request);
      const auto robot = known ? known : RobotCaller(request);
      if (!robot) return NotAuthenticated();
      caller = *robot;
      const bool write = request.method != std::string("GET");
      if (*endpoint.area != '\0' && !caller.May(endpoint.area, write)) {
        throw Refusal(403, 0, "You are not authorized!");
      }
    }
    const std::lock_guard<std::mutex> lock(world_.mutex);
    world_.Settle();
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

std::optional<Caller> RobotFront::RobotCaller(const HttpRequest& request) {
  constexpr absl::string_view kScheme = "UiRobot ";
  const std::string authorization = request.Header("authorization");
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return std::nullopt;
  const std::string key = authorization.substr(kScheme.size());
  const std::lock_guard<std::mutex> lock(world_.mutex);
  for (const auto& [id, robot] : world_.robots) {
    if (!robot.key.empty() && robot.key == key) return Caller{};
  }
  return std::nullopt;
}

std::int64_t RobotFront::FolderOf(const HttpRequest& request, bool required) {
  const auto where = [this](auto&& fits) -> std::int64_t {
    for (const auto& [id, folder] : world_.folders) {
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
  return world_.folders.begin()->first;
}

}  // namespace relais::sandbox::orchestrator
