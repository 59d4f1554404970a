// The verbs of one Orchestrator: what is asked of the upstream, and what its answers mean.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_BACKEND_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_BACKEND_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/http_upstream.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/services/robot/backend/folders.h"
#include "server/services/robot/backend/robot_state.h"
#include "server/services/robot/backend/server_clock.h"
#include "server/services/robot/codec/codec.h"
#include "server/services/robot/codec/odata.h"
#include "server/services/robot/names.h"

namespace relais::robot {

inline constexpr char kServiceWord[] = "robot";
// Most entities that Orchestrator gives at once.
inline constexpr std::int64_t kMostRows = 1000;

struct BackendOptions {
  std::string name;      // {orchestrator}
  std::string base_url;  // what precedes "/odata", without a slash at its end
  UpstreamPolicy policy;
  Login login;  // gives credentials whose token is the whole Authorization header
  absl::Duration folder_cache = absl::Minutes(5);
  absl::Duration unresponsive_after = absl::Seconds(120);
};

// What is read of sessions to know states.
odata::Query StateQuery();

// Who asks.
enum class Patience {
  kCaller,  // as every read
  kPoller   // one attempt: it has a back-off of its own
};

// Every method blocks, on a worker of the connection's executor, and is thread-safe. `place` is
// where the names of an answer begin; its folder exists as far as the gateway knows.
class Backend {
 public:
  // `transport`, `scheduler` and `metrics` outlive the backend.
  Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
          UpstreamMetrics& metrics);

  // Sets what GetOrchestrator tells; an upstream that does not answer is no error.
  void CheckReadiness(const CallContext& context, v1::Orchestrator& orchestrator);

  // The folder's id; NOT_FOUND when there is none of that key or path.
  absl::StatusOr<Place> Resolve(const CallContext& context, const FolderRef& folder);
  // All folders, read anew, by path.
  absl::StatusOr<std::vector<v1::Folder>> ListFolders(const CallContext& context);

  absl::StatusOr<Page<UpstreamProcess>> ListProcesses(const CallContext& context,
                                                      const Place& place,
                                                      const odata::Query& query);
  // `process` is the key of a release or the id of a package.
  absl::StatusOr<std::vector<v1::Robot>> ListProcessRobots(const CallContext& context,
                                                           const Place& place,
                                                           const std::string& process);

  absl::StatusOr<Page<UpstreamRobot>> ListRobots(const CallContext& context, const Place& place,
                                                 const odata::Query& query,
                                                 Patience patience = Patience::kCaller);
  absl::StatusOr<v1::Robot> ReadRobot(const CallContext& context, const Place& place,
                                      std::int64_t robot);
  absl::StatusOr<v1::Robot> UpdateRobot(const CallContext& context, const Place& place,
                                        std::int64_t robot, const v1::UpdateRobotRequest& request);
  absl::Status DeleteRobot(const CallContext& context, const Place& place, std::int64_t robot);
  absl::Status DeleteRobots(const CallContext& context, const Place& place,
                            const std::vector<std::int64_t>& robots);
  absl::Status EnableRobots(const CallContext& context, const Place& place,
                            const std::vector<std::int64_t>& robots, bool enabled);

  absl::StatusOr<Page<UpstreamSession>> ListSessions(const CallContext& context, const Place& place,
                                                     const odata::Query& query,
                                                     Patience patience = Patience::kCaller);
  absl::StatusOr<v1::RobotState> ReadRobotState(const CallContext& context, const Place& place,
                                                std::int64_t robot);
  absl::StatusOr<v1::SessionStats> ReadStats(const CallContext& context);

  absl::StatusOr<Page<UpstreamLog>> ListLogs(const CallContext& context, const Place& place,
                                             const odata::Query& query);
  absl::StatusOr<std::int64_t> CountLogs(const CallContext& context, const Place& place,
                                         const odata::Query& query);

  absl::StatusOr<Page<UpstreamJob>> ListJobs(const CallContext& context, const Place& place,
                                             const odata::Query& query);
  absl::StatusOr<UpstreamJob> ReadJob(const CallContext& context, const Place& place,
                                      const JobName& job, Patience patience = Patience::kCaller);
  // Not idempotent, as RestartJob: an error with metadata `outcome: unknown` leaves open whether it
  // has happened.
  absl::StatusOr<v1::StartJobsResponse> StartJobs(const CallContext& context, const Place& place,
                                                  const v1::StartJobsRequest& request,
                                                  std::string_view marker);
  // Whether jobs can bear a mark. As long as nothing is known of the server's version, they can.
  bool KnowsReferences() const { return FormOfStart() == StartForm::kCurrent; }
  absl::StatusOr<v1::StartJobsResponse> FindJobs(const CallContext& context, const Place& place,
                                                 std::string_view marker);
  absl::Status StopJob(const CallContext& context, const Place& place, std::int64_t job,
                       v1::StopJobRequest::Strategy strategy);
  absl::StatusOr<UpstreamJob> RestartJob(const CallContext& context, const Place& place,
                                         std::int64_t job);

  // The user's id.
  absl::StatusOr<std::int64_t> UpdateCredentials(
      const CallContext& context, std::int64_t user,
      const v1::UpdateUnattendedCredentialsRequest& request);

  // Now, by the upstream's clock.
  absl::Time ServerNow() const { return clock_.At(scheduler_.Now()); }
  Heartbeat heartbeat() const { return {ServerNow(), options_.unresponsive_after}; }
  // Grows when robots were changed through this gateway.
  std::int64_t robots_version() const { return robots_version_.load(); }

  HttpUpstream& upstream() { return upstream_; }
  const std::string& name() const { return options_.name; }

 private:
  enum class Subject { kAny, kRobotChange };

  // One request, without its credential. `folder` 0: of the tenant.
  struct Operation {
    std::string method = "GET";
    std::string path;
    std::string query{};
    std::int64_t folder = 0;
    std::string body{};
    SendOptions options{};
    Subject subject = Subject::kAny;
  };

  // Sends it; what `decode` makes of the body of a 2xx.
  template <typename Decode>
  std::invoke_result_t<Decode, const std::string&> Send(const CallContext& context,
                                                        const Operation& operation, Decode decode);
  absl::Status SendForNothing(const CallContext& context, const Operation& operation);
  HttpRequest RequestOf(const Operation& operation, const Credential& credential) const;
  absl::Status Meaning(const Operation& operation, const HttpReply& reply);
  absl::StatusOr<FolderList> FetchFolders(const CallContext& context);
  absl::StatusOr<std::string> PackageOf(const CallContext& context, const Place& place,
                                        const std::string& process);
  std::optional<std::int64_t> OwnUser(const CallContext& context);
  absl::Status ChangeRobots(const CallContext& context, const Operation& operation);
  StartForm FormOfStart() const;
  absl::StatusOr<UpstreamJob> JobIn(const std::string& body, const Place& place) const;
  absl::StatusOr<Page<UpstreamJob>> JobsIn(const std::string& body, const Place& place) const;

  const BackendOptions options_;
  Scheduler& scheduler_;
  HttpUpstream upstream_;
  ServerClock clock_;
  FolderCache folders_;
  std::atomic<std::int64_t> robots_version_{0};
  std::atomic<std::int64_t> own_user_{0};  // 0: not known

  mutable std::mutex mu_;
  std::string api_version_;  // under mu_
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_BACKEND_H_
