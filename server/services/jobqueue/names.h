// Resource names of this service: queues/{queue}, queues/{queue}/jobs/{job},
// …/jobs/{job}/outputFiles/{output_file}, queues/{queue}/inputFiles/{input_file}.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_NAMES_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais::jobqueue {

// Each Parse gives none when the name has not the form of its pattern, which includes that its
// parts can be what they stand for. There is one spelling for each file: a segment is refused
// unless Format would make it.

struct QueueName {
  static constexpr char kType[] = "jobqueue.relais.dev/Queue";
  static std::optional<QueueName> Parse(std::string_view name);
  const std::string& connection() const { return queue; }

  std::string queue;
};

struct JobName {
  static constexpr char kType[] = "jobqueue.relais.dev/Job";
  static constexpr char kHint[] = "where {job} is a GUID";
  static std::optional<JobName> Parse(std::string_view name);
  const std::string& connection() const { return queue; }

  std::string queue;
  std::string job;  // the upstream's id
};

struct OutputFileName {
  static constexpr char kType[] = "jobqueue.relais.dev/OutputFile";
  static std::optional<OutputFileName> Parse(std::string_view name);
  const std::string& connection() const { return queue; }

  std::string queue;
  std::string job;
  std::string file_name;  // the upstream's; may look like a path and is never to be used as one
};

struct InputFileName {
  static constexpr char kType[] = "jobqueue.relais.dev/InputFile";
  static std::optional<InputFileName> Parse(std::string_view name);

  std::string queue;
  std::string upload;     // the upstream's id
  std::string file_name;  // base name; empty when only the id is known
};

std::string FormatQueueName(std::string_view queue);
std::string FormatJobName(std::string_view queue, std::string_view job);
std::string FormatOutputFileName(std::string_view queue, std::string_view job,
                                 std::string_view file_name);
std::string FormatInputFileName(std::string_view queue, std::string_view upload,
                                std::string_view file_name);

// Hexadecimal digits and "-", 1 to 64: safe in any URL.
bool IsJobId(std::string_view text);
// What the upstream gives for an uploaded file: 1 to 512 bytes of UTF-8, no control characters.
bool IsUploadId(std::string_view text);
// What the upstream calls an output: 1 to 1024 bytes of UTF-8, no NUL.
bool IsOutputName(std::string_view text);
// A base name: 1 to 255 bytes of UTF-8, no "/", "\" or control character, neither "." nor "..".
bool IsFileName(std::string_view text);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_NAMES_H_
