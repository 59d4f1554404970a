// The two clocks. Nothing else in the gateway looks at one (tools/check_layers holds that).

#ifndef RELAIS_SERVER_CORE_BASE_CLOCK_H_
#define RELAIS_SERVER_CORE_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace relais {

// For waits, deadlines, back-off and ages: began with the wall clock when the process did, and runs
// evenly since, however the wall clock is set.
absl::Time SteadyNow();

// What people call the time: for what is shown, stored, or compared with the times of others.
absl::Time WallNow();

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_CLOCK_H_
