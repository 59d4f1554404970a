// The methods that change jobs.

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "server/gateway/batch.h"
#include "server/services/jobqueue/api/definition_checks.h"
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
  Backend& backend = target.backend();
  return RememberAndLook<v1::Job>(
      target, context, request, [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
        Mark mark;
        if (ChangesDescription(request)) {  // the mark is a part of it and has to stay
          auto job = backend.ReadJob(call, target.name.job);
          if (!job.ok()) return job.status();
          mark = job->mark();
        }
        return JobOf(backend.Update(call, target.name.job, request, mark));
      });
}

void CheckUpdateJob(const Target<JobName>*, const v1::UpdateJobRequest& request,
                    Violations& violations) {
  CheckUpdate(request, violations);
}

absl::StatusOr<v1::DeleteJobResponse> DeleteJob(const Target<JobName>& target,
                                                const CallContext& context,
                                                const v1::DeleteJobRequest& request) {
  return RememberAndLook<v1::DeleteJobResponse>(
      target, context, request,
      [&](const CallContext& call) -> absl::StatusOr<v1::DeleteJobResponse> {
        absl::Status status = target.backend().Delete(call, target.name.job);
        if (!status.ok()) return status;
        return v1::DeleteJobResponse();
      });
}

absl::StatusOr<v1::Job> CancelJob(const Target<JobName>& target, const CallContext& context,
                                  const v1::CancelJobRequest& request) {
  return RememberAndLook<v1::Job>(target, context, request, [&](const CallContext& call) {
    return JobOf(target.backend().Cancel(call, target.name.job));
  });
}

absl::StatusOr<v1::Job> MoveJobToTop(const Target<JobName>& target, const CallContext& context,
                                     const v1::MoveJobToTopRequest& request) {
  Backend& backend = target.backend();
  return RememberAndLook<v1::Job>(
      target, context, request, [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
        if (absl::Status moved = backend.MoveToTop(call, target.name.job); !moved.ok())
          return moved;
        return JobOf(backend.ReadJob(call, target.name.job));
      });
}

void CheckBatch(const Target<QueueName>* target, const v1::BatchDeleteJobsRequest& request,
                Violations& violations) {
  if (request.names_size() < 1 || request.names_size() > kMostNames)
    return violations.Add("names", absl::StrCat("must be 1 to ", kMostNames, " names"));
  std::set<std::string> seen;
  for (int i = 0; i < request.names_size(); ++i) {
    const auto name = JobName::Parse(request.names(i));
    const std::string field = absl::StrCat("names[", i, "]");
    if (!name || (target != nullptr && name->queue != target->name.queue)) {
      violations.Add(
          field, absl::StrCat("must be queues/", target == nullptr ? "{queue}" : target->name.queue,
                              "/jobs/{job}"));
    } else if (!seen.insert(name->job).second) {
      violations.Add(field, "is named twice");
    }
  }
}

// What became of one job; an error only when the whole call is over.
absl::StatusOr<type::v1::BatchResult> DeleteOne(Backend& backend, const CallContext& context,
                                                const std::string& name) {
  const absl::Status status = backend.Delete(context, JobName::Parse(name)->job);
  if (HasReason(status, Reason::kCallerCancelled) || HasReason(status, Reason::kCallerDeadline))
    return status;
  return gateway::BatchResultOf(name, status);
}

absl::StatusOr<v1::BatchDeleteJobsResponse> BatchDeleteJobs(
    const Target<QueueName>& target, const CallContext& context,
    const v1::BatchDeleteJobsRequest& request) {
  return RememberAndLook<v1::BatchDeleteJobsResponse>(
      target, context, request,
      [&](const CallContext& call) -> absl::StatusOr<v1::BatchDeleteJobsResponse> {
        v1::BatchDeleteJobsResponse response;
        for (const std::string& name : request.names()) {
          auto result = DeleteOne(target.backend(), call, name);
          if (!result.ok()) return result.status();
          *response.add_results() = *std::move(result);
        }
        return response;
      });
}

}  // namespace

void AddChangeMethods(Methods& methods) {
  methods.Unary("UpdateJob", UpdateJob, CheckUpdateJob);
  methods.Unary("DeleteJob", DeleteJob);
  methods.Unary("BatchDeleteJobs", BatchDeleteJobs, CheckBatch);
  methods.Unary("CancelJob", CancelJob);
  methods.Unary("MoveJobToTop", MoveJobToTop);
}

}  // namespace relais::jobqueue
