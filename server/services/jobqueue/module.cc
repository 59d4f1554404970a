#include "server/services/jobqueue/module.h"

#include <memory>
#include <string>
#include <utility>

#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/api/submission.h"
#include "server/services/jobqueue/backend/connection.h"
#include "server/services/jobqueue/config_key.pb.h"

namespace relais::jobqueue {
namespace {

void AddMethods(Methods& methods) {
  AddQueueMethods(methods);
  AddJobMethods(methods);
  AddChangeMethods(methods);
  AddSubmitMethods(methods);
  AddUploadMethods(methods);
  AddStreamedSubmitMethod(methods);
  AddFileMethods(methods);
  AddWatchMethods(methods);
}

absl::StatusOr<std::unique_ptr<gateway::Service>> CreateService(const config::LoadedConfig& loaded,
                                                                const gateway::Shared& shared) {
  const config::v1::JobQueue& section = loaded.config.GetExtension(config::v1::jobqueue);
  auto connections = gateway::ConnectAll<Connection>(
      loaded, "jobqueue.queues", section.queues(),
      [&](const std::string& name, const config::v1::Queue& queue,
          const gateway::SecretAt& secret) {
        return MakeConnection(name, queue, loaded.config.server().watches(), secret,
                              section.spool_directory(), &shared.ceilings.spool_bytes,
                              shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  for (const auto& connection : *connections) RegisterFinders(shared.submissions, *connection);
  return gateway::MakeService<Connection>(
      *v1::Job::descriptor()->file()->FindServiceByName("JobQueueService"), {"queue", "ListQueues"},
      *std::move(connections), shared.submissions, AddMethods);
}

const google::protobuf::MethodDescriptor* Beside(const std::string& name) {
  return gateway::MethodBeside(*v1::Job::descriptor(), name);
}

}  // namespace

gateway::Module ModuleOf() {
  return {.word = "jobqueue",
          .make = CreateService,
          .examples = {{"JobQueueService/GetQueue", R"({"name":"queues/sandbox"})"},
                       {"JobQueueService/WatchJobs", R"({"parent":"queues/sandbox"})"}},
          .offers = {.rows = {{.method = Beside("ListJobs"),
                               .files = "output_files",
                               .download = Beside("DownloadOutputFile")}}}};
}

}  // namespace relais::jobqueue
