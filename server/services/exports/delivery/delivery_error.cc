#include "server/services/exports/delivery/delivery_error.h"

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/upstream/http_status.h"

namespace relais::exports {

absl::Status OtherFileThere() {
  return Error(absl::StatusCode::kAlreadyExists, Reason::kResourceExists)
         << "The destination has another file of that name, which must not be replaced.";
}

absl::Status NoRoomThere() {
  return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull)
         << "The destination has no room left for the file.";
}

absl::Status DeliveryTooSlow() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
         << "The destination did not take the file within transfer_timeout.";
}

absl::Status StatusOfStoring(const HttpReply& reply, absl::Time wall) {
  const auto with_status = [&reply](absl::Status status) {
    AddMetadata(status, "httpStatus", absl::StrCat(reply.status));
    return status;
  };
  if (reply.status == 507) return with_status(NoRoomThere());
  if (reply.status == 409) {
    return with_status(Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
                       << "The destination lacks the folder of the file, or has something else in "
                          "its place.");
  }
  absl::Status status = StatusOfReply(reply, wall);
  if (HasReason(status, Reason::kUpstreamFailed)) {
    return with_status(Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable)
                       << "The destination failed to store the file; a later attempt may succeed.");
  }
  NameTheMissing("folder of the destination", status);
  return status;
}

}  // namespace relais::exports
