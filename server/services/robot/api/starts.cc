#include "server/services/robot/api/starts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/core/base/error.h"
#include "server/core/state/submission_errors.h"

namespace relais::robot {
namespace {

constexpr char kStartJobs[] = "StartJobs";

// The folder belongs to the scope, so that what a crash leaves open can be looked for.
std::string ScopeOfStart(const Connection& connection, const std::string& folder) {
  return absl::StrCat(gateway::ScopeOf(kServiceWord, kStartJobs, connection.name), folder);
}

// The jobs that bear the marker, serialized; none when there are none.
absl::StatusOr<std::optional<std::string>> FindStarted(Backend& backend, const CallContext& context,
                                                       const FolderRef& folder,
                                                       const std::string& marker) {
  auto place = backend.Resolve(context, folder);
  if (!place.ok()) return place.status();
  auto jobs = backend.FindJobs(context, *place, marker);
  if (!jobs.ok()) return jobs.status();
  if (jobs->jobs().empty()) return std::nullopt;
  return gateway::Serialize(*jobs);
}

// As FindStarted, once as many jobs are there as were asked for; after a while those that are.
absl::StatusOr<std::optional<std::string>> FindAllStarted(const Target<ProcessName>& target,
                                                          const CallContext& context,
                                                          const v1::StartJobsRequest& request,
                                                          const std::string& marker) {
  constexpr int kMostQuestions = 10;
  constexpr absl::Duration kWait = absl::Milliseconds(500);
  for (int asked = 1;; ++asked) {
    auto found = FindStarted(target.backend(), context, target.name.folder, marker);
    if (!found.ok() || !*found || asked == kMostQuestions) return found;
    v1::StartJobsResponse started;
    if (!started.ParseFromString(**found) || started.jobs_size() >= request.jobs_count())
      return found;
    Scheduler& scheduler = *target.connection->scheduler;
    if (!WaitUntil(context, scheduler, scheduler.Now() + kWait).ok()) return found;
  }
}

}  // namespace

state::Mutation CredentialsMutation(const Target<UserName>& target,
                                    v1::UpdateUnattendedCredentialsRequest request) {
  request.set_password(gateway::PasswordDigest(request.password()));
  return gateway::MutationOf(target, request);
}

state::Mutation RobotMutation(const Target<RobotName>& target, v1::UpdateRobotRequest request) {
  request.mutable_robot()->set_password(gateway::PasswordDigest(request.robot().password()));
  return gateway::MutationOf(target, request);
}

absl::StatusOr<v1::StartJobsResponse> Start(const Target<ProcessName>& target,
                                            const CallContext& context,
                                            const v1::StartJobsRequest& request) {
  const Connection& connection = *target.connection;
  const ProcessName& process = target.name;
  Backend& backend = target.backend();
  std::optional<Place> place;
  state::Steps steps;
  steps.prepare = [&](const CallContext& call) {
    auto resolved = backend.Resolve(call, process.folder);
    if (resolved.ok()) place = *std::move(resolved);
    return resolved.status();
  };
  bool marked = false;
  steps.send = [&](const CallContext& call, const std::string& marker) -> state::Answer {
    auto started =
        backend.StartJobs(call, *place, request, connection.marks_jobs ? marker : std::string());
    marked = connection.marks_jobs && backend.KnowsReferences();
    if (!started.ok()) return started.status();
    return gateway::Serialize(*started);
  };
  if (connection.marks_jobs && backend.KnowsReferences()) {
    steps.find = [&](const CallContext& call,
                     const std::string& marker) -> absl::StatusOr<std::optional<std::string>> {
      auto found = FindAllStarted(target, call, request, marker);
      // A server that, as it turns out, knows no marks has refused this one, and with it the start.
      if (marked && state::IsKeepsNoMarkers(found.status())) return std::optional<std::string>();
      return found;
    };
  }
  state::Mutation mutation = gateway::MutationOf(target, request);
  mutation.scope = ScopeOfStart(connection, FolderKey(process.folder));
  return gateway::ParseAnswer<v1::StartJobsResponse>(
      target.submissions->Once(context, mutation, steps));
}

void RegisterFinder(state::Submissions& submissions, Connection& connection) {
  if (!connection.marks_jobs) return;
  const std::string scope = ScopeOfStart(connection, "");
  submissions.Register(
      scope,
      [scope, backend = connection.backend.get()](
          const CallContext& context,
          const state::Unresolved& unresolved) -> absl::StatusOr<std::optional<std::string>> {
        const auto folder =
            FolderName::Parse(absl::StrCat(FormatOrchestratorName(backend->name()), "/",
                                           absl::StripPrefix(unresolved.scope, scope)));
        if (!folder) {
          return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
                 << "What is remembered of a start of jobs does not name its folder.";
        }
        return FindStarted(*backend, context, folder->folder, unresolved.marker);
      });
}

}  // namespace relais::robot
