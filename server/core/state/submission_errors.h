// The errors of submissions that are not those of their steps.

#ifndef RELAIS_SERVER_CORE_STATE_SUBMISSION_ERRORS_H_
#define RELAIS_SERVER_CORE_STATE_SUBMISSION_ERRORS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace relais::state {

// For what finds submissions: the upstream keeps no markers, so that it can be asked for none, now
// or later.
absl::Status KeepsNoMarkers();
bool IsKeepsNoMarkers(const absl::Status& status);

absl::Status Reused();
absl::Status InProgress();

// The error of a request that failed with `failure` and is now known not to have been taken.
absl::Status NothingSubmitted(const absl::Status& failure, absl::Duration retry_after);

// After `cause`. `ask_again`: when asking anew may help; none: the submission bears no marker.
absl::Status OutcomeUnknown(const std::string& request_id, const absl::Status& cause,
                            std::optional<absl::Duration> ask_again);

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_SUBMISSION_ERRORS_H_
