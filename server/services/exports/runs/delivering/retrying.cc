#include "server/services/exports/runs/delivering/retrying.h"

#include <algorithm>

#include "server/core/base/error.h"

namespace relais::exports {

bool MayPass(const absl::Status& failure) {
  switch (failure.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kAlreadyExists:
      return false;
    default:
      // Further logins could lock the account.
      return !HasReason(failure, Reason::kGatewayCredentialRejected);
  }
}

absl::Duration WaitAfter(int attempts, absl::Duration first, absl::Duration longest) {
  absl::Duration wait = first;
  for (int i = 1; i < attempts && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

}  // namespace relais::exports
