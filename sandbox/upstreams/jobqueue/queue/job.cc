#include "sandbox/upstreams/jobqueue/queue/job.h"

#include <array>
#include <nlohmann/json.hpp>

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

// In the order of the enumeration.
constexpr std::array<const char*, 5> kStatusNames = {"Pending", "Running", "Succeeded", "Failed",
                                                     "Cancelled"};

json TimeToJson(const std::optional<absl::Time>& time) {
  return time ? json(absl::ToUnixNanos(*time)) : json();
}

std::optional<absl::Time> TimeFrom(const json& value) {
  if (value.is_null()) return std::nullopt;
  return absl::FromUnixNanos(value.get<int64_t>());
}

template <typename Value>
json StateOrNull(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

template <typename Value>
std::optional<Value> Optional(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<Value>();
}

}  // namespace

const char* NameOf(JobStatus status) { return kStatusNames[static_cast<size_t>(status)]; }

std::optional<JobStatus> JobStatusNamed(std::string_view name) {
  for (size_t i = 0; i < kStatusNames.size(); ++i) {
    if (name == kStatusNames[i]) return static_cast<JobStatus>(i);
  }
  return std::nullopt;
}

bool IsFinished(JobStatus status) {
  return status != JobStatus::kPending && status != JobStatus::kRunning;
}

json ToStateJson(const Job& job) {
  json outputs = json::array();
  for (const OutputFile& output : job.outputs) {
    outputs.push_back(
        {{"name", output.name}, {"file", output.file_id}, {"made", output.made_bytes}});
  }
  const JobDefinition& definition = job.definition;
  return {{"id", job.id},
          {"name", definition.name},
          {"description", StateOrNull(definition.description)},
          {"type", definition.type},
          {"scheduled", TimeToJson(definition.scheduled)},
          {"inputs", definition.input_ids},
          {"parameters", StateOrNull(definition.parameters)},
          {"culture", StateOrNull(definition.culture)},
          {"version", StateOrNull(definition.version)},
          {"status", NameOf(job.status)},
          {"submitter", job.submitter},
          {"roles", job.roles},
          {"submitted", TimeToJson(job.submitted)},
          {"started", TimeToJson(job.started)},
          {"completed", TimeToJson(job.completed)},
          {"outputs", std::move(outputs)},
          {"summary", StateOrNull(job.summary)},
          {"promoted", job.promoted},
          {"number", job.number},
          {"held", job.held}};
}

Job FromStateJson(const json& state) {
  Job job;
  job.id = state.at("id").get<std::string>();
  job.definition = {state.at("name").get<std::string>(),
                    Optional<std::string>(state.at("description")),
                    state.at("type").get<std::string>(),
                    TimeFrom(state.at("scheduled")),
                    state.at("inputs").get<std::vector<std::string>>(),
                    Optional<std::string>(state.at("parameters")),
                    Optional<std::string>(state.at("culture")),
                    Optional<int>(state.at("version"))};
  job.status = JobStatusNamed(state.at("status").get<std::string>()).value_or(JobStatus::kFailed);
  job.submitter = state.at("submitter").get<std::string>();
  job.roles = state.at("roles").get<std::vector<std::string>>();
  job.submitted = TimeFrom(state.at("submitted")).value_or(absl::UnixEpoch());
  job.started = TimeFrom(state.at("started"));
  job.completed = TimeFrom(state.at("completed"));
  for (const json& output : state.at("outputs")) {
    job.outputs.push_back({output.at("name").get<std::string>(),
                           output.at("file").get<std::string>(),
                           output.at("made").get<uint64_t>()});
  }
  job.summary = Optional<std::string>(state.at("summary"));
  job.promoted = state.at("promoted").get<int64_t>();
  job.number = state.at("number").get<int64_t>();
  job.held = state.at("held").get<bool>();
  return job;
}

}  // namespace relais::sandbox::jobqueue
