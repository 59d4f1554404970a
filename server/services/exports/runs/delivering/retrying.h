// Whether and when to try again what has failed.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RETRYING_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RETRYING_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace relais::exports {

// Whether waiting may help.
bool MayPass(const absl::Status& failure);

// How long before the attempt after `attempts` of them: doubles from `first` up to `longest`.
absl::Duration WaitAfter(int attempts, absl::Duration first, absl::Duration longest);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_RETRYING_H_
