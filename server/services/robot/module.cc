#include "server/services/robot/module.h"

#include <memory>
#include <string>
#include <utility>

#include "relais/robot/v1/robot.pb.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/api/starts.h"
#include "server/services/robot/backend/connection.h"
#include "server/services/robot/config_key.pb.h"

namespace relais::robot {
namespace {

void AddMethods(Methods& methods) {
  AddTenantMethods(methods);
  AddRobotMethods(methods);
  AddRobotChangeMethods(methods);
  AddSessionMethods(methods);
  AddLogMethods(methods);
  AddTailMethod(methods);
  AddJobMethods(methods);
  AddStartMethods(methods);
  AddWatchMethods(methods);
}

absl::StatusOr<std::unique_ptr<gateway::Service>> CreateService(const config::LoadedConfig& loaded,
                                                                const gateway::Shared& shared) {
  auto connections = gateway::ConnectAll<Connection>(
      loaded, "robot.orchestrators", loaded.config.GetExtension(config::v1::robot).orchestrators(),
      [&](const std::string& name, const config::v1::Orchestrator& orchestrator,
          const gateway::SecretAt& secret) {
        return MakeConnection(name, orchestrator, loaded.config.server().watches(), secret,
                              shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  for (const auto& connection : *connections) RegisterFinder(shared.submissions, *connection);
  return gateway::MakeService<Connection>(
      *v1::Job::descriptor()->file()->FindServiceByName("RobotService"),
      {"Orchestrator", "ListOrchestrators"}, *std::move(connections), shared.submissions,
      AddMethods);
}

}  // namespace

gateway::Module ModuleOf() {
  return {
      .word = "robot",
      .make = CreateService,
      .examples =
          {{"RobotService/ListRobots", R"({"parent":"orchestrators/sandbox/folders/Shared"})"},
           {"RobotService/WatchRobots", R"({"parent":"orchestrators/sandbox/folders/Shared"})"},
           {"RobotService/TailRobotLogs",
            R"({"parent":"orchestrators/sandbox/folders/Shared","filter":{"robot_display_name":"DocBot"}})"}},
      .offers = {
          .rows = {{.method = gateway::MethodBeside(*v1::RobotLog::descriptor(), "ListRobotLogs")},
                   {.method = gateway::MethodBeside(*v1::RobotLog::descriptor(), "ListJobs")}}}};
}

}  // namespace relais::robot
