// The methods about instances and what they hold: projects, models, messages.

#include "server/services/campaign/api/list.h"
#include "server/services/campaign/api/service.h"

namespace relais::campaign {
namespace {

void DescribeInstance(const Connection& connection, v1::Instance& instance) {
  instance.set_name(FormatInstanceName(connection.name));
  instance.set_display_name(connection.display_name);
  instance.set_transport(connection.spoken);
}

absl::StatusOr<v1::Instance> GetInstance(const Target<InstanceName>& target,
                                         const CallContext& context,
                                         const v1::GetInstanceRequest&) {
  v1::Instance instance;
  DescribeInstance(*target.connection, instance);
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

void AddInstanceMethods(Methods& methods) {
  methods.List<v1::ListInstancesRequest, v1::ListInstancesResponse>("ListInstances",
                                                                    DescribeInstance);
  methods.Unary("GetInstance", GetInstance);
  methods.Unary("ListProjects", ListProjects);
  methods.Unary("ListModels", ListModels);
  methods.Unary("GetMessage", GetMessage);
}

}  // namespace relais::campaign
