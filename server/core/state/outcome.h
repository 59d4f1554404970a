// What a failed attempt to change something upstream says about whether it was changed.

#ifndef RELAIS_SERVER_CORE_STATE_OUTCOME_H_
#define RELAIS_SERVER_CORE_STATE_OUTCOME_H_

#include "absl/status/status.h"

namespace relais::state {

// Returns whether the upstream may have carried out the request that ended with `failure` (not OK).
// False only when it is certain that it has not: nothing was sent; or the request was refused, with
// a status 4xx or 501 or, by an upstream whose refusals have a status 2xx or none, with a reason
// that cannot come up on the way. A back end that knows better says so in the error's metadata:
// `outcome` is "none" when nothing was done, "unknown" when it may have been; `requestSent` that
// trouble came after sending.
bool MayHaveHappened(const absl::Status& failure);

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_OUTCOME_H_
