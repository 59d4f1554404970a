// The URLs of Orchestrator.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_FRONT_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_FRONT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sandbox/http/message.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/robot/front/target.h"
#include "sandbox/upstreams/robot/login.h"
#include "sandbox/upstreams/robot/odata/query.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"

namespace relais::sandbox::robot {

// What an export has made.
struct ExportedFile {
  Json entity;            // ExportModel
  std::string signature;  // of its address
  std::string csv;
};

// Thread-safe.
class Front {
 public:
  // `clock` outlives the front.
  Front(Options options, const VirtualClock* clock);

  // Nothing when the path is not Orchestrator's. `request` outlives the call.
  std::optional<UpstreamCall> Route(const HttpRequest& request);

  LoginHandler& logins() { return logins_; }
  Simulator& simulator() { return simulator_; }

 private:
  struct Exchange {
    const HttpRequest& request;
    const Target& target;
    Caller caller;
    std::int64_t folder = 0;  // 0: none was named
    Json body;                // null: there is none
  };
  using Handler = HttpReply (Front::*)(const Exchange&);
  struct Endpoint {
    const char* method;
    const char* route;
    Operation operation;
    const char* area;  // of scopes; empty: anybody who has signed in; null: everybody
    bool folder;       // whether a folder must be named
    Handler handler;
    int until = 99;  // the last version that has it
    int since = 0;   // the first one
  };
  static const std::vector<Endpoint>& Endpoints();

  HttpReply Serve(const Endpoint& endpoint, const HttpRequest& request, const Target& target);
  HttpReply Carry(const Endpoint& endpoint, const HttpRequest& request, const Target& target);
  // Throws Refusal when it is required and missing, or unknown.
  std::int64_t FolderOf(const HttpRequest& request, bool required);
  // For a robot program: by its key, or by the licence key of its machine.
  std::optional<Caller> RobotCaller(const HttpRequest& request);

  // Entities of a set to the reply.
  HttpReply List(const Exchange& exchange, const char* set, std::vector<Json> entities,
                 bool always_count = false);
  HttpReply Single(const Exchange& exchange, const char* set, const Json& entity, int status = 200);
  // Texts, in order and once each; $filter knows them as $it.
  HttpReply Texts(const Exchange& exchange, const std::set<std::string>& texts);
  Page RunQuery(const Query& query, const char* set, std::vector<Json> entities);
  // A file that is there to be downloaded as soon as it is asked for.
  HttpReply Export(const Exchange& exchange, const char* type, std::string csv);
  std::string LogReport(const Exchange& exchange);
  std::string ContextUrl(const Exchange& exchange) const;
  // The address that the request was sent to, up to the tenant.
  std::string RootUrl(const Exchange& exchange) const;
  std::vector<Json> RobotsWhere(const std::function<bool(const Robot&)>& wanted) const;
  Json& MachineAt(const Exchange& exchange);
  Json& EnvironmentAt(const Exchange& exchange);
  RobotSession& SessionAt(std::int64_t id);
  // The release that a job is to be started of; throws Refusal when there is none in the folder.
  std::int64_t ReleaseOf(const Exchange& exchange, const Json& start_info) const;
  Job& JobByKeyAt(const Exchange& exchange, const std::string& key);
  Robot& RobotAt(const Exchange& exchange, std::int64_t id);
  Job& JobAt(const Exchange& exchange, std::int64_t id);
  std::vector<Json> SessionsIn(std::int64_t folder);  // 0: everywhere
  void CheckRobot(const Json& body, const Json* old) const;
  HttpReply RobotLogQuery(const Exchange& exchange, bool count_only);
  bool IsLicense(const std::string& key) const;
  // The key of the machine that a robot program works on; empty: it told none.
  std::string LicenseOf(const Exchange& exchange) const;
  Json DetailsOf(const Robot& robot, const std::string& license) const;
  Json CommandOf(const Exchange& exchange, const Job& job, const char* type) const;
  void AddLine(const Json& item);

