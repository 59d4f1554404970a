// The causes of errors, one for one the values of relais.error.v1.Reason (a test holds them
// together; this layer knows no Protobuf).

#ifndef RELAIS_SERVER_CORE_BASE_REASON_H_
#define RELAIS_SERVER_CORE_BASE_REASON_H_

#include <string_view>

#include "absl/types/span.h"

namespace relais {

enum class Reason {
  kInvalidRequest = 1,
  kInvalidPageToken,
  kInvalidResumeToken,
  kConnectionNotFound,
  kNotPermittedByConfiguration,
  kCallerDeadline,
  kCallerCancelled,
  kGatewayDraining,
  kGatewayInternal,
  kUpstreamRejectedRequest,
  kGatewayCredentialRejected,
  kAccessDenied,
  kResourceNotFound,
  kUpstreamContractBroken,
  kResourceConflict,
  kResourceExists,
  kPreconditionFailed,
  kRequestOutOfRange,
  kUpstreamRateLimited,
  kUpstreamFailed,
  kUpstreamUnsupported,
  kUpstreamUnavailable,
  kUpstreamTimeout,
  kUpstreamUnreachable,
  kUpstreamMalformedResponse,
  kUpstreamSaturated,
  kDictionaryNotAuthorized,
  kUpstreamErrorCode,
  kKeysetNotOrdered,
  kRequestIdReused,
  kRequestInProgress,
  kSubmissionOutcomeUnknown,
  kChecksumMismatch,
  kGatewayStorageFull,
  kActionFailed,
  kColumnsChanged,
  kGatewayLimitReached,
  kTransferStalled,
};

// The name on the wire, e.g. "UPSTREAM_SATURATED".
std::string_view ReasonName(Reason reason);

// Whether the same call can succeed later without anyone changing anything. Callers are told by
// RetryInfo, which an error has exactly where that is so.
enum class Repeating {
  kNeverHelps,
  kHelpsWhenTold,  // where whoever made the error says when
  kHelps,          // but for what may have been done and must not be done twice
};

Repeating RepeatingAfter(Reason reason);

// Every reason, in the order of the enum.
absl::Span<const Reason> AllReasons();

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_REASON_H_
