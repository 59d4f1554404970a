#include "relais/client/error.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "relais/client/call.h"
#include "relais/error/v1/reason.pb.h"

namespace relais::client {
inline namespace v1 {
namespace internal {

google::rpc::Status DetailsOf(const absl::Status& status) {
  google::rpc::Status details;
  if (auto payload = status.GetPayload(kDetails)) details.ParseFromString(std::string(*payload));
  return details;
}

absl::Status WithDetail(const absl::Status& error, const google::protobuf::Message& detail) {
  google::rpc::Status details = DetailsOf(error);
  details.add_details()->PackFrom(detail);
  absl::Status with = error;
  with.SetPayload(kDetails, absl::Cord(details.SerializeAsString()));
  return with;
}

absl::Status WithLast(const absl::Status& error, const google::protobuf::Message& last) {
  return ErrorOf(error).has_value() ? WithDetail(error, last) : error;
}

}  // namespace internal

std::optional<Error> ErrorOf(const absl::Status& status) {
  if (!status.GetPayload(internal::kDetails).has_value()) return std::nullopt;
  Error error;
  error.code = status.code();
  error.message = std::string(status.message());
  const google::rpc::Status details = internal::DetailsOf(status);
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    google::rpc::BadRequest request;
    google::rpc::LocalizedMessage text;
    if (detail.UnpackTo(&info) && info.domain() == internal::kDomain) {
      auto& own = *info.mutable_metadata();
      error.request_id = own["requestId"];
      if (error.call_id.empty()) error.call_id = own["callId"];
      (void)absl::SimpleAtoi(own["attempts"], &error.attempts);
    } else if (detail.Is<google::rpc::ErrorInfo>()) {
      error.raw_reason = info.reason();
      error::v1::Reason_Parse(info.reason(), &error.reason);
      error.metadata.insert(info.metadata().begin(), info.metadata().end());
      if (error.metadata.count("callId") > 0) error.call_id = error.metadata["callId"];
    } else if (detail.UnpackTo(&retry)) {
      error.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                          absl::Nanoseconds(retry.retry_delay().nanos());
    } else if (detail.UnpackTo(&request)) {
      error.violations.assign(request.field_violations().begin(), request.field_violations().end());
    } else if (detail.UnpackTo(&text)) {
      error.upstream_message = text.message();
    } else {
      error.last = detail;
    }
  }
  return error;
}

error::v1::Reason ReasonOf(const absl::Status& status) {
  const std::optional<Error> error = ErrorOf(status);
  return error.has_value() ? error->reason : error::v1::REASON_UNSPECIFIED;
}

}  // namespace v1
}  // namespace relais::client
