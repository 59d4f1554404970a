// What a failed attempt to change something upstream says about whether it was changed.

#ifndef RELAIS_SERVER_CORE_STATE_OUTCOME_H_
#define RELAIS_SERVER_CORE_STATE_OUTCOME_H_

#include "absl/status/status.h"

namespace relais::state {

// Whether the upstream may have carried out the request that ended with `failure` (not OK). True
// unless it is certain that it has not: nothing was sent, or it was refused, with a status 4xx or
// 501 or, by an upstream whose refusals have a status 2xx, with a reason that is no trouble on the
// way. A back end that knows better says so in the error's metadata: `outcome` is "none" when
// nothing was done, "unknown" when it may have been; `requestSent` that trouble came after sending.
bool MayHaveHappened(const absl::Status& failure);

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_OUTCOME_H_
