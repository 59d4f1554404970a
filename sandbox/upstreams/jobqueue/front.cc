#include "sandbox/upstreams/jobqueue/front.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox::jobqueue {
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

Front::Front(JobQueue* queue, const VirtualClock* clock)
    : queue_(queue), logins_(queue->options(), clock) {}

const std::vector<Front::Endpoint>& Front::Endpoints() {
  using F = Front;
  static const std::vector<Endpoint> endpoints = {
      {"GET", "/v1alpha/job-queue/jobs", QueueOperation::kJobsList, &F::ListJobs},
      {"POST", "/v1alpha/job-queue/jobs", QueueOperation::kJobsCreate, &F::CreateJob},
      {"DELETE", "/v1alpha/job-queue/jobs", QueueOperation::kJobsBatchDelete, &F::DeleteJobs},
      {"GET", "/v1alpha/job-queue/jobs/*", QueueOperation::kJobsGet, &F::GetJob},
      {"PATCH", "/v1alpha/job-queue/jobs/*", QueueOperation::kJobsUpdate, &F::UpdateJob},
      {"DELETE", "/v1alpha/job-queue/jobs/*", QueueOperation::kJobsDelete, &F::DeleteJob},
      {"POST", "/v1alpha/job-queue/jobs/*:move-to-top", QueueOperation::kJobsMove, &F::MoveToTop},
      {"POST", "/v1alpha/job-queue/jobs/*:resubmit", QueueOperation::kJobsResubmit, &F::Resubmit},
      {"GET", "/v1alpha/job-queue/jobs/*:retrieve-definition", QueueOperation::kJobsDefinition,
       &F::Definition},
      {"POST", "/v1alpha/job-queue/files", QueueOperation::kFilesUpload, &F::UploadFile},
      {"GET", "/v1alpha/job-queue/jobs/*/outputs", QueueOperation::kOutputsList, &F::ListOutputs},
      {"GET", "/v1alpha/job-queue/jobs/*/outputs:export", QueueOperation::kOutputsGet,
       &F::GetOutput},
      {"GET", "/v1alpha/job-queue/current-user", QueueOperation::kUser, &F::CurrentUser},
      {"GET", "/v1alpha/job-queue/processing-configuration", QueueOperation::kConfiguration,
       &F::Configuration},
      {"GET", "/swagger/v1/swagger.json", QueueOperation::kSwagger, &F::Swagger},
      {"GET", "/v1alpha/schema/mi-version", QueueOperation::kVersion, &F::Version},
      {"GET", "/v1alpha/metrics/jobs", QueueOperation::kMetrics, &F::Metrics},
      {"GET", "/v1alpha/databases/*/tables", QueueOperation::kRecords, &F::Tables},
      {"GET", "/v1alpha/databases/*:search-index-status", QueueOperation::kRecords,
       &F::IndexStatus},
      {"POST", "/v1alpha/databases/*/tables/*:search", QueueOperation::kRecords, &F::SearchRecords},
      {"DELETE", "/v1alpha/databases/*/tables/*/record-histories/*/record-versions/*",
       QueueOperation::kRecords, &F::DeleteRecord}};
  return endpoints;
}

HttpReply Front::Serve(const Endpoint& endpoint, const HttpRequest& request,
                       std::vector<std::string> names) {
  const std::optional<Caller> caller = logins_.Identify(request);
  if (!caller) return logins_.Challenge(request);
  return (this->*endpoint.handler)({request, *caller, std::move(names)});
}

std::optional<UpstreamCall> Front::Route(const HttpRequest& request) {
  const std::string path = Normal(request.path);
  if (path == std::string(kOidcPath) + "/.well-known/openid-configuration") {
    return UpstreamCall{QueueOperation::kToken,
                        [&](const Fault&) { return logins_.Discovery(request); }};
  }
  if (path == std::string(kOidcPath) + "/token") {
    return UpstreamCall{QueueOperation::kToken,
                        [&](const Fault&) { return logins_.Token(request); }};
  }
  std::vector<std::string> names;
  if (!Matches(kRoot, std::string_view(path).substr(0, kRoot.size()), names)) return std::nullopt;
  const std::string_view below = std::string_view(path).substr(kRoot.size());
  static const Endpoint kHealth = {"GET", "", QueueOperation::kHealth, &Front::Health};
  if (Matches("/Health/v2.svc", below, names)) {
    return UpstreamCall{QueueOperation::kHealth,
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

}  // namespace relais::sandbox::jobqueue
