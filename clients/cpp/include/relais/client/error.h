// What is known of a call that failed. Calls return absl::Status; its payload holds the details
// that the gateway sent.
//
//   absl::StatusOr<Job> job = client.Call(&JobQueueService::Stub::GetJob, request);
//   if (ReasonOf(job.status()) == error::v1::RESOURCE_NOT_FOUND) …

#ifndef RELAIS_CLIENT_ERROR_H_
#define RELAIS_CLIENT_ERROR_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "relais/error/v1/reason.pb.h"

namespace relais::client {
inline namespace v1 {

struct Error {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  // Why, by the gateway. REASON_UNSPECIFIED: the gateway sent none, or one that this client does
  // not know yet.
  error::v1::Reason reason = error::v1::REASON_UNSPECIFIED;
  // The same as it was sent; empty when the error was not made by the gateway.
  std::string raw_reason;
  // One sentence for people.
  std::string message;
  // The upstream's own words, often French; may be empty.
  std::string upstream_message;
  // What is wrong with which field of the request.
  std::vector<google::rpc::BadRequest::FieldViolation> violations;
  // The least time to wait before the same call can succeed.
  std::optional<absl::Duration> retry_after;
  // `service`, `connection`, `method` and, after an exchange with the upstream, what is known of
  // it.
  std::map<std::string, std::string> metadata;
  // The gateway's id of the call, also in its log.
  std::string call_id;
  // The id under which a change was asked for; send it again to learn what became of it.
  std::string request_id;
  // How often the call was made.
  int attempts = 0;
  // The last state that was seen, packed, when a Wait or Follow failed; else empty.
  google::protobuf::Any last;
};

// The details of a call's error. Nothing for OK, and for errors that no call made: a file that
// cannot be read, a value that is not of the type, a call that its own caller has cancelled.
std::optional<Error> ErrorOf(const absl::Status& status);

// The reason of an error; REASON_UNSPECIFIED as in Error.
error::v1::Reason ReasonOf(const absl::Status& status);

}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_ERROR_H_
