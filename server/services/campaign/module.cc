#include "server/services/campaign/module.h"

#include <memory>
#include <string>
#include <utility>

#include "relais/campaign/v1/campaign.pb.h"
#include "server/services/campaign/api/service.h"
#include "server/services/campaign/backend/connection.h"
#include "server/services/campaign/config_key.pb.h"

namespace relais::campaign {
namespace {

void AddMethods(Methods& methods) {
  AddInstanceMethods(methods);
  AddCampaignMethods(methods);
  AddActionMethods(methods);
  AddWorkMethods(methods);
  AddAnswerMethods(methods);
  AddFileMethods(methods);
  AddUserMethods(methods);
  AddWatchMethods(methods);
}

absl::StatusOr<std::unique_ptr<gateway::Service>> CreateService(const config::LoadedConfig& loaded,
                                                                const gateway::Shared& shared) {
  auto connections = gateway::ConnectAll<Connection>(
      loaded, "campaign.instances", loaded.config.GetExtension(config::v1::campaign).instances(),
      [&](const std::string& name, const config::v1::Instance& instance,
          const gateway::SecretAt& secret) {
        return MakeConnection(name, instance, loaded.config.server().watches(), secret,
                              shared.scheduler, shared.rehearsal);
      });
  if (!connections.ok()) return connections.status();
  return gateway::MakeService<Connection>(
      *v1::Instance::descriptor()->file()->FindServiceByName("CampaignService"),
      {"instance", "ListInstances"}, *std::move(connections), shared.submissions, AddMethods);
}

const google::protobuf::MethodDescriptor* Beside(const std::string& name) {
  return gateway::MethodBeside(*v1::Campaign::descriptor(), name);
}

}  // namespace

gateway::Module ModuleOf() {
  return {
      .word = "campaign",
      .make = CreateService,
      .examples = {{"CampaignService/ListCampaigns", R"({"parent":"instances/sandbox"})"},
                   {"CampaignService/StartPolling", R"({"parent":"instances/sandbox"})"}},
      .offers = {
          .rows = {{.method = Beside("ListAnswers"),
                    .files = "name",
                    .download = Beside("DownloadAnswer")}},
          .ends = {{.method = Beside("GetCampaign"), .field = "state", .ended = "STATE_CLOSED"}}}};
}

}  // namespace relais::campaign
