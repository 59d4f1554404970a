#include "server/services/jobqueue/api/submission.h"

#include <optional>
#include <utility>

#include "server/gateway/mutation.h"
#include "server/services/jobqueue/codec/job_definition.h"
#include "server/services/jobqueue/codec/words.h"

namespace relais::jobqueue {
namespace {

constexpr const char* kSubmittingMethods[] = {"CreateJob", "SubmitJob", "ResubmitJob"};

// The job that bears the marker, serialized; none when there is none.
absl::StatusOr<std::optional<std::string>> FindMarked(Backend& backend, const CallContext& context,
                                                      const std::string& marker) {
  auto jobs = backend.ListJobs(context, {{"descriptionFilter", marker}}, /*patient=*/true);
  if (!jobs.ok()) return jobs.status();
  for (const UpstreamJob& job : *jobs) {
    if (job.marker == marker) return gateway::Serialize(job.job);
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<v1::Job> Submit(state::Submissions& submissions, Connection& connection,
                               const CallContext& context, const state::Mutation& mutation,
                               const Submission& submission) {
  state::Steps steps;
  steps.prepare = submission.prepare;
  steps.send = [&](const CallContext& call, const std::string& marker) -> state::Answer {
    const Mark mark{connection.marks_jobs ? marker : "", mutation.request_id};
    auto job = submission.send(call, mark);
    connection.hub->Invalidate();
    if (!job.ok()) return job.status();
    return gateway::Serialize(job->job);
  };
  if (connection.marks_jobs) {
    steps.find = [&](const CallContext& call, const std::string& marker) {
      return FindMarked(*connection.backend, call, marker);
    };
  }
  return gateway::ParseAnswer<v1::Job>(submissions.Once(context, mutation, steps));
}

void RegisterFinders(state::Submissions& submissions, Connection& connection) {
  if (!connection.marks_jobs) return;
  for (const char* method : kSubmittingMethods) {
    submissions.Register(gateway::ScopeOf(kServiceWord, method, connection.name),
                         [backend = connection.backend.get()](const CallContext& context,
                                                              const state::Unresolved& unresolved) {
                           return FindMarked(*backend, context, unresolved.marker);
                         });
  }
}

v1::Job Preview(const v1::JobDefinition& definition) {
  v1::Job job;
  job.set_display_name(definition.display_name());
  job.set_description(definition.description());
  job.set_type(TypeOf(definition));
  job.set_raw_type(std::string(WordOf(job.type())));
  if (definition.has_schedule_time()) *job.mutable_schedule_time() = definition.schedule_time();
  return job;
}

}  // namespace relais::jobqueue
