// The fourteen operations of the queue.
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/front.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

// Names without regard to case, as ASP.NET does; of equal ones the first.
std::string QueryValue(const HttpRequest& request, std::string_view lower_case_name) {
  for (const auto& [name, value] : request.fields) {
    if (absl::AsciiStrToLower(name) == lower_case_name) return value;
  }
  return "";
}

int QueryNumber(const HttpRequest& request, std::string_view lower_case_name) {
  int number = 0;
  return absl::SimpleAtoi(QueryValue(request, lower_case_name), &number) ? number : 0;
}

}  // namespace

HttpReply Front::ListJobs(const Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  const JobPage page = queue_->List(
      exchange.caller, {QueryValue(request, "jobtype"), QueryValue(request, "status"),
                        QueryValue(request, "namefilter"), QueryValue(request, "descriptionfilter"),
                        QueryValue(request, "submitternamefilter"),
                        QueryNumber(request, "pagesize"), QueryNumber(request, "pagenumber")});
  json results = json::array();
  for (const JobView& view : page.jobs) {
    results.push_back(JobJson(view, queue_->options().date_style));
  }
  return JsonReply(200, Dump({{"totalResultCount", page.total}, {"results", std::move(results)}}));
}

HttpReply Front::CreateJob(const Exchange& exchange) {
  const bool safe_paths = queue_->options().version != "24.2";
  absl::StatusOr<JobDefinition> definition = ReadDefinition(exchange.request.body, safe_paths);
  if (!definition.ok()) return ProblemReply(definition.status());
  const absl::StatusOr<JobView> job = queue_->Create(exchange.caller, *std::move(definition));
  if (!job.ok()) return ProblemReply(job.status());
  return JsonReply(201, Dump(JobJson(*job, queue_->options().date_style)));
}

HttpReply Front::DeleteJobs(const Exchange& exchange) {
  const json ids = json::parse(exchange.request.body, nullptr, false);
  if (!ids.is_array() || ids.empty()) {
    return ProblemReply(absl::OutOfRangeError("The body must be a list of job ids."));
  }
  json deleted = json::array();
  for (const json& id : ids) {
    if (id.is_string() && queue_->Delete(exchange.caller, id.get<std::string>()).ok()) {
      deleted.push_back(id);
    }
  }
  if (deleted.size() == ids.size()) return JsonReply(200, Dump(deleted));
  return ProblemReply(absl::InternalError("One or more jobs could not be deleted."));
}

HttpReply Front::GetJob(const Exchange& exchange) {
  const absl::StatusOr<JobView> job = queue_->Get(exchange.caller, exchange.names[0]);
  if (!job.ok()) return ProblemReply(job.status());
  return JsonReply(200, Dump(JobJson(*job, queue_->options().date_style)));
}

HttpReply Front::UpdateJob(const Exchange& exchange) {
  const absl::StatusOr<JobChanges> changes = ReadChanges(exchange.request.body);
  if (!changes.ok()) return ProblemReply(changes.status());
  const absl::StatusOr<JobView> job = queue_->Update(exchange.caller, exchange.names[0], *changes);
  if (!job.ok()) return ProblemReply(job.status());
  return JsonReply(200, Dump(JobJson(*job, queue_->options().date_style)));
}

HttpReply Front::DeleteJob(const Exchange& exchange) {
  const absl::Status status = queue_->Delete(exchange.caller, exchange.names[0]);
  return status.ok() ? EmptyReply(200) : ProblemReply(status);
}

HttpReply Front::MoveToTop(const Exchange& exchange) {
  const absl::Status status = queue_->MoveToTop(exchange.caller, exchange.names[0]);
  return status.ok() ? EmptyReply(200) : ProblemReply(status);
}

HttpReply Front::Resubmit(const Exchange& exchange) {
  const absl::StatusOr<JobChanges> changes = ReadChanges(exchange.request.body);
  if (!changes.ok()) return ProblemReply(changes.status());
  const absl::StatusOr<JobView> job =
      queue_->Resubmit(exchange.caller, exchange.names[0], *changes);
  if (!job.ok()) return ProblemReply(job.status());
  return JsonReply(200, Dump(JobJson(*job, queue_->options().date_style)));
}

HttpReply Front::Definition(const Exchange& exchange) {
  const absl::StatusOr<JobView> job = queue_->Get(exchange.caller, exchange.names[0]);
  if (!job.ok()) return ProblemReply(job.status());
  return JsonReply(200, Dump(DefinitionJson(job->job.definition, queue_->options().date_style)));
}

HttpReply Front::UploadFile(const Exchange& exchange) {
  for (const FormPart& part : exchange.request.parts) {
    if (part.name != "file") continue;
    absl::StatusOr<std::string> id = queue_->Upload(exchange.caller, part);
    if (!id.ok()) return ProblemReply(id.status());
    HttpReply reply = JsonReply(200, *std::move(id));
    reply.content_type = "text/plain; charset=utf-8";
    return reply;
  }
  return ProblemReply(absl::InvalidArgumentError("The form has no part named 'file'."));
}

HttpReply Front::ListOutputs(const Exchange& exchange) {
  const absl::StatusOr<JobView> job = queue_->Get(exchange.caller, exchange.names[0]);
  if (!job.ok()) return ProblemReply(job.status());
  json names = json::array();
  for (const OutputFile& output : job->job.outputs) names.push_back(output.name);
  return JsonReply(200, Dump(names));
}

HttpReply Front::GetOutput(const Exchange& exchange) {
  absl::StatusOr<LargeBody> output =
      queue_->Output(exchange.caller, exchange.names[0], QueryValue(exchange.request, "filename"));
  if (!output.ok()) return ProblemReply(output.status());
  HttpReply reply;
  reply.content_type = "application/octet-stream";
  reply.large = *std::move(output);
  return reply;
}

HttpReply Front::CurrentUser(const Exchange& exchange) {
  const Permission permission = exchange.caller.permission;
  return JsonReply(200, Dump({{"isAdmin", permission == Permission::kAdmin},
                              {"username", exchange.caller.user},
                              {"hasWriteAccess", permission != Permission::kRead}}));
}

HttpReply Front::Configuration(const Exchange&) {
  const Options& options = queue_->options();
  return JsonReply(
      200,
      Dump({{"purgeJobAgeInMilliseconds", absl::ToInt64Milliseconds(options.purge_age)},
            {"purgeIntervalInMilliseconds", absl::ToInt64Milliseconds(options.purge_interval)},
            {"pollingIntervalInMilliseconds", absl::ToInt64Milliseconds(options.polling_interval)},
            {"concurrency", options.concurrency}}));
}

}  // namespace relais::sandbox::jobqueue
