// Replies of the job queue: every decoder over the same bytes; the bytes as a name, a description
// and a time.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "server/core/base/error.h"
#include "server/json/mend.h"
#include "server/services/jobqueue/api/definition_checks.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/marker.h"
#include "server/services/jobqueue/codec/problem.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"
#include "tests/fuzz/expect.h"

namespace relais::jobqueue {
namespace {

template <typename T>
bool Accepted(const absl::StatusOr<T>& decoded, const std::string& body) {
  if (!decoded.ok()) {
    Expect(HasReason(decoded.status(), Reason::kUpstreamMalformedResponse),
           "a refusal has its reason: " + decoded.status().ToString());
    return false;
  }
  Expect(nlohmann::json::accept(json::Mended(body)), "an accepted reply is well-formed JSON");
  return true;
}

template <typename Message>
void CheckMessage(const Message& message) {
  Message again;
  Expect(again.ParseFromString(message.SerializeAsString()), "a message is valid: texts are UTF-8");
}

void CheckJob(const UpstreamJob& decoded) {
  const v1::Job& job = decoded.job;
  CheckMessage(job);
  Expect(JobName::Parse(job.name()).has_value(), "a job's name is one: " + job.name());
  Expect(job.state() != v1::Job::STATE_UNSPECIFIED, "a job has a state");
  Expect(decoded.marker.empty() || IsMarker(decoded.marker), "a marker is one");
  Expect(!job.has_queue_position() || job.state() == v1::Job::STATE_PENDING, "pending jobs wait");
  Expect(HasEnded(job.state()) || job.outcome() == v1::Job::OUTCOME_UNSPECIFIED,
         "what has not ended has no outcome");
  for (const std::string& name : job.output_files()) {
    Expect(OutputFileName::Parse(name).has_value(), "an output's name is one: " + name);
  }
  for (const std::string& name : job.input_files()) {
    Expect(InputFileName::Parse(name).has_value(), "an input's name is one: " + name);
  }
}

// What may be submitted comes back from the body that submits it.
void CheckDefined(v1::JobDefinition definition) {
  CheckMessage(definition);
  Violations violations;
  CheckDefinition(definition, "main", FileSource::kUploaded, violations);
  if (!violations.empty()) return;
  if (definition.has_schedule_time()) {
    google::protobuf::Timestamp& time = *definition.mutable_schedule_time();
    time.set_nanos(time.nanos() / 100 * 100);  // more the upstream does not know
  }
  const auto again = DecodeDefinition(EncodeCreate(definition, {"mfrggzdfmztwq2lk"}), "main");
  Expect(again.ok() && again->SerializeAsString() == definition.SerializeAsString(),
         "a definition survives its way: " + definition.DebugString());
}

void RunDecoders(const std::string& body) {
  if (const auto job = DecodeJob(body, "main"); Accepted(job, body)) CheckJob(*job);
  if (const auto jobs = DecodeJobs(body, "main"); Accepted(jobs, body)) {
    for (const UpstreamJob& job : jobs->jobs) CheckJob(job);
    Expect(jobs->total_count >= static_cast<std::int64_t>(jobs->jobs.size()), "all are counted");
  }
  if (const auto definition = DecodeDefinition(body, "main"); Accepted(definition, body))
    CheckDefined(*definition);
  if (const auto user = DecodeCurrentUser(body); Accepted(user, body)) CheckMessage(*user);
  if (const auto configuration = DecodeProcessingConfiguration(body);
      Accepted(configuration, body)) {
    CheckMessage(*configuration);
  }
  if (const auto version = DecodeServerVersion(body); Accepted(version, body))
    Expect(version->major >= 0 && version->minor >= 0, "a version has numbers");
  if (const auto files = DecodeOutputFiles(body, "main", "ab"); Accepted(files, body)) {
    for (const v1::OutputFile& file : *files) {
      CheckMessage(file);
      const auto name = OutputFileName::Parse(file.name());
      Expect(name && name->file_name == file.file_name(), "an output's name carries it");
    }
  }
  if (const auto ids = DecodeDeletedIds(body); Accepted(ids, body)) {
    for (const std::string& id : *ids) Expect(IsJobId(id), "an id is one");
  }
  if (const auto upload = DecodeUploadId(body); upload.ok()) {
    const auto name = InputFileName::Parse(FormatInputFileName("main", *upload, "a.xlsx"));
    Expect(name && name->upload == *upload, "an input's name carries its id");
  }
}

void RunTexts(const std::string& text) {
  if (const auto name = OutputFileName::Parse(text)) {
    Expect(FormatOutputFileName(name->queue, name->job, name->file_name) == text, "one spelling");
  }
  if (const auto name = InputFileName::Parse(text)) {
    Expect(FormatInputFileName(name->queue, name->upload, name->file_name) == text, "one spelling");
  }
  if (const auto name = JobName::Parse(text))
    Expect(FormatJobName(name->queue, name->job) == text, "one spelling");
  if (const auto name = QueueName::Parse(text))
    Expect(FormatQueueName(name->queue) == text, "one spelling");
  if (IsOutputName(text) && text.size() < 1000) {
    const auto name = OutputFileName::Parse(FormatOutputFileName("main", "ab", text));
    Expect(name && name->file_name == text, "a file's name survives");
  }
  v1::OutputFile problem;  // as any message with a text
  problem.set_file_name(DecodeProblem(text));
  CheckMessage(problem);
  const MarkedText stripped = StripMark(text);
  Expect(AddMark(stripped.text, stripped.mark) == text, "a mark goes back to where it was");
  const MarkedText again = StripMark(AddMark(text, {"mfrggzdfmztwq2lk", "id 7"}));
  Expect(again.text == text && again.mark.marker == "mfrggzdfmztwq2lk" &&
             again.mark.request_id == "id 7",
         "a mark comes off again");
  if (const auto time = ParseTime(text)) {
    const auto written = ParseTime(FormatTime(*time));
    Expect(written && written->seconds() == time->seconds() &&
               written->nanos() == time->nanos() / 100 * 100,
           "a time survives: " + text);
  }
}

}  // namespace
}  // namespace relais::jobqueue

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string roomy;
  roomy.reserve(size + 64);
  roomy.assign(reinterpret_cast<const char*>(bytes), size);
  relais::jobqueue::RunDecoders(roomy);
  std::string tight = roomy;
  tight.shrink_to_fit();
  relais::jobqueue::RunDecoders(tight);
  relais::jobqueue::RunTexts(roomy);
  return 0;
}
