// The methods that read jobs.

#include <string>
#include <utility>

#include "server/core/aip/paging.h"
#include "server/services/jobqueue/api/job_filter.h"
#include "server/services/jobqueue/api/job_order.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

absl::StatusOr<v1::Job> GetJob(const Target<JobName>& target, const CallContext& context,
                               const v1::GetJobRequest&) {
  auto job = target.connection->backend->ReadJob(context, target.name.job);
  if (!job.ok()) return job.status();
  return std::move(job->job);
}

absl::StatusOr<v1::JobDefinition> GetJobDefinition(const Target<JobName>& target,
                                                   const CallContext& context,
                                                   const v1::GetJobDefinitionRequest&) {
  return target.connection->backend->ReadDefinition(context, target.name.job);
}

// Everything that can be said of a list's arguments before anything is asked.
std::vector<Violation> CheckList(const Target<QueueName>&, const v1::ListJobsRequest& request) {
  std::vector<Violation> violations;
  if (request.page_size() < 0) violations.push_back({"page_size", "must not be negative"});
  for (const absl::Status& status :
       {ParseJobFilter(request.filter()).status(), ParseJobOrder(request.order_by()).status()}) {
    for (Violation& violation : DetailsOf(status).violations)
      violations.push_back(std::move(violation));
  }
  return violations;
}

absl::StatusOr<v1::ListJobsResponse> ListJobs(const Target<QueueName>& target,
                                              const CallContext& context,
                                              const v1::ListJobsRequest& request) {
  const auto filter = ParseJobFilter(request.filter());
  if (!filter.ok()) return filter.status();
  const auto order = ParseJobOrder(request.order_by());
  if (!order.ok()) return order.status();
  auto listed =
      target.connection->backend->ListJobs(context, UpstreamQuery(*filter), /*patient=*/true);
  if (!listed.ok()) return listed.status();
  std::vector<v1::Job*> jobs;
  for (UpstreamJob& job : *listed) {
    if (MatchesJob(*filter, job.job)) jobs.push_back(&job.job);
  }
  SortJobs(*order, jobs);
  auto page = CutList(
      request.page_size(), request.page_token(),
      absl::StrCat("ListJobs|", request.parent(), "|", request.filter(), "|", request.order_by()),
      jobs.size());
  if (!page.ok()) return page.status();
  v1::ListJobsResponse response;
  for (std::size_t i = page->begin; i < page->end; ++i) *response.add_jobs() = std::move(*jobs[i]);
  response.set_next_page_token(std::move(page->next_page_token));
  response.set_total_size(static_cast<std::int32_t>(jobs.size()));
  return response;
}

}  // namespace

void Service::AddJobMethods(rpc::Host& host) {
  host.Unary(async_, "GetJob", &Async::RequestGetJob,
             On<JobName, v1::Job, v1::GetJobRequest>(this, kName, "name", nullptr, GetJob),
             rpc::kHot);
  host.Unary(async_, "ListJobs", &Async::RequestListJobs,
             On<QueueName, v1::ListJobsResponse, v1::ListJobsRequest>(this, kParent, "parent",
                                                                      CheckList, ListJobs));
  host.Unary(async_, "GetJobDefinition", &Async::RequestGetJobDefinition,
             On<JobName, v1::JobDefinition, v1::GetJobDefinitionRequest>(
                 this, kName, "name", nullptr, GetJobDefinition));
}

}  // namespace relais::jobqueue
