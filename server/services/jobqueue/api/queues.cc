// The methods about queues.

#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

void DescribeQueue(const Connection& connection, v1::Queue& queue) {
  queue.set_name(FormatQueueName(connection.name));
  queue.set_display_name(connection.display_name);
}

absl::StatusOr<v1::Queue> GetQueue(const Target<QueueName>& target, const CallContext& context,
                                   const v1::GetQueueRequest&) {
  v1::Queue queue;
  DescribeQueue(*target.connection, queue);
  target.backend().CheckReadiness(context, queue);
  return queue;
}

absl::StatusOr<v1::ProcessingConfiguration> GetProcessingConfiguration(
    const Target<QueueName>& target, const CallContext& context,
    const v1::GetProcessingConfigurationRequest&) {
  return target.backend().ReadConfiguration(context);
}

absl::StatusOr<v1::CurrentUser> GetCurrentUser(const Target<QueueName>& target,
                                               const CallContext& context,
                                               const v1::GetCurrentUserRequest&) {
  return target.backend().ReadCurrentUser(context);
}

}  // namespace

void AddQueueMethods(Methods& methods) {
  methods.List<v1::ListQueuesRequest, v1::ListQueuesResponse>("ListQueues", DescribeQueue);
  methods.Unary("GetQueue", GetQueue);
  methods.Unary("GetProcessingConfiguration", GetProcessingConfiguration);
  methods.Unary("GetCurrentUser", GetCurrentUser);
}

}  // namespace relais::jobqueue
