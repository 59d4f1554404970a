// CreateJob and ResubmitJob.

#include <memory>
#include <string>
#include <utility>

#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/api/method.h"
#include "server/services/jobqueue/api/mutation.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/api/submission.h"

namespace relais::jobqueue {
namespace {

std::vector<Violation> CheckCreate(const Target<QueueName>& target,
                                   const v1::CreateJobRequest& request) {
  return CheckDefinition(request.definition(), target.name.queue, FileSource::kUploaded);
}

absl::StatusOr<v1::Job> CreateJob(const Target<QueueName>& target, const CallContext& context,
                                  const v1::CreateJobRequest& request) {
  if (request.validate_only()) return Preview(request.definition());
  Connection& connection = *target.connection;
  Submission submission;
  submission.send = [&](const CallContext& call, const std::string& marker) {
    return connection.backend->Create(call, request.definition(), marker);
  };
  return Submit(*target.submissions, connection, context,
                MutationOf("CreateJob", connection, request), submission);
}

std::vector<Violation> CheckResubmitJob(const Target<JobName>&,
                                        const v1::ResubmitJobRequest& request) {
  return CheckResubmit(request);
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
  submission.send = [&](const CallContext& call, const std::string& marker) {
    return connection.backend->Resubmit(call, target.name.job, request, old, marker);
  };
  return Submit(*target.submissions, connection, context,
                MutationOf("ResubmitJob", connection, request), submission);
}

}  // namespace

void Service::AddSubmitMethods(rpc::Host& host) {
  host.Unary(async_, "CreateJob", &Async::RequestCreateJob,
             On<QueueName, v1::Job, v1::CreateJobRequest>(this, kParent, "parent", CheckCreate,
                                                          CreateJob));
  host.Unary(async_, "ResubmitJob", &Async::RequestResubmitJob,
             On<JobName, v1::Job, v1::ResubmitJobRequest>(this, kName, "name", CheckResubmitJob,
                                                          ResubmitJob));
}

}  // namespace relais::jobqueue
