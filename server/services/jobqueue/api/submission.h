// Submissions of jobs, which happen at most once.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_SUBMISSION_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_SUBMISSION_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/state/submissions.h"
#include "server/services/jobqueue/backend/connection.h"

namespace relais::jobqueue {

struct Submission {
  // What has to come before, such as uploads. Null: nothing.
  std::function<absl::Status(const CallContext&)> prepare = nullptr;
  std::function<absl::StatusOr<UpstreamJob>(const CallContext&, const Mark& mark)> send;
};

// Carries it out at most once. Blocks.
absl::StatusOr<v1::Job> Submit(state::Submissions& submissions, Connection& connection,
                               const CallContext& context, const state::Mutation& mutation,
                               const Submission& submission);

// Lets `submissions` ask this queue for what earlier lives of the gateway may have submitted.
// `connection` outlives them.
void RegisterFinders(state::Submissions& submissions, Connection& connection);

// The job that a definition makes, as far as it is known before.
v1::Job Preview(const v1::JobDefinition& definition);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_SUBMISSION_H_
