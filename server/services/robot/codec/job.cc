#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/services/robot/codec/read.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using json::Malformed;
using Text = std::optional<std::string>;

constexpr std::string_view kMarkBegin = "[relais:";
constexpr std::string_view kMarkEnd = "]";
constexpr std::size_t kMarkerSize = 16;
constexpr std::size_t kLongestReference = 128;  // upstream

struct WireJobError {
  Text code;
};

struct WireJob {
  std::optional<std::int64_t> id;
  Text key, state, release, created, started, ended, priority, info, input, output, host, reference,
      source, error_code;
  std::optional<WireJobError> error;
};

constexpr json::Member<WireJobError> kJobError[] = {{"code", json::Optional<&WireJobError::code>}};

absl::Status ReadJobError(json::Value value, WireJob& job) {
  return json::ReadOptional(value, kJobError, job.error);
}

constexpr json::Member<WireJob> kJob[] = {
    {"Key", json::Optional<&WireJob::key>},
    {"StartTime", json::Optional<&WireJob::started>},
    {"EndTime", json::Optional<&WireJob::ended>},
    {"State", json::Into<&WireJob::state>},
    {"JobPriority", json::Optional<&WireJob::priority>},
    {"Source", json::Optional<&WireJob::source>},
    {"Info", json::Optional<&WireJob::info>},
    {"CreationTime", json::Optional<&WireJob::created>},
    {"ReleaseName", json::Optional<&WireJob::release>},
    {"InputArguments", json::Optional<&WireJob::input>},
    {"OutputArguments", json::Optional<&WireJob::output>},
    {"HostMachineName", json::Optional<&WireJob::host>},
    {"Reference", json::Optional<&WireJob::reference>},
    {"JobError", ReadJobError},
    {"ErrorCode", json::Optional<&WireJob::error_code>},
    {"Id", json::Into<&WireJob::id>},
};

// "REFERENCE [relais:MARKER REQUEST_ID]" apart, in which the id may be missing; a reference without
// a mark stays whole.
void SplitReference(std::string text, UpstreamJob& out) {
  for (std::size_t begin = text.find(kMarkBegin); begin != std::string::npos;
       begin = text.find(kMarkBegin, begin + 1)) {
    const std::size_t marker = begin + kMarkBegin.size();
    const std::size_t rest = marker + kMarkerSize;  // "]" or " REQUEST_ID]"
    if (rest >= text.size() || !text.ends_with(kMarkEnd)) break;
    if (text[rest] != ' ' && rest + 1 != text.size()) continue;
    out.marker = text.substr(marker, kMarkerSize);
    if (text[rest] == ' ') out.job.set_request_id(text.substr(rest + 1, text.size() - rest - 2));
    text.resize(begin > 0 && text[begin - 1] == ' ' ? begin - 1 : begin);
    break;
  }
  out.job.set_reference(std::move(text));
}

absl::Status ConvertJob(WireJob wire, const Place& place, UpstreamJob& out) {
  if (!wire.id || *wire.id <= 0) return Malformed("a job has no \"Id\"");
  if (!wire.state || wire.state->empty()) return Malformed("a job has no \"State\"");
  out.id = *wire.id;
  v1::Job& job = out.job;
  job.set_name(FormatJobName(place, out.id));
  job.set_key(std::move(wire.key).value_or(""));
  job.set_raw_state(*std::move(wire.state));
  job.set_state(JobStateOf(job.raw_state()));
  job.set_ended(HasEnded(job.state()));
  job.set_succeeded(job.state() == v1::Job::STATE_SUCCESSFUL);
  job.set_process_display_name(std::move(wire.release).value_or(""));
  job.set_priority(PriorityOf(wire.priority.value_or("")));
  job.set_info(std::move(wire.info).value_or(""));
  job.set_input_arguments(std::move(wire.input).value_or(""));
  job.set_output_arguments(std::move(wire.output).value_or(""));
  job.set_host_machine_name(std::move(wire.host).value_or(""));
  job.set_raw_source(std::move(wire.source).value_or(""));
  job.set_error_code(std::move(wire.error_code).value_or(""));
  if (job.error_code().empty() && wire.error)
    job.set_error_code(std::move(wire.error->code).value_or(""));
  SplitReference(std::move(wire.reference).value_or(""), out);
  SetTime(wire.created, [&job] { return job.mutable_create_time(); });
  SetTime(wire.started, [&job] { return job.mutable_start_time(); });
  SetTime(wire.ended, [&job] { return job.mutable_end_time(); });
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<UpstreamJob> DecodeJob(const std::string& body, const Place& place) {
  WireJob wire;
  if (absl::Status status = json::ReadObject(body, kJob, wire); !status.ok()) return status;
  UpstreamJob job;
  if (absl::Status status = ConvertJob(std::move(wire), place, job); !status.ok()) return status;
  return job;
}

absl::StatusOr<Page<UpstreamJob>> DecodeJobs(const std::string& body, const Place& place) {
  return DecodePage<WireJob, UpstreamJob>(body, kJob, [&place](WireJob wire, UpstreamJob& out) {
    return ConvertJob(std::move(wire), place, out);
  });
}

std::string MarkReference(std::string_view reference, std::string_view marker,
                          std::string_view request_id) {
  if (marker.empty()) return std::string(reference);
  const std::string begin =
      absl::StrCat(View(reference), reference.empty() ? "" : " ", View(kMarkBegin), View(marker));
  const bool fits = begin.size() + 1 + request_id.size() + kMarkEnd.size() <= kLongestReference;
  if (request_id.empty() || !fits) return absl::StrCat(begin, View(kMarkEnd));
  return absl::StrCat(begin, " ", View(request_id), View(kMarkEnd));
}

std::string BeginOfMark(std::string_view marker) {
  return absl::StrCat(View(kMarkBegin), View(marker));
}

std::string EndOfMark(std::string_view request_id) {
  return absl::StrCat(" ", View(request_id), View(kMarkEnd));
}

}  // namespace relais::robot
