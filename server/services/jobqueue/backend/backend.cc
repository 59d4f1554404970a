#include "server/services/jobqueue/backend/backend.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/core/upstream/http_status.h"
#include "server/gateway/readiness.h"
#include "server/services/jobqueue/backend/media_type.h"
#include "server/services/jobqueue/codec/problem.h"

namespace relais::jobqueue {
namespace {

constexpr std::string_view kApi = "/proxy/v1.svc/mi/v1alpha";
constexpr std::string_view kJobsPath = "/job-queue/jobs";

std::string JobPath(std::string_view job, std::string_view verb = "") {
  return absl::StrCat(View(kJobsPath), "/", PercentEncode(job), View(verb));
}

HttpRequest Authorized(HttpRequest request, const Credential& credential) {
  if (!credential.token.empty())
    request.headers.emplace_back("Authorization", credential.token.Reveal());
  return request;
}

// What a URL of the job queue leads to.
std::string_view ThingAt(std::string_view url) {
  if (absl::StrContains(View(url), "/outputs:export")) return "job or its output file";
  return absl::StrContains(View(url), absl::StrCat(View(kJobsPath), "/")) ? "job" : "resource";
}

// The answer to what gives nothing back has no body; a page of HTML is not the job queue's.
absl::StatusOr<bool> Nothing(const std::string& body) {
  if (absl::StripLeadingAsciiWhitespace(body).substr(0, 1) != "<") return true;
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The upstream answered with a page instead of an empty reply.";
}

}  // namespace

Backend::Backend(BackendOptions options, HttpTransport& transport, Scheduler& scheduler,
                 UpstreamMetrics& metrics)
    : options_(std::move(options)),
      scheduler_(scheduler),
      upstream_(kServiceWord, options_.name, transport, scheduler, metrics, options_.policy,
                SessionPolicy(), options_.login) {}

template <typename Decode>
std::invoke_result_t<Decode, const std::string&> Backend::Call(const CallContext& context,
                                                               const SendOptions& options,
                                                               const HttpRequest& request,
                                                               Decode decode) {
  std::invoke_result_t<Decode, const std::string&> result = absl::UnknownError("");
  const absl::Status sent =
      upstream_
          .Send(
              context, options,
              [&](const Credential& credential) { return Authorized(request, credential); },
              [&](const HttpReply& reply, const Credential&) {
                if (absl::Status meaning = Meaning(request, reply); !meaning.ok()) return meaning;
                result = decode(reply.body);
                return result.status();
              })
          .status();
  if (!sent.ok()) return sent;
  return result;
}

absl::StatusOr<UpstreamJob> Backend::AskForJob(const CallContext& context,
                                               const SendOptions& options,
                                               const HttpRequest& request) {
  return Call(context, options, request,
              [this](const std::string& body) -> absl::StatusOr<UpstreamJob> {
                auto job = DecodeJob(body, options_.name);
                if (job.ok()) ConcealSecrets(job->job);
                return job;
              });
}

// What a job says of its errors may quote what the gateway has sent.
void Backend::ConcealSecrets(v1::Job& job) const {
  if (const auto summary = job.mutable_raw_outputs()->find("summary");
      summary != job.mutable_raw_outputs()->end()) {
    upstream_.ConcealSecrets(summary->second);
  }
  if (job.has_import_summary()) {
    for (std::string& error : *job.mutable_import_summary()->mutable_errors())
      upstream_.ConcealSecrets(error);
  }
  if (job.has_export_summary()) {
    for (std::string& error : *job.mutable_export_summary()->mutable_errors())
      upstream_.ConcealSecrets(error);
  }
}

void Backend::CheckReadiness(const CallContext& context, v1::Queue& queue) {
  queue.set_minimum_server_version(std::string(kMinimumServerVersion));
  const auto version = Call(context, {}, Request("GET", "/schema/mi-version"), DecodeServerVersion);
  if (!version.ok()) {
    queue.set_readiness(gateway::ReadinessOf<v1::Queue>(version.status()));
    queue.set_problem(std::string(version.status().message()));
    return;
  }
  queue.set_server_version(version->text);
  if (IsSupported(*version)) {
    queue.set_readiness(v1::Queue::READINESS_READY);
  } else {
    queue.set_readiness(v1::Queue::READINESS_UNSUPPORTED_VERSION);
    queue.set_problem(absl::StrCat("The server is version ", version->text, "; ",
                                   View(kMinimumServerVersion), " is the oldest that works."));
  }
}

absl::StatusOr<v1::ProcessingConfiguration> Backend::ReadConfiguration(const CallContext& context) {
  return Call(context, {}, Request("GET", "/job-queue/processing-configuration"),
              DecodeProcessingConfiguration);
}

absl::StatusOr<v1::CurrentUser> Backend::ReadCurrentUser(const CallContext& context) {
  return Call(context, {}, Request("GET", "/job-queue/current-user"), DecodeCurrentUser);
}

absl::StatusOr<UpstreamJob> Backend::ReadJob(const CallContext& context, std::string_view job) {
  return AskForJob(context, {}, Request("GET", JobPath(job)));
}

absl::StatusOr<std::vector<UpstreamJob>> Backend::ListJobs(const CallContext& context,
                                                           const QueryParameters& query,
                                                           bool patient) {
  auto listed = Call(context, {.retry = patient}, Request("GET", kJobsPath, query),
                     [this](const std::string& body) { return DecodeJobs(body, options_.name); });
  if (!listed.ok()) return listed.status();
  for (UpstreamJob& job : listed->jobs) ConcealSecrets(job.job);
  if (listed->total_count > static_cast<std::int64_t>(listed->jobs.size())) {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamContractBroken)
               .With("connection", options_.name)
           << "The upstream gave only a part of its jobs.";
  }
  return std::move(listed->jobs);
}

