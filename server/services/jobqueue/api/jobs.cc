// The methods that read jobs.

#include <string>
#include <utility>

#include "server/gateway/list.h"
#include "server/services/jobqueue/api/job_filter.h"
#include "server/services/jobqueue/api/job_order.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

absl::StatusOr<v1::Job> GetJob(const Target<JobName>& target, const CallContext& context,
                               const v1::GetJobRequest&) {
  auto job = target.backend().ReadJob(context, target.name.job);
  if (!job.ok()) return job.status();
  return std::move(job->job);
}

absl::StatusOr<v1::JobDefinition> GetJobDefinition(const Target<JobName>& target,
                                                   const CallContext& context,
                                                   const v1::GetJobDefinitionRequest&) {
  return target.backend().ReadDefinition(context, target.name.job);
}

void CheckList(const Target<QueueName>*, const v1::ListJobsRequest& request,
               Violations& violations) {
  violations.AddAll(ParseJobFilter(request.filter()).status());
  violations.AddAll(ParseJobOrder(request.order_by()).status());
}

absl::StatusOr<v1::ListJobsResponse> ListJobs(const Target<QueueName>& target,
                                              const CallContext& context,
                                              const v1::ListJobsRequest& request) {
  const auto filter = ParseJobFilter(request.filter());
  if (!filter.ok()) return filter.status();
  const auto order = ParseJobOrder(request.order_by());
  if (!order.ok()) return order.status();
  auto listed = target.backend().ListJobs(context, UpstreamQuery(*filter), /*patient=*/true);
  if (!listed.ok()) return listed.status();
  std::vector<v1::Job*> jobs;
  for (UpstreamJob& job : *listed) {
    if (MatchesJob(*filter, job.job)) jobs.push_back(&job.job);
  }
  SortJobs(*order, jobs);
  auto response = gateway::AnswerPage(
      request,
      absl::StrCat("ListJobs|", request.parent(), "|", request.filter(), "|", request.order_by()),
      jobs.size(), &v1::ListJobsResponse::mutable_jobs,
      [&jobs](std::size_t i, v1::Job& job) { job = std::move(*jobs[i]); });
  if (response.ok()) response->set_total_size(static_cast<std::int64_t>(jobs.size()));
  return response;
}

}  // namespace

void AddJobMethods(Methods& methods) {
  methods.Unary("GetJob", GetJob, nullptr, rpc::kHot);
  methods.Unary("ListJobs", ListJobs, CheckList);
  methods.Unary("GetJobDefinition", GetJobDefinition);
}

}  // namespace relais::jobqueue
