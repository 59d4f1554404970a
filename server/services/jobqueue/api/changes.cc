// The methods that change jobs.

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/mutation.h"
#include "server/services/jobqueue/api/service.h"

namespace relais::jobqueue {
namespace {

constexpr int kMostNames = 1000;

absl::StatusOr<v1::Job> JobOf(absl::StatusOr<UpstreamJob> job) {
  if (!job.ok()) return job.status();
  return std::move(job->job);
}

bool ChangesDescription(const v1::UpdateJobRequest& request) {
  const auto& paths = request.update_mask().paths();
  return std::find(paths.begin(), paths.end(), "description") != paths.end();
}

absl::StatusOr<v1::Job> UpdateJob(const Target<JobName>& target, const CallContext& context,
                                  const v1::UpdateJobRequest& request) {
  Backend& backend = *target.connection->backend;
  return Remember<v1::Job>(
      *target.submissions, *target.connection, context,
      MutationOf("UpdateJob", *target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
        std::string marker;
        if (ChangesDescription(request)) {  // the mark is a part of it and has to stay
          auto job = backend.ReadJob(call, target.name.job);
          if (!job.ok()) return job.status();
          marker = std::move(job->marker);
        }
        return JobOf(backend.Update(call, target.name.job, request, marker));
      });
}

std::vector<Violation> CheckUpdateJob(const Target<JobName>&, const v1::UpdateJobRequest& request) {
  return CheckUpdate(request);
}

absl::StatusOr<v1::DeleteJobResponse> DeleteJob(const Target<JobName>& target,
                                                const CallContext& context,
                                                const v1::DeleteJobRequest& request) {
  return Remember<v1::DeleteJobResponse>(
      *target.submissions, *target.connection, context,
      MutationOf("DeleteJob", *target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::DeleteJobResponse> {
        absl::Status status = target.connection->backend->Delete(call, target.name.job);
        if (!status.ok()) return status;
        return v1::DeleteJobResponse();
      });
}

absl::StatusOr<v1::Job> CancelJob(const Target<JobName>& target, const CallContext& context,
                                  const v1::CancelJobRequest& request) {
  return Remember<v1::Job>(
      *target.submissions, *target.connection, context,
      MutationOf("CancelJob", *target.connection, request), [&](const CallContext& call) {
        return JobOf(target.connection->backend->Cancel(call, target.name.job));
      });
}

absl::StatusOr<v1::Job> MoveJobToTop(const Target<JobName>& target, const CallContext& context,
                                     const v1::MoveJobToTopRequest& request) {
  Backend& backend = *target.connection->backend;
  return Remember<v1::Job>(*target.submissions, *target.connection, context,
                           MutationOf("MoveJobToTop", *target.connection, request),
                           [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
                             if (absl::Status moved = backend.MoveToTop(call, target.name.job);
                                 !moved.ok())
                               return moved;
                             return JobOf(backend.ReadJob(call, target.name.job));
                           });
}

std::vector<Violation> CheckBatch(const Target<QueueName>& target,
                                  const v1::BatchDeleteJobsRequest& request) {
  if (request.names_size() < 1 || request.names_size() > kMostNames)
    return {{"names", absl::StrCat("must be 1 to ", kMostNames, " names")}};
  std::vector<Violation> violations;
  std::set<std::string> seen;
  for (int i = 0; i < request.names_size(); ++i) {
    const auto name = ParseJobName(request.names(i));
    const std::string field = absl::StrCat("names[", i, "]");
    if (!name || name->queue != target.name.queue) {
      violations.push_back(
          {field, absl::StrCat("must be queues/", target.name.queue, "/jobs/{job}")});
    } else if (!seen.insert(name->job).second) {
      violations.push_back({field, "is named twice"});
    }
  }
  return violations;
}

// What became of one job; an error only when the whole call is over.
absl::StatusOr<v1::BatchDeleteJobsResponse::Result> DeleteOne(Backend& backend,
                                                              const CallContext& context,
                                                              const std::string& name) {
  v1::BatchDeleteJobsResponse::Result result;
  result.set_name(name);
  const absl::Status status = backend.Delete(context, ParseJobName(name)->job);
  if (HasReason(status, Reason::kCallerCancelled) || HasReason(status, Reason::kCallerDeadline))
    return status;
  result.set_deleted(status.ok());
  if (!status.ok()) {
    result.set_reason(std::string(ReasonName(DetailsOf(status).reason)));
    result.set_problem(std::string(status.message()));
  }
  return result;
}

absl::StatusOr<v1::BatchDeleteJobsResponse> BatchDeleteJobs(
    const Target<QueueName>& target, const CallContext& context,
    const v1::BatchDeleteJobsRequest& request) {
  return Remember<v1::BatchDeleteJobsResponse>(
      *target.submissions, *target.connection, context,
      MutationOf("BatchDeleteJobs", *target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::BatchDeleteJobsResponse> {
        v1::BatchDeleteJobsResponse response;
        for (const std::string& name : request.names()) {
          auto result = DeleteOne(*target.connection->backend, call, name);
          if (!result.ok()) return result.status();
          *response.add_results() = *std::move(result);
        }
        return response;
      });
}

}  // namespace

void Service::AddChangeMethods(rpc::Host& host) {
  const auto job_name = [](const v1::UpdateJobRequest& request) -> const std::string& {
    return request.job().name();
  };
  host.Unary(async_, "UpdateJob", &Async::RequestUpdateJob,
             On<JobName, v1::Job, v1::UpdateJobRequest>(this, job_name, "job.name", CheckUpdateJob,
                                                        UpdateJob));
  host.Unary(async_, "DeleteJob", &Async::RequestDeleteJob,
             On<JobName, v1::DeleteJobResponse, v1::DeleteJobRequest>(this, kName, "name", nullptr,
                                                                      DeleteJob));
  host.Unary(async_, "BatchDeleteJobs", &Async::RequestBatchDeleteJobs,
             On<QueueName, v1::BatchDeleteJobsResponse, v1::BatchDeleteJobsRequest>(
                 this, kParent, "parent", CheckBatch, BatchDeleteJobs));
  host.Unary(async_, "CancelJob", &Async::RequestCancelJob,
             On<JobName, v1::Job, v1::CancelJobRequest>(this, kName, "name", nullptr, CancelJob));
  host.Unary(
      async_, "MoveJobToTop", &Async::RequestMoveJobToTop,
      On<JobName, v1::Job, v1::MoveJobToTopRequest>(this, kName, "name", nullptr, MoveJobToTop));
}

}  // namespace relais::jobqueue
