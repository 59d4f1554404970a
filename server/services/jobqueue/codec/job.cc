#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "server/json/members.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/marker.h"
#include "server/services/jobqueue/codec/summary.h"
#include "server/services/jobqueue/codec/time.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using json::Malformed;
using v1::Job;
using Text = std::optional<std::string>;

// A job as it stands in the reply.
struct WireJob {
  Text id, name, description, type, status;
  std::optional<std::int64_t> position;
  Text submitter, submitted, scheduled, started, ended;
  std::vector<std::string> roles, inputs, output_files;
  std::map<std::string, std::string> outputs;
};

absl::Status ReadOutputs(json::Value value, WireJob& job) {
  const auto read = [&job](std::string_view key, json::Value output) -> absl::Status {
    const auto [place, is_new] = job.outputs.try_emplace(std::string(key));
    if (!is_new) return Malformed("a job has an output twice");
    return json::ReadTextOrJson(output, place->second);
  };
  return json::ReadOptionalMembers(value, read);
}

constexpr json::Member<WireJob> kJob[] = {
    {"id", json::Into<&WireJob::id>},
    {"name", json::Optional<&WireJob::name>},
    {"description", json::Optional<&WireJob::description>},
    {"type", json::Optional<&WireJob::type>},
    {"status", json::Into<&WireJob::status>},
    {"position", json::Optional<&WireJob::position>},
    {"submitterName", json::Optional<&WireJob::submitter>},
    {"submitterRoles", json::Optional<&WireJob::roles>},
    {"submissionDate", json::Optional<&WireJob::submitted>},
    {"scheduledExecutionDate", json::Optional<&WireJob::scheduled>},
    {"executionDate", json::Optional<&WireJob::started>},
    {"completionDate", json::Optional<&WireJob::ended>},
    {"inputFileIds", json::Optional<&WireJob::inputs>},
    {"outputFileNames", json::Optional<&WireJob::output_files>},
    {"jobSpecificOutputs", ReadOutputs},
};

void AddTimes(const WireJob& wire, Job& job) {
  SetTime(wire.submitted, [&job] { return job.mutable_submit_time(); });
  SetTime(wire.scheduled, [&job] { return job.mutable_schedule_time(); });
  SetTime(wire.started, [&job] { return job.mutable_start_time(); });
  SetTime(wire.ended, [&job] { return job.mutable_end_time(); });
}

void AddFiles(const WireJob& wire, std::string_view queue, Job& job) {
  for (const std::string& upload : wire.inputs) {
    if (IsUploadId(upload)) job.add_input_files(FormatInputFileName(queue, upload, ""));
  }
  for (const std::string& name : wire.output_files) {
    if (IsOutputName(name)) job.add_output_files(FormatOutputFileName(queue, *wire.id, name));
  }
}

void AddPosition(const WireJob& wire, Job& job) {
  if (!wire.position || job.state() != Job::STATE_PENDING ||
      !std::in_range<std::int32_t>(*wire.position)) {
    return;
  }
  job.set_queue_position(static_cast<std::int32_t>(*wire.position));
}

absl::Status Convert(WireJob wire, std::string_view queue, UpstreamJob& out) {
  if (!wire.id || !IsJobId(*wire.id)) return Malformed("a job has no usable \"id\"");
  if (!wire.status || wire.status->empty()) return Malformed("a job has no \"status\"");
  Job& job = out.job;
  job.set_name(FormatJobName(queue, *wire.id));
  job.set_display_name(std::move(wire.name).value_or(""));
  MarkedText description = StripMark(wire.description.value_or(""));
  job.set_description(std::move(description.text));
  job.set_request_id(std::move(description.mark.request_id));
  out.marker = std::move(description.mark.marker);
  job.set_raw_type(std::move(wire.type).value_or(""));
  job.set_type(TypeOf(job.raw_type()));
  job.set_raw_state(*std::move(wire.status));
  job.set_state(StateOf(job.raw_state()));
  job.set_submitter(std::move(wire.submitter).value_or(""));
  for (std::string& role : wire.roles) job.add_submitter_roles(std::move(role));
  AddPosition(wire, job);
  AddTimes(wire, job);
  AddFiles(wire, queue, job);
  for (auto& [key, output] : wire.outputs) (*job.mutable_raw_outputs())[key] = std::move(output);
  return absl::OkStatus();
}

// How it ended, as far as it has.
void Conclude(Job& job) {
  AddSummary(job);
  job.set_ended(HasEnded(job.state()));
  job.set_succeeded(
      job.state() == Job::STATE_SUCCEEDED &&
      (job.outcome() == Job::OUTCOME_OK || job.outcome() == Job::OUTCOME_UNSPECIFIED));
}

struct WireJobs {
  std::string_view queue;
  std::optional<std::int64_t> total;
  bool has_results = false;
  std::vector<UpstreamJob> jobs;
};

absl::Status ReadResults(json::Value value, WireJobs& list) {
  list.has_results = true;
  return json::ReadElements(value, [&list](json::Value element) {
    WireJob wire;
    if (auto status = json::ReadMembers(element, kJob, wire); !status.ok()) return status;
    return Convert(std::move(wire), list.queue, list.jobs.emplace_back());
  });
}

constexpr json::Member<WireJobs> kJobList[] = {
    {"totalResultCount", json::Into<&WireJobs::total>},
    {"results", ReadResults},
};

}  // namespace

absl::StatusOr<UpstreamJob> DecodeJob(const std::string& body, std::string_view queue) {
  WireJob wire;
  if (auto status = json::ReadObject(body, kJob, wire); !status.ok()) return status;
  UpstreamJob job;
  if (auto status = Convert(std::move(wire), queue, job); !status.ok()) return status;
  Conclude(job.job);
  return job;
}

absl::StatusOr<UpstreamJobs> DecodeJobs(const std::string& body, std::string_view queue) {
  WireJobs list;
  list.queue = queue;
  if (auto status = json::ReadObject(body, kJobList, list); !status.ok()) return status;
  if (!list.has_results) return Malformed("it has no \"results\"");
  // Not while the list is walked over: summaries are documents of their own.
  for (UpstreamJob& job : list.jobs) Conclude(job.job);
  const auto count = static_cast<std::int64_t>(list.jobs.size());
  return UpstreamJobs{std::move(list.jobs), std::max(list.total.value_or(0), count)};
}

}  // namespace relais::jobqueue
