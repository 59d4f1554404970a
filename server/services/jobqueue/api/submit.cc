// CreateJob and ResubmitJob.

#include <memory>
#include <string>
#include <utility>

#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/api/submission.h"

namespace relais::jobqueue {
namespace {

void CheckCreate(const Target<QueueName>* target, const v1::CreateJobRequest& request,
                 Violations& violations) {
  CheckDefinition(request.definition(), target == nullptr ? "" : target->name.queue,
                  FileSource::kUploaded, violations);
}

absl::StatusOr<v1::Job> CreateJob(const Target<QueueName>& target, const CallContext& context,
                                  const v1::CreateJobRequest& request) {
  if (request.validate_only()) return Preview(request.definition());
  Connection& connection = *target.connection;
  Submission submission;
  submission.send = [&](const CallContext& call, const Mark& mark) {
    return connection.backend->Create(call, request.definition(), mark);
  };
  return Submit(*target.submissions, connection, context, gateway::MutationOf(target, request),
                submission);
}

void CheckResubmitJob(const Target<JobName>*, const v1::ResubmitJobRequest& request,
                      Violations& violations) {
  CheckResubmit(request, violations);
}

absl::StatusOr<v1::Job> ResubmitJob(const Target<JobName>& target, const CallContext& context,
                                    const v1::ResubmitJobRequest& request) {
  Connection& connection = *target.connection;
  v1::Job old;
  Submission submission;
  submission.prepare = [&](const CallContext& call) {
    auto job = connection.backend->ReadJob(call, target.name.job);
    if (job.ok()) old = std::move(job->job);
    return job.status();
  };
  submission.send = [&](const CallContext& call, const Mark& mark) {
    return connection.backend->Resubmit(call, target.name.job, request, old, mark);
  };
  return Submit(*target.submissions, connection, context, gateway::MutationOf(target, request),
                submission);
}

}  // namespace

void AddSubmitMethods(Methods& methods) {
  methods.Unary("CreateJob", CreateJob, CheckCreate);
  methods.Unary("ResubmitJob", ResubmitJob, CheckResubmitJob);
}

}  // namespace relais::jobqueue
