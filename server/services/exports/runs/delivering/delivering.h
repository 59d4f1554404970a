// The files of a run on their way to its destinations. What is to go where is written down before
// anything is sent, so that no delivery is forgotten and the source is not read again.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_DELIVERING_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_DELIVERING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/services/exports/runs/live_run.h"
#include "server/services/exports/runs/plan.h"

namespace relais::exports {

// How the deliveries of a run stand.
struct DeliveryOutcome {
  bool all_there = true;
  // When the next attempt is due; InfiniteFuture: none is, and what is not there will not be.
  absl::Time again = absl::InfiniteFuture();
};

// Tries every delivery that is due and not there. An error: the run is another's, or told to end.
// `directory` is that of all exports. Blocks.
absl::StatusOr<DeliveryOutcome> DeliverOnce(const CallContext& context, LiveRun& live,
                                            const Destinations& destinations,
                                            const std::string& directory, Scheduler& scheduler);

// Removes what broken attempts have left at the destinations.
void CleanUpDeliveries(const CallContext& context, const stored::StoredRun& stored,
                       const Destinations& destinations, const std::string& directory);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_DELIVERING_H_
