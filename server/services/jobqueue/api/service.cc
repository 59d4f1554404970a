#include "server/services/jobqueue/api/service.h"

#include <utility>

#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/submission.h"

namespace relais::jobqueue {
namespace {

absl::StatusOr<v1::Queue> GetQueue(const Target<QueueName>& target, const CallContext& context,
                                   const v1::GetQueueRequest&) {
  v1::Queue queue;
  queue.set_name(FormatQueueName(target.name.queue));
  queue.set_display_name(target.connection->display_name);
  target.connection->backend->CheckReadiness(context, queue);
  return queue;
}

absl::StatusOr<v1::ProcessingConfiguration> GetProcessingConfiguration(
    const Target<QueueName>& target, const CallContext& context,
    const v1::GetProcessingConfigurationRequest&) {
  return target.connection->backend->ReadConfiguration(context);
}

absl::StatusOr<v1::CurrentUser> GetCurrentUser(const Target<QueueName>& target,
                                               const CallContext& context,
                                               const v1::GetCurrentUserRequest&) {
  return target.connection->backend->ReadCurrentUser(context);
}

}  // namespace

Service::Service(std::vector<std::unique_ptr<Connection>> connections,
                 state::Submissions& submissions)
    : connections_(std::move(connections)), submissions_(submissions) {
  for (const auto& connection : connections_) RegisterFinders(submissions_, *connection);
}

void Service::AddTo(rpc::Host& host) {
  host.Add(async_, v1::JobQueueService::service_full_name());
  AddQueueMethods(host);
  AddJobMethods(host);
  AddChangeMethods(host);
  AddSubmitMethods(host);
  AddUploadMethod(host);
  AddStreamedSubmitMethod(host);
  AddFileMethods(host);
  AddWatchMethods(host);
}

void Service::AddQueueMethods(rpc::Host& host) {
  host.Unary(async_, "ListQueues", &Async::RequestListQueues,
             [this](const v1::ListQueuesRequest& request)
                 -> absl::StatusOr<rpc::Work<v1::ListQueuesResponse>> {
               return rpc::Work<v1::ListQueuesResponse>{
                   .run = [this, &request](const CallContext&) { return ListQueues(request); }};
             });
  host.Unary(async_, "GetQueue", &Async::RequestGetQueue,
             On<QueueName, v1::Queue, v1::GetQueueRequest>(this, kName, "name", nullptr, GetQueue));
  host.Unary(async_, "GetProcessingConfiguration", &Async::RequestGetProcessingConfiguration,
             On<QueueName, v1::ProcessingConfiguration, v1::GetProcessingConfigurationRequest>(
                 this, kParent, "parent", nullptr, GetProcessingConfiguration));
  host.Unary(async_, "GetCurrentUser", &Async::RequestGetCurrentUser,
             On<QueueName, v1::CurrentUser, v1::GetCurrentUserRequest>(this, kParent, "parent",
                                                                       nullptr, GetCurrentUser));
}

absl::StatusOr<Connection*> Service::Find(std::string_view queue) const {
  for (const auto& connection : connections_) {
    if (connection->name == queue) return connection.get();
  }
  return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound).With("connection", queue)
         << "The gateway's configuration has no queue \"" << View(queue.substr(0, 64))
         << "\"; ListQueues shows those it has.";
}

absl::StatusOr<v1::ListQueuesResponse> Service::ListQueues(
    const v1::ListQueuesRequest& request) const {
  auto page = CutList(request.page_size(), request.page_token(), "ListQueues", connections_.size());
  if (!page.ok()) return page.status();
  v1::ListQueuesResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    v1::Queue& queue = *response.add_queues();
    queue.set_name(FormatQueueName(connections_[i]->name));
    queue.set_display_name(connections_[i]->display_name);
  }
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

}  // namespace relais::jobqueue
