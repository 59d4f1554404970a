// The methods about jobs.

#include <set>
#include <string>
#include <utility>

#include "server/core/base/text/text.h"
#include "server/services/robot/api/odata_filter.h"
#include "server/services/robot/api/paging.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/api/starts.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

constexpr int kMostRobots = 1000;
constexpr int kMostJobs = 10'000;
constexpr std::size_t kMostArguments = 10'000;
constexpr std::size_t kMostReference = 80;

void CheckJobs(const Target<FolderName>*, const v1::ListJobsRequest& request,
               Violations& violations) {
  violations.AddAll(TranslateFilter(Collection::kJobs, request.filter()).status());
}

absl::StatusOr<v1::ListJobsResponse> ListJobs(const Target<FolderName>& target,
                                              const CallContext& context,
                                              const v1::ListJobsRequest& request) {
  const std::string arguments = absl::StrCat("ListJobs|", request.parent(), "|", request.filter());
  auto at = ReadPageAfter(request, arguments);
  if (!at.ok()) return at.status();
  auto filter = TranslateFilter(Collection::kJobs, request.filter());
  if (!filter.ok()) return filter.status();
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  odata::Query query{.filter = *std::move(filter), .count = true};
  ApplyPage(*at, query);
  auto page = target.backend().ListJobs(context, *place, query);
  if (!page.ok()) return page.status();
  gateway::FitIntoReply(page->items, &UpstreamJob::job);
  v1::ListJobsResponse response;
  if (page->count) response.set_total_size(at->given + *page->count);
  response.set_next_page_token(NextToken(*at, page->items, page->count, arguments));
  for (UpstreamJob& job : page->items) *response.add_jobs() = std::move(job.job);
  return response;
}

absl::StatusOr<v1::Job> GetJob(const Target<JobName>& target, const CallContext& context,
                               const v1::GetJobRequest&) {
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto job = target.backend().ReadJob(context, *place, target.name);
  if (!job.ok()) return job.status();
  return std::move(job->job);
}

// The job's id, which actions need; one that is named by its key is asked for.
absl::StatusOr<std::int64_t> IdOf(const Target<JobName>& target, const CallContext& context,
                                  const Place& place) {
  if (target.name.job != 0) return target.name.job;
  auto job = target.backend().ReadJob(context, place, target.name);
  if (!job.ok()) return job.status();
  return job->id;
}

absl::StatusOr<v1::Job> StopJob(const Target<JobName>& target, const CallContext& context,
                                const v1::StopJobRequest& request) {
  Backend& backend = target.backend();
  return gateway::Remember<v1::Job>(
      target, context, request, [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
        auto place = backend.Resolve(call, target.name.folder);
        if (!place.ok()) return place.status();
        auto id = IdOf(target, call, *place);
        if (!id.ok()) return id.status();
        absl::Status stopped = backend.StopJob(call, *place, *id, request.strategy());
        target.connection->job_hubs->Invalidate(JobKey(target.name));
        if (!stopped.ok()) return stopped;
        auto job = backend.ReadJob(call, *place, target.name);
        if (!job.ok()) return job.status();
        return std::move(job->job);
      });
}

absl::StatusOr<v1::Job> RestartJob(const Target<JobName>& target, const CallContext& context,
                                   const v1::RestartJobRequest& request) {
  Backend& backend = target.backend();
  std::optional<Place> place;
  std::int64_t id = 0;
  state::Steps steps;
  steps.prepare = [&](const CallContext& call) -> absl::Status {
    auto resolved = backend.Resolve(call, target.name.folder);
    if (!resolved.ok()) return resolved.status();
    place = *std::move(resolved);
    auto found = IdOf(target, call, *place);
    if (found.ok()) id = *found;
    return found.status();
  };
  steps.send = [&](const CallContext& call, const std::string&) -> state::Answer {
    auto job = backend.RestartJob(call, *place, id);
    if (!job.ok()) return job.status();
    return gateway::Serialize(job->job);
  };
  return gateway::ParseAnswer<v1::Job>(
      target.submissions->Once(context, gateway::MutationOf(target, request), steps));
}

// Which strategies need robots, and which count.
void CheckStrategy(const v1::StartJobsRequest& request, Violations& violations) {
  using Request = v1::StartJobsRequest;
  const auto strategy = request.strategy();
  const bool specific = strategy == Request::STRATEGY_SPECIFIC ||
                        (strategy == Request::STRATEGY_UNSPECIFIED && request.robots_size() > 0);
  if (strategy != Request::STRATEGY_UNSPECIFIED && WordOf(strategy).empty())
    violations.Add("strategy", "is not one of the strategies");
  if (specific != (request.robots_size() > 0) || request.robots_size() > kMostRobots) {
    violations.Add("robots", specific ? absl::StrCat("must be 1 to ", kMostRobots, " robots")
                                      : std::string("must be empty with this strategy"));
  }
  const bool counts = !specific && strategy != Request::STRATEGY_ALL;
  if (request.jobs_count() < 0 || request.jobs_count() > kMostJobs) {
    violations.Add("jobs_count", absl::StrCat("must be 0 to ", kMostJobs));
  } else if (!counts && request.jobs_count() != 0) {
    violations.Add("jobs_count", "must be 0 with this strategy");
  }
}

// `process` null: it is not known.
void CheckRobotsOf(const ProcessName* process, const v1::StartJobsRequest& request,
                   Violations& violations) {
  std::set<std::int64_t> seen;
  for (int i = 0; i < request.robots_size(); ++i) {
    const std::string field = absl::StrCat("robots[", i, "]");
    const auto name = RobotName::Parse(request.robots(i));
    const bool elsewhere =
        name && process != nullptr &&
        (name->orchestrator != process->orchestrator || name->folder != process->folder);
    if (!name || elsewhere) {
      violations.Add(field, "must be a robot of the process's folder, named in the same way");
    } else if (!seen.insert(name->robot).second) {
      violations.Add(field, "is named twice");
    }
  }
}

void CheckStart(const Target<ProcessName>* target, const v1::StartJobsRequest& request,
                Violations& violations) {
  if (target != nullptr && !IsGuid(target->name.process))
    violations.Add("process", "must end with the key of the process, a GUID");
  CheckStrategy(request, violations);
  CheckRobotsOf(target == nullptr ? nullptr : &target->name, request, violations);
  if (!request.input_arguments().empty() &&
      (CharactersIn(request.input_arguments()) > kMostArguments ||
       !IsJsonObject(request.input_arguments()))) {
    violations.Add("input_arguments", absl::StrCat("must be a JSON object of at most ",
                                                   kMostArguments, " characters"));
  }
  if (request.reference().size() > kMostReference) {
    violations.Add("reference", absl::StrCat("must have at most ", kMostReference, " bytes"));
  }
  if (request.priority() != v1::Job::PRIORITY_UNSPECIFIED && WordOf(request.priority()).empty())
    violations.Add("priority", "is not one of the priorities");
}

absl::StatusOr<v1::StartJobsResponse> StartJobs(const Target<ProcessName>& target,
                                                const CallContext& context,
                                                const v1::StartJobsRequest& request) {
  return Start(target, context, request);
}

}  // namespace

void AddJobMethods(Methods& methods) {
  methods.Unary("GetJob", GetJob, nullptr, rpc::kHot);
  methods.Unary("ListJobs", ListJobs, CheckJobs);
  methods.Unary("StopJob", StopJob);
  methods.Unary("RestartJob", RestartJob);
}

void AddStartMethods(Methods& methods) { methods.Unary("StartJobs", StartJobs, CheckStart); }

}  // namespace relais::robot
