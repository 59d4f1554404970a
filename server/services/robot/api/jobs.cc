// The methods about jobs.

#include <set>
#include <string>
#include <utility>

#include "server/core/base/text.h"
#include "server/services/robot/api/method.h"
#include "server/services/robot/api/mutation.h"
#include "server/services/robot/api/odata_filter.h"
#include "server/services/robot/api/paging.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

constexpr int kMostRobots = 1000;
constexpr int kMostJobs = 10'000;
constexpr int kMostArguments = 10'000;
constexpr std::size_t kMostReference = 80;

std::vector<Violation> CheckJobs(const Target<FolderName>&, const v1::ListJobsRequest& request) {
  std::vector<Violation> violations;
  if (request.page_size() < 0) violations.push_back({"page_size", "must not be negative"});
  AddViolations(TranslateFilter(Collection::kJobs, request.filter()).status(), violations);
  return violations;
}

absl::StatusOr<v1::ListJobsResponse> ListJobs(const Target<FolderName>& target,
                                              const CallContext& context,
                                              const v1::ListJobsRequest& request) {
  const std::string arguments = absl::StrCat("ListJobs|", request.parent(), "|", request.filter());
  auto at = ReadPage(request, arguments);
  if (!at.ok()) return at.status();
  auto filter = TranslateFilter(Collection::kJobs, request.filter());
  if (!filter.ok()) return filter.status();
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  odata::Query query{.filter = *std::move(filter), .order_by = "Id", .count = true};
  ApplyPage(*at, query);
  auto page = target.backend().ListJobs(context, *place, query);
  if (!page.ok()) return page.status();
  v1::ListJobsResponse response;
  for (UpstreamJob& job : page->items) *response.add_jobs() = std::move(job.job);
  if (page->count) response.set_total_size(*page->count);
  response.set_next_page_token(NextToken(*at, page->items.size(), page->count, arguments));
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
  return connection::Remember<v1::Job>(
      *target.submissions, context, MutationOf("StopJob", *target.connection, request),
      [&](const CallContext& call) -> absl::StatusOr<v1::Job> {
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
    return connection::Serialize(job->job);
  };
  return connection::ParseAnswer<v1::Job>(target.submissions->Once(
      context, MutationOf("RestartJob", *target.connection, request), steps));
}

// Which strategies need robots, and which count.
void CheckStrategy(const v1::StartJobsRequest& request, std::vector<Violation>& violations) {
  using Request = v1::StartJobsRequest;
  const auto strategy = request.strategy();
  const bool specific = strategy == Request::STRATEGY_SPECIFIC ||
                        (strategy == Request::STRATEGY_UNSPECIFIED && request.robots_size() > 0);
  if (strategy != Request::STRATEGY_UNSPECIFIED && WordOf(strategy).empty())
    violations.push_back({"strategy", "is not one of the strategies"});
  if (specific != (request.robots_size() > 0) || request.robots_size() > kMostRobots) {
    violations.push_back({"robots", specific ? absl::StrCat("must be 1 to ", kMostRobots, " robots")
                                             : std::string("must be empty with this strategy")});
  }
  const bool counts = !specific && strategy != Request::STRATEGY_ALL;
  if (request.jobs_count() < 0 || request.jobs_count() > kMostJobs) {
    violations.push_back({"jobs_count", absl::StrCat("must be 0 to ", kMostJobs)});
  } else if (!counts && request.jobs_count() != 0) {
    violations.push_back({"jobs_count", "must be 0 with this strategy"});
  }
}

void CheckRobotsOf(const ProcessName& process, const v1::StartJobsRequest& request,
                   std::vector<Violation>& violations) {
  std::set<std::int64_t> seen;
  for (int i = 0; i < request.robots_size(); ++i) {
    const std::string field = absl::StrCat("robots[", i, "]");
    const auto name = ParseRobotName(request.robots(i));
    if (!name || name->orchestrator != process.orchestrator || name->folder != process.folder) {
      violations.push_back(
          {field, "must be a robot of the process's folder, named in the same way"});
    } else if (!seen.insert(name->robot).second) {
      violations.push_back({field, "is named twice"});
    }
  }
}

std::vector<Violation> CheckStart(const Target<ProcessName>& target,
                                  const v1::StartJobsRequest& request) {
  std::vector<Violation> violations;
  if (!IsGuid(target.name.process))
    violations.push_back({"process", "must end with the key of the process, a GUID"});
  CheckStrategy(request, violations);
  CheckRobotsOf(target.name, request, violations);
  if (!request.input_arguments().empty() &&
      (CharactersIn(request.input_arguments()) > kMostArguments ||
       !IsJsonObject(request.input_arguments()))) {
    violations.push_back({"input_arguments", absl::StrCat("must be a JSON object of at most ",
                                                          kMostArguments, " characters")});
  }
  if (request.reference().size() > kMostReference) {
    violations.push_back(
        {"reference", absl::StrCat("must have at most ", kMostReference, " bytes")});
  }
  if (request.priority() != v1::Job::PRIORITY_UNSPECIFIED && WordOf(request.priority()).empty())
    violations.push_back({"priority", "is not one of the priorities"});
  return violations;
}

absl::StatusOr<v1::StartJobsResponse> StartJobs(const Target<ProcessName>& target,
                                                const CallContext& context,
                                                const v1::StartJobsRequest& request) {
  return Start(*target.submissions, *target.connection, context, target.name, request);
}

}  // namespace

void Service::AddJobMethods(rpc::Host& host) {
  host.Unary(async_, "GetJob", &Async::RequestGetJob,
             On<JobName, v1::Job, v1::GetJobRequest>(this, kName, "name", nullptr, GetJob),
             rpc::kHot);
  host.Unary(async_, "ListJobs", &Async::RequestListJobs,
             On<FolderName, v1::ListJobsResponse, v1::ListJobsRequest>(this, kParent, "parent",
                                                                       CheckJobs, ListJobs));
  host.Unary(async_, "StopJob", &Async::RequestStopJob,
             On<JobName, v1::Job, v1::StopJobRequest>(this, kName, "name", nullptr, StopJob));
  host.Unary(async_, "RestartJob", &Async::RequestRestartJob,
             On<JobName, v1::Job, v1::RestartJobRequest>(this, kName, "name", nullptr, RestartJob));
}

void Service::AddStartMethods(rpc::Host& host) {
  const auto process = [](const v1::StartJobsRequest& request) -> const std::string& {
    return request.process();
  };
  host.Unary(async_, "StartJobs", &Async::RequestStartJobs,
             On<ProcessName, v1::StartJobsResponse, v1::StartJobsRequest>(this, process, "process",
                                                                          CheckStart, StartJobs));
}

}  // namespace relais::robot
