// Resource names of this service: queues/{queue}, queues/{queue}/jobs/{job},
// …/jobs/{job}/outputFiles/{output_file}, queues/{queue}/inputFiles/{input_file}.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_NAMES_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais::jobqueue {

struct QueueName {
  std::string queue;
};

struct JobName {
  std::string queue;
  std::string job;  // the upstream's id
};

struct OutputFileName {
  std::string queue;
  std::string job;
  std::string file_name;  // the upstream's; may look like a path and is never to be used as one
};

struct InputFileName {
  std::string queue;
  std::string upload;     // the upstream's id
  std::string file_name;  // base name; empty when only the id is known
};

// None when the name has not the form, which includes that its parts can be what they stand for.
// There is one spelling for each file: a segment is refused unless Format would make it.
std::optional<QueueName> ParseQueueName(std::string_view name);
std::optional<JobName> ParseJobName(std::string_view name);
std::optional<OutputFileName> ParseOutputFileName(std::string_view name);
std::optional<InputFileName> ParseInputFileName(std::string_view name);

// The {queue} of any name of this service; empty when it does not begin with "queues/".
std::string_view QueueOf(std::string_view name);

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
