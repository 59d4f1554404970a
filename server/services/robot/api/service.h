// relais.robot.v1.RobotService: checks names, picks the connection, replies.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/robot/v1/robot.grpc.pb.h"
#include "server/core/state/submissions.h"
#include "server/rpc/host.h"
#include "server/services/robot/backend/connection.h"

namespace relais::robot {

class Service {
 public:
  // `submissions` outlives the service.
  Service(std::vector<std::unique_ptr<Connection>> connections, state::Submissions& submissions);

  // Adds the service to `host`. The service outlives the host.
  void AddTo(rpc::Host& host);

  const std::vector<std::unique_ptr<Connection>>& connections() const { return connections_; }
  state::Submissions& submissions() const { return submissions_; }

  // The connection called {orchestrator}.
  absl::StatusOr<Connection*> Find(std::string_view orchestrator) const;

 private:
  // Messages of streams are made once for all readers, or handed on as they are.
  using Base = v1::RobotService::AsyncService;
  using WithTail = v1::RobotService::WithRawMethod_TailRobotLogs<Base>;
  using WithWatchJob = v1::RobotService::WithRawMethod_WatchJob<WithTail>;
  using Async = v1::RobotService::WithRawMethod_WatchRobots<WithWatchJob>;

  // Each adds the methods of one file.
  void AddTenantMethods(rpc::Host& host);
  void AddRobotMethods(rpc::Host& host);
  void AddRobotChangeMethods(rpc::Host& host);
  void AddSessionMethods(rpc::Host& host);
  void AddLogMethods(rpc::Host& host);
  void AddTailMethod(rpc::Host& host);
  void AddJobMethods(rpc::Host& host);
  void AddStartMethods(rpc::Host& host);
  void AddWatchMethods(rpc::Host& host);

  absl::StatusOr<v1::ListOrchestratorsResponse> ListOrchestrators(
      const v1::ListOrchestratorsRequest& request) const;

  const std::vector<std::unique_ptr<Connection>> connections_;  // by name
  state::Submissions& submissions_;
  Async async_;
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_SERVICE_H_