  HttpReply Token(const Exchange& exchange);
  HttpReply Authenticate(const Exchange& exchange);
  HttpReply Status(const Exchange& exchange);
  HttpReply ListSessions(const Exchange& exchange);
  HttpReply GlobalSessions(const Exchange& exchange);
  HttpReply MachineSessions(const Exchange& exchange);
  HttpReply MachineSessionRuntimes(const Exchange& exchange);
  HttpReply SessionUsernames(const Exchange& exchange);
  HttpReply UserRobots(const Exchange& exchange);
  HttpReply SetMaintenanceMode(const Exchange& exchange);
  HttpReply DeleteInactiveSessions(const Exchange& exchange);
  HttpReply ToggleDebugMode(const Exchange& exchange);
  HttpReply ListRobots(const Exchange& exchange);
  HttpReply GetRobot(const Exchange& exchange);
  HttpReply CreateRobot(const Exchange& exchange);
  HttpReply PutRobot(const Exchange& exchange);
  HttpReply PatchRobot(const Exchange& exchange);
  HttpReply DeleteRobot(const Exchange& exchange);
  HttpReply DeleteRobots(const Exchange& exchange);
  HttpReply ToggleRobots(const Exchange& exchange);
  HttpReply RobotsForProcess(const Exchange& exchange);
  HttpReply RobotsOfTenant(const Exchange& exchange);
  HttpReply ConfiguredRobots(const Exchange& exchange);
  HttpReply FolderRobots(const Exchange& exchange);
  HttpReply RobotsFromFolder(const Exchange& exchange);
  HttpReply RobotUsernames(const Exchange& exchange);
  HttpReply LicenseKeys(const Exchange& exchange);
  HttpReply ConvertToFloating(const Exchange& exchange);
  HttpReply ListLogs(const Exchange& exchange);
  HttpReply CountLogs(const Exchange& exchange);
  HttpReply ReportLogs(const Exchange& exchange);
  HttpReply ExportLogs(const Exchange& exchange);
  HttpReply ExportJobs(const Exchange& exchange);
  HttpReply GetExport(const Exchange& exchange);
  HttpReply ExportLink(const Exchange& exchange);
  HttpReply DownloadExport(const Exchange& exchange);
  HttpReply ListJobs(const Exchange& exchange);
  HttpReply GetJob(const Exchange& exchange);
  HttpReply JobByKey(const Exchange& exchange);
  HttpReply StartJobs(const Exchange& exchange);
  HttpReply StopJob(const Exchange& exchange);
  HttpReply StopJobs(const Exchange& exchange);
  HttpReply RestartJob(const Exchange& exchange);
  HttpReply ResumeJob(const Exchange& exchange);
  HttpReply ForceStopJobs(const Exchange& exchange);
  HttpReply ValidateDynamicJob(const Exchange& exchange);
  HttpReply ValidateExistingJob(const Exchange& exchange);
  HttpReply JobInfo(const Exchange& exchange);
  HttpReply ListReleases(const Exchange& exchange);
  HttpReply GetRelease(const Exchange& exchange);
  HttpReply ListPackages(const Exchange& exchange);
  HttpReply ListUsers(const Exchange& exchange);
  HttpReply GetUser(const Exchange& exchange);
  HttpReply CurrentUser(const Exchange& exchange);
  HttpReply CurrentPermissions(const Exchange& exchange);
  HttpReply UserByKey(const Exchange& exchange);
  HttpReply ValidateUsers(const Exchange& exchange);
  HttpReply PutUser(const Exchange& exchange);
  HttpReply PatchUser(const Exchange& exchange);
  HttpReply ListFolders(const Exchange& exchange);
  HttpReply GetFolder(const Exchange& exchange);
  HttpReply FolderByKey(const Exchange& exchange);
  HttpReply FoldersOfUser(const Exchange& exchange);
  HttpReply NavigateFolders(const Exchange& exchange);
  HttpReply ListMachines(const Exchange& exchange);
  HttpReply GetMachine(const Exchange& exchange);
  HttpReply CreateMachine(const Exchange& exchange);
  HttpReply ChangeMachine(const Exchange& exchange);
  HttpReply DeleteMachine(const Exchange& exchange);
  HttpReply ListEnvironments(const Exchange& exchange);
  HttpReply GetEnvironment(const Exchange& exchange);
  HttpReply AddRobotToEnvironment(const Exchange& exchange);
  HttpReply RemoveRobotFromEnvironment(const Exchange& exchange);
  HttpReply SetRobotsOfEnvironment(const Exchange& exchange);
  HttpReply RobotsForEnvironment(const Exchange& exchange);
  HttpReply ListSettings(const Exchange& exchange);
  HttpReply GetSetting(const Exchange& exchange);
  HttpReply PutSetting(const Exchange& exchange);
  HttpReply UpdateSettings(const Exchange& exchange);
  HttpReply DeleteSettings(const Exchange& exchange);
  HttpReply ExecutionSettingsConfiguration(const Exchange& exchange);
  HttpReply SessionsStats(const Exchange& exchange);
  HttpReply JobsStats(const Exchange& exchange);
  HttpReply CountStats(const Exchange& exchange);
  HttpReply DownloadPackage(const Exchange& exchange);
  HttpReply SharedConnectionData(const Exchange& exchange);
  HttpReply BeginSession(const Exchange& exchange);
  HttpReply EndSession(const Exchange& exchange);
  HttpReply StartService(const Exchange& exchange);
  HttpReply StopService(const Exchange& exchange);
  HttpReply Heartbeat(const Exchange& exchange);
  HttpReply SubmitJobState(const Exchange& exchange);
  HttpReply SubmitLogs(const Exchange& exchange);
  HttpReply SubmitLog(const Exchange& exchange);

  const Options options_;
  Simulator simulator_;
  LoginHandler logins_;
  // Under the simulator's mutex:
  std::deque<absl::Time> job_lists_;
  std::map<std::int64_t, ExportedFile> exports_;
};

// A member of a request's body, whatever the case of its name; null when it is absent.
const Json& Member(const Json& body, const char* name);
// As text; empty when it is none.
std::string TextOf(const Json& body, const char* name);
// As a list of numbers that is not empty; throws Refusal when it is none.
std::vector<std::int64_t> IdsOf(const Json& body, const char* name);
// An entity of a set after the changes of a request's body, whose names may be in any case. What
// clients cannot set stays.
Json MergedOver(const char* set, Json entity, const Json& changes);
std::vector<Json> ValuesOf(const std::map<std::int64_t, Json>& table);
// An argument of a function; throws Refusal when it is missing.
std::string ArgumentOf(const Target& target, const char* lower_case_name);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_FRONT_H_
