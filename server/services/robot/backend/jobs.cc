// Jobs and logs.
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/state/submission_errors.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/backend/read_all.h"
#include "server/services/robot/backend/send.h"

namespace relais::robot {
namespace {

std::string JobPath(std::int64_t job, const char* action = nullptr) {
  return absl::StrCat("/odata/Jobs(", job, ")", action == nullptr ? "" : "/",
                      action == nullptr ? "" : kNamespace, action == nullptr ? "" : action);
}

std::string JobAction(const char* action) {
  return absl::StrCat("/odata/Jobs/", kNamespace, action);
}

// The first one whose StartJobs takes references, of 2020.10.
constexpr int kFirstVersionWithReferences = 11;

v1::StartJobsResponse AsStarted(std::vector<UpstreamJob> jobs) {
  v1::StartJobsResponse response;
  for (UpstreamJob& job : jobs) *response.add_jobs() = std::move(job.job);
  return response;
}

}  // namespace

absl::StatusOr<Page<UpstreamLog>> Backend::ListLogs(const CallContext& context, const Place& place,
                                                    const odata::Query& query) {
  return Send(context,
              {.path = "/odata/RobotLogs", .query = query.Render(), .folder = place.folder},
              DecodeLogs);
}

absl::StatusOr<std::int64_t> Backend::CountLogs(const CallContext& context, const Place& place,
                                                const odata::Query& query) {
  return Send(context,
              {.path = absl::StrCat("/odata/RobotLogs/", kNamespace, "GetTotalCount"),
               .query = query.Render(),
               .folder = place.folder},
              DecodeCount);
}

// Why a job has failed may quote what the gateway has sent.
absl::StatusOr<UpstreamJob> Backend::JobIn(const std::string& body, const Place& place) const {
  auto job = DecodeJob(body, place);
  if (job.ok()) upstream_.ConcealSecrets(*job->job.mutable_info());
  return job;
}

absl::StatusOr<Page<UpstreamJob>> Backend::JobsIn(const std::string& body,
                                                  const Place& place) const {
  auto page = DecodeJobs(body, place);
  if (!page.ok()) return page;
  for (UpstreamJob& job : page->items) upstream_.ConcealSecrets(*job.job.mutable_info());
  return page;
}

absl::StatusOr<Page<UpstreamJob>> Backend::ListJobs(const CallContext& context, const Place& place,
                                                    const odata::Query& query) {
  return Send(context, {.path = "/odata/Jobs", .query = query.Render(), .folder = place.folder},
              [&](const std::string& body) { return JobsIn(body, place); });
}

absl::StatusOr<UpstreamJob> Backend::ReadJob(const CallContext& context, const Place& place,
                                             const JobName& job, Patience patience) {
  return Send(
      context,
      {.path = job.job != 0 ? JobPath(job.job)
                            : absl::StrCat(JobAction("GetByKey"), "(identifier=", job.key, ")"),
       .folder = place.folder,
       .options = {.retry = patience == Patience::kCaller}},
      [&](const std::string& body) { return JobIn(body, place); });
}

StartForm Backend::FormOfStart() const {
  const std::lock_guard lock(mu_);
  double version = 0;  // "11.0"
  const bool old =
      absl::SimpleAtod(api_version_, &version) && version < kFirstVersionWithReferences;
  return old ? StartForm::kOf2019 : StartForm::kCurrent;
}

absl::StatusOr<v1::StartJobsResponse> Backend::StartJobs(const CallContext& context,
                                                         const Place& place,
                                                         const v1::StartJobsRequest& request,
                                                         std::string_view marker) {
  const StartForm form = FormOfStart();
  if (const char* const field = FieldBeyond(form, request); field != nullptr) {
    return Error(absl::StatusCode::kUnimplemented, Reason::kUpstreamUnsupported)
           << "This Orchestrator is of 2019: its StartJobs has no such " << field
           << "; leave it out.";
  }
  const auto process = ProcessName::Parse(request.process());
  std::vector<std::int64_t> robots;
  for (const std::string& name : request.robots()) robots.push_back(RobotName::Parse(name)->robot);
  auto started = Send(context,
                      {.method = "POST",
                       .path = JobAction("StartJobs"),
                       .folder = place.folder,
                       .body = EncodeStart(request, process->process, robots,
                                           form == StartForm::kOf2019 ? "" : marker, form),
                       .options = {.idempotent = false}},
                      [&](const std::string& body) { return JobsIn(body, place); });
  // The refusal of the first request ever is what tells that the server is of 2019; it has started
  // nothing.
  if (HasReason(started.status(), Reason::kUpstreamRejectedRequest) && FormOfStart() != form)
    return StartJobs(context, place, request, marker);
  if (!started.ok()) return started.status();
  return AsStarted(std::move(started->items));
}

absl::StatusOr<v1::StartJobsResponse> Backend::FindJobs(const CallContext& context,
                                                        const Place& place,
                                                        std::string_view marker) {
  odata::Query query;
  query.filter = odata::Condition::Contains("Reference", BeginOfMark(marker));
  auto jobs = ReadAll<UpstreamJob>(
      query, [&](const odata::Query& page) { return ListJobs(context, place, page); });
  if (!KnowsReferences()) return state::KeepsNoMarkers();
  if (!jobs.ok()) return jobs.status();
  std::erase_if(*jobs, [marker](const UpstreamJob& job) { return job.marker != marker; });
  return AsStarted(*std::move(jobs));
}

absl::Status Backend::StopJob(const CallContext& context, const Place& place, std::int64_t job,
                              v1::StopJobRequest::Strategy strategy) {
  return SendForNothing(context, {.method = "POST",
                                  .path = JobPath(job, "StopJob"),
                                  .folder = place.folder,
                                  .body = EncodeStop(strategy)});
}

absl::StatusOr<UpstreamJob> Backend::RestartJob(const CallContext& context, const Place& place,
                                                std::int64_t job) {
  return Send(context,
              {.method = "POST",
               .path = JobAction("RestartJob"),
               .folder = place.folder,
               .body = EncodeRestart(job),
               .options = {.idempotent = false}},
              [&](const std::string& body) { return JobIn(body, place); });
}

}  // namespace relais::robot