absl::StatusOr<v1::JobDefinition> Backend::ReadDefinition(const CallContext& context,
                                                          std::string_view job) {
  return Call(context, {}, Request("GET", JobPath(job, ":retrieve-definition")),
              [this](const std::string& body) { return DecodeDefinition(body, options_.name); });
}

absl::StatusOr<std::vector<v1::OutputFile>> Backend::ListOutputs(const CallContext& context,
                                                                 std::string_view job) {
  return Call(context, {}, Request("GET", JobPath(job, "/outputs")),
              [&](const std::string& body) { return DecodeOutputFiles(body, options_.name, job); });
}

absl::StatusOr<std::string> Backend::Upload(const CallContext& context,
                                            const InputContent& content) {
  HttpRequest request = Request("POST", "/job-queue/files");
  const std::string type =
      content.media_type.empty() ? MediaTypeOf(content.file_name) : content.media_type;
  request.form.push_back({"file", content.file_name, type, "", content.file});
  // An upload that is repeated leaves a file that nobody uses, which the upstream drops soon.
  return Call(context, {.attempt_timeout = options_.transfer_timeout}, request, DecodeUploadId);
}

absl::StatusOr<UpstreamJob> Backend::Create(const CallContext& context,
                                            const v1::JobDefinition& definition, const Mark& mark) {
  return AskForJob(context, {.idempotent = false},
                   JsonRequest("POST", kJobsPath, EncodeCreate(definition, mark)));
}

absl::StatusOr<UpstreamJob> Backend::Resubmit(const CallContext& context, std::string_view job,
                                              const v1::ResubmitJobRequest& request,
                                              const v1::Job& old, const Mark& mark) {
  return AskForJob(
      context, {.idempotent = false},
      JsonRequest("POST", JobPath(job, ":resubmit"), EncodeResubmit(request, old, mark)));
}

absl::StatusOr<UpstreamJob> Backend::Update(const CallContext& context, std::string_view job,
                                            const v1::UpdateJobRequest& request, const Mark& mark) {
  return AskForJob(context, {}, JsonRequest("PATCH", JobPath(job), EncodeUpdate(request, mark)));
}

absl::StatusOr<UpstreamJob> Backend::Cancel(const CallContext& context, std::string_view job) {
  return AskForJob(context, {}, JsonRequest("PATCH", JobPath(job), EncodeCancel()));
}

absl::Status Backend::MoveToTop(const CallContext& context, std::string_view job) {
  return Call(context, {}, Request("POST", JobPath(job, ":move-to-top")), Nothing).status();
}

absl::Status Backend::Delete(const CallContext& context, std::string_view job) {
  return Call(context, {.removes = true}, Request("DELETE", JobPath(job)), Nothing).status();
}

absl::StatusOr<std::unique_ptr<HttpStream>> Backend::OpenOutput(const CallContext& context,
                                                                std::string_view job,
                                                                std::string_view file_name) {
  HttpRequest request =
      Request("GET", JobPath(job, "/outputs:export"), {{"fileName", std::string(file_name)}});
  request.headers.front().second = "application/octet-stream";
  return upstream_.Open(
      context, {}, [&](const Credential& credential) { return Authorized(request, credential); },
      [&](const HttpReply& reply, const Credential&) { return Meaning(request, reply); });
}

HttpRequest Backend::Request(std::string_view method, std::string_view path,
                             const QueryParameters& query) const {
  HttpRequest request;
  request.method = method;
  request.url = MakeUrl(absl::StrCat(options_.base_url, View(kApi)), path, query);
  request.headers = {{"Accept", "text/plain, application/json"},
                     {"X-Granta-ApplicationName", "Relais"}};
  request.login = options_.connection_login;
  return request;
}

HttpRequest Backend::JsonRequest(std::string_view method, std::string_view path,
                                 std::string body) const {
  HttpRequest request = Request(method, path);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

absl::Status Backend::Meaning(const HttpRequest& request, const HttpReply& reply) const {
  absl::Status status = StatusOfReply(reply, scheduler_.Wall());
  if (status.ok()) return status;
  NameTheMissing(ThingAt(request.url), status);
  if (const std::string problem = DecodeProblem(reply.body); !problem.empty()) {
    ErrorDetails details = DetailsOf(status);
    details.localized_locale = "en";
    details.localized_message = problem;
    SetDetails(status, details);
  }
  return status;
}

}  // namespace relais::jobqueue
