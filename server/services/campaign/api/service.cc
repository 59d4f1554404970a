#include "server/services/campaign/api/service.h"

#include <algorithm>
#include <utility>

#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"
#include "server/services/campaign/api/checks.h"
#include "server/services/campaign/api/list.h"
#include "server/services/campaign/api/method.h"

namespace relais::campaign {
namespace {

absl::StatusOr<v1::Instance> GetInstance(const Target<InstanceName>& target,
                                         const CallContext& context,
                                         const v1::GetInstanceRequest&) {
  v1::Instance instance;
  instance.set_name(FormatInstanceName(target.name.instance));
  instance.set_display_name(target.connection->display_name);
  instance.set_transport(target.connection->spoken);
  instance.set_readiness(target.backend().CheckReadiness(context));
  return instance;
}

absl::StatusOr<v1::ListProjectsResponse> ListProjects(const Target<InstanceName>& target,
                                                      const CallContext& context,
                                                      const v1::ListProjectsRequest& request) {
  return AnswerList<v1::ListProjectsResponse>(target.backend().ListProjects(context), request,
                                              "ListProjects",
                                              &v1::ListProjectsResponse::mutable_projects);
}

absl::StatusOr<v1::ListModelsResponse> ListModels(const Target<InstanceName>& target,
                                                  const CallContext& context,
                                                  const v1::ListModelsRequest& request) {
  return AnswerList<v1::ListModelsResponse>(target.backend().ListModels(context), request,
                                            "ListModels", &v1::ListModelsResponse::mutable_models);
}

absl::StatusOr<v1::Message> GetMessage(const Target<MessageName>& target,
                                       const CallContext& context, const v1::GetMessageRequest&) {
  return target.backend().ReadMessage(context, target.name);
}

}  // namespace

Service::Service(std::vector<std::unique_ptr<Connection>> connections,
                 state::Submissions& submissions)
    : connections_(std::move(connections)), submissions_(submissions) {}

void Service::AddTo(rpc::Host& host) {
  host.Add(async_, v1::CampaignService::service_full_name());
  AddInstanceMethods(host);
  AddCampaignMethods(host);
  AddActionMethods(host);
  AddWorkMethods(host);
  AddAnswerMethods(host);
  AddFileMethods(host);
  AddUserMethods(host);
  AddWatchMethods(host);
}

void Service::AddInstanceMethods(rpc::Host& host) {
  host.Unary(async_, "ListInstances", &Async::RequestListInstances,
             [this](const v1::ListInstancesRequest& request)
                 -> absl::StatusOr<rpc::Work<v1::ListInstancesResponse>> {
               return rpc::Work<v1::ListInstancesResponse>{
                   .run = [this, &request](const CallContext&) { return ListInstances(request); }};
             });
  host.Unary(async_, "GetInstance", &Async::RequestGetInstance,
             On<InstanceName, v1::Instance, v1::GetInstanceRequest>(this, kName, "name", nullptr,
                                                                    GetInstance));
  host.Unary(async_, "ListProjects", &Async::RequestListProjects,
             On<InstanceName, v1::ListProjectsResponse, v1::ListProjectsRequest>(
                 this, kParent, "parent", CheckPage, ListProjects));
  host.Unary(async_, "ListModels", &Async::RequestListModels,
             On<InstanceName, v1::ListModelsResponse, v1::ListModelsRequest>(
                 this, kParent, "parent", CheckPage, ListModels));
  host.Unary(async_, "GetMessage", &Async::RequestGetMessage,
             On<MessageName, v1::Message, v1::GetMessageRequest>(this, kName, "name", nullptr,
                                                                 GetMessage));
}

absl::StatusOr<Connection*> Service::Find(std::string_view instance) const {
  for (const auto& connection : connections_) {
    if (connection->name == instance) return connection.get();
  }
  return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound)
             .With("connection", instance)
         << "The gateway's configuration has no instance \"" << View(instance.substr(0, 64))
         << "\"; ListInstances shows those it has.";
}

absl::StatusOr<v1::ListInstancesResponse> Service::ListInstances(
    const v1::ListInstancesRequest& request) const {
  auto page =
      CutList(request.page_size(), request.page_token(), "ListInstances", connections_.size());
  if (!page.ok()) return page.status();
  v1::ListInstancesResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    v1::Instance& instance = *response.add_instances();
    instance.set_name(FormatInstanceName(connections_[i]->name));
    instance.set_display_name(connections_[i]->display_name);
    instance.set_transport(connections_[i]->spoken);
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

}  // namespace relais::campaign
