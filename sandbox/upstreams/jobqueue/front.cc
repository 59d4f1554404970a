#include "sandbox/upstreams/jobqueue/front.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox {
namespace {

constexpr std::string_view kRoot = "/mi_servicelayer";
constexpr char kApi[] = "/proxy/v1.svc/mi";

// "//" counts as "/", a trailing one not at all.
std::string Normal(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
  }
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

// Words are compared without regard to case; a name ends at '/' or ':'.
bool Matches(std::string_view pattern, std::string_view path, std::vector<std::string>& names) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      const size_t end = std::min(path.find_first_of("/:"), path.size());
      if (end == 0) return false;
      names.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    } else {
      if (path.empty() || absl::ascii_tolower(static_cast<unsigned char>(path.front())) !=
                              absl::ascii_tolower(static_cast<unsigned char>(pattern.front()))) {
        return false;
      }
      path.remove_prefix(1);
    }
    pattern.remove_prefix(1);
  }
  return path.empty();
}

struct Problem {
  int status;
  const char* title;
};

Problem ProblemOf(const absl::Status& status) {
  if (absl::IsNotFound(status)) return {404, "Not Found"};
  if (absl::IsPermissionDenied(status)) return {403, "Forbidden"};
  if (absl::IsInvalidArgument(status)) return {400, "Bad Request"};
  if (absl::IsFailedPrecondition(status)) return {409, "Conflict"};
  if (absl::IsResourceExhausted(status)) return {413, "Payload Too Large"};
  if (absl::IsOutOfRange(status)) return {422, "Unprocessable Entity"};
  return {500, "Internal Server Error"};
}

}  // namespace

HttpReply JsonReply(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

HttpReply EmptyReply(int status) {
  HttpReply reply;
  reply.status = status;
  reply.content_type.clear();
  return reply;
}

HttpReply ProblemReply(const absl::Status& status) {
  const Problem problem = ProblemOf(status);
  if (problem.status == 404) return EmptyReply(404);
  HttpReply reply = JsonReply(problem.status, Dump({{"type", "https://tools.ietf.org/html/rfc7231"},
                                                    {"title", problem.title},
                                                    {"status", problem.status},
                                                    {"detail", std::string(status.message())}}));
  reply.content_type = "application/problem+json; charset=utf-8";
  return reply;
}

JobQueueFront::JobQueueFront(JobQueue* queue, const VirtualClock* clock)
    : queue_(queue), desk_(queue->options(), clock) {}

const std::vector<JobQueueFront::Endpoint>& JobQueueFront::Endpoints() {
  using F = JobQueueFront;
  static const std::vector<Endpoint> endpoints = {
      {"GET", "/v1alpha/job-queue/jobs", Operation::kJobsList, &F::ListJobs},
      {"POST", "/v1alpha/job-queue/jobs", Operation::kJobsCreate, &F::CreateJob},
      {"DELETE", "/v1alpha/job-queue/jobs", Operation::kJobsBatchDelete, &F::DeleteJobs},
      {"GET", "/v1alpha/job-queue/jobs/*", Operation::kJobsGet, &F::GetJob},
      {"PATCH", "/v1alpha/job-queue/jobs/*", Operation::kJobsUpdate, &F::UpdateJob},
      {"DELETE", "/v1alpha/job-queue/jobs/*", Operation::kJobsDelete, &F::DeleteJob},
      {"POST", "/v1alpha/job-queue/jobs/*:move-to-top", Operation::kJobsMove, &F::MoveToTop},
      {"POST", "/v1alpha/job-queue/jobs/*:resubmit", Operation::kJobsResubmit, &F::Resubmit},
      {"GET", "/v1alpha/job-queue/jobs/*:retrieve-definition", Operation::kJobsDefinition,
       &F::Definition},
      {"POST", "/v1alpha/job-queue/files", Operation::kFilesUpload, &F::UploadFile},
      {"GET", "/v1alpha/job-queue/jobs/*/outputs", Operation::kOutputsList, &F::ListOutputs},
      {"GET", "/v1alpha/job-queue/jobs/*/outputs:export", Operation::kOutputsGet, &F::GetOutput},
      {"GET", "/v1alpha/job-queue/current-user", Operation::kUser, &F::CurrentUser},
      {"GET", "/v1alpha/job-queue/processing-configuration", Operation::kConfiguration,
       &F::Configuration},
      {"GET", "/swagger/v1/swagger.json", Operation::kSwagger, &F::Swagger},
      {"GET", "/v1alpha/schema/mi-version", Operation::kVersion, &F::Version},
      {"GET", "/v1alpha/metrics/jobs", Operation::kMetrics, &F::Metrics},
      {"GET", "/v1alpha/databases/*/tables", Operation::kRecords, &F::Tables},
      {"GET", "/v1alpha/databases/*:search-index-status", Operation::kRecords, &F::IndexStatus},
      {"POST", "/v1alpha/databases/*/tables/*:search", Operation::kRecords, &F::SearchRecords},
      {"DELETE", "/v1alpha/databases/*/tables/*/record-histories/*/record-versions/*",
       Operation::kRecords, &F::DeleteRecord}};
  return endpoints;
}

HttpReply JobQueueFront::Serve(const Endpoint& endpoint, const HttpRequest& request,
                               std::vector<std::string> names) {
  const std::optional<Caller> caller = desk_.Identify(request);
  if (!caller) return desk_.Challenge(request);
  return (this->*endpoint.handler)({request, *caller, std::move(names)});
}

std::optional<UpstreamCall> JobQueueFront::Route(const HttpRequest& request) {
  const std::string path = Normal(request.path);
  if (path == std::string(kOidcPath) + "/.well-known/openid-configuration") {
    return UpstreamCall{Operation::kToken, [&](const Fault&) { return desk_.Discovery(request); }};
  }
  if (path == std::string(kOidcPath) + "/token") {
    return UpstreamCall{Operation::kToken, [&](const Fault&) { return desk_.Token(request); }};
  }
  std::vector<std::string> names;
  if (!Matches(kRoot, std::string_view(path).substr(0, kRoot.size()), names)) return std::nullopt;
  const std::string_view below = std::string_view(path).substr(kRoot.size());
  static const Endpoint kHealth = {"GET", "", Operation::kHealth, &JobQueueFront::Health};
  if (Matches("/Health/v2.svc", below, names)) {
    return UpstreamCall{Operation::kHealth,
                        [this, &request](const Fault&) { return Serve(kHealth, request, {}); }};
  }
  bool known = false;
  const size_t api = std::string_view(kApi).size();
  if (Matches(kApi, below.substr(0, api), names)) {
    for (const Endpoint& endpoint : Endpoints()) {
      names.clear();
      if (!Matches(endpoint.path, below.substr(api), names)) continue;
      known = true;
      if (request.method != endpoint.method) continue;
      return UpstreamCall{endpoint.operation, [this, &request, &endpoint, names](const Fault&) {
                            return Serve(endpoint, request, names);
                          }};
    }
  }
  return UpstreamCall{Operation::kAny,
                      [known](const Fault&) { return EmptyReply(known ? 405 : 404); }};
}

}  // namespace relais::sandbox
