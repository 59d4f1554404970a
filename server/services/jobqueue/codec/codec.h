// The wire of the Granta MI job queue: JSON to and from the messages of the API. Pure: no I/O, no
// state.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_CODEC_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/services/jobqueue/codec/marker.h"

namespace relais::jobqueue {

// Every decoder: INTERNAL / UPSTREAM_MALFORMED_RESPONSE for whatever is not a whole, well-formed
// reply of its kind; never part of one. Members that nobody knows are no error. Fastest when `body`
// has 64 bytes of spare capacity. `queue` is the {queue} of the names that come out.

struct UpstreamJob {
  v1::Job job;
  std::string marker;  // of the mark in the description; empty: the gateway has not marked it

  Mark mark() const { return {marker, job.request_id()}; }
};

struct UpstreamJobs {
  std::vector<UpstreamJob> jobs;  // in the upstream's order
  std::int64_t total_count = 0;   // more than there are jobs when the upstream has cut the list
};

// What is wrong within `jobSpecificOutputs` is no error: there is no summary then, and the outputs
// are kept as they are.
absl::StatusOr<UpstreamJob> DecodeJob(const std::string& body, std::string_view queue);
absl::StatusOr<UpstreamJobs> DecodeJobs(const std::string& body, std::string_view queue);

// A definition whose `parameters` are not as the type has them becomes Other. The mark is removed.
absl::StatusOr<v1::JobDefinition> DecodeDefinition(const std::string& body, std::string_view queue);

absl::StatusOr<v1::CurrentUser> DecodeCurrentUser(const std::string& body);
absl::StatusOr<v1::ProcessingConfiguration> DecodeProcessingConfiguration(const std::string& body);

struct ServerVersion {
  std::string text;  // e.g. "26.1.820.0"
  int major = 0;
  int minor = 0;
};

inline constexpr std::string_view kMinimumServerVersion = "24.2";

absl::StatusOr<ServerVersion> DecodeServerVersion(const std::string& body);
// Not older than kMinimumServerVersion.
bool IsSupported(const ServerVersion& version);

// The id of an uploaded file: bare, or as a JSON string.
absl::StatusOr<std::string> DecodeUploadId(const std::string& body);

// Names of output files, in the upstream's order.
absl::StatusOr<std::vector<v1::OutputFile>> DecodeOutputFiles(const std::string& body,
                                                              std::string_view queue,
                                                              std::string_view job);

// Ids of the jobs that a batch has deleted.
absl::StatusOr<std::vector<std::string>> DecodeDeletedIds(const std::string& body);

// Every encoder takes what definition_checks.h has found right. `mark` goes into the description.

// Every file has its `input_file`.
std::string EncodeCreate(const v1::JobDefinition& definition, const Mark& mark);

// Only the fields of the mask; `mark` is the one that the job has.
std::string EncodeUpdate(const v1::UpdateJobRequest& request, const Mark& mark);
std::string EncodeCancel();

// What the request leaves open is taken from the old job, since nobody knows what the upstream
// makes of a null.
std::string EncodeResubmit(const v1::ResubmitJobRequest& request, const v1::Job& old,
                           const Mark& mark);

std::string EncodeDelete(const std::vector<std::string>& job_ids);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_CODEC_H_
