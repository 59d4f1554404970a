// The URLs of Orchestrator.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_H_

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/http/message.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/robot/login.h"
#include "sandbox/upstreams/robot/options.h"
#include "sandbox/upstreams/robot/simulator.h"
#include "sandbox/upstreams/robot/target.h"

namespace relais::sandbox::robot {

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
  std::string ContextUrl(const Exchange& exchange) const;
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
  HttpReply ListRobots(const Exchange& exchange);
  HttpReply GetRobot(const Exchange& exchange);
  HttpReply CreateRobot(const Exchange& exchange);
  HttpReply PutRobot(const Exchange& exchange);
  HttpReply PatchRobot(const Exchange& exchange);
  HttpReply DeleteRobot(const Exchange& exchange);
  HttpReply DeleteRobots(const Exchange& exchange);
  HttpReply ToggleRobots(const Exchange& exchange);
  HttpReply RobotsForProcess(const Exchange& exchange);
  HttpReply ListLogs(const Exchange& exchange);
  HttpReply CountLogs(const Exchange& exchange);
  HttpReply ListJobs(const Exchange& exchange);
  HttpReply GetJob(const Exchange& exchange);
  HttpReply JobByKey(const Exchange& exchange);
  HttpReply StartJobs(const Exchange& exchange);
  HttpReply StopJob(const Exchange& exchange);
  HttpReply StopJobs(const Exchange& exchange);
  HttpReply RestartJob(const Exchange& exchange);
  HttpReply ListReleases(const Exchange& exchange);
  HttpReply GetRelease(const Exchange& exchange);
  HttpReply ListPackages(const Exchange& exchange);
  HttpReply ListUsers(const Exchange& exchange);
  HttpReply GetUser(const Exchange& exchange);
  HttpReply CurrentUser(const Exchange& exchange);
  HttpReply PutUser(const Exchange& exchange);
  HttpReply PatchUser(const Exchange& exchange);
  HttpReply ListFolders(const Exchange& exchange);
  HttpReply GetFolder(const Exchange& exchange);
  HttpReply FoldersOfUser(const Exchange& exchange);
  HttpReply ListMachines(const Exchange& exchange);
  HttpReply ListEnvironments(const Exchange& exchange);
  HttpReply SessionsStats(const Exchange& exchange);
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
  std::deque<absl::Time> job_lists_;  // under the simulator's mutex
};

// A member of a request's body, whatever the case of its name; null when it is absent.
const Json& Member(const Json& body, const char* name);
// As text; empty when it is none.
std::string TextOf(const Json& body, const char* name);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_FRONT_H_
