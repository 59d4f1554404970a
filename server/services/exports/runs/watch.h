// What watchers of runs are sent.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WATCH_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WATCH_H_

#include <string>

#include "server/core/watch/item.h"

namespace relais::exports {

// WatchExportRunResponse in wire format.
watch::Rendering RunWatchRendering();

// To what resume tokens are bound.
inline constexpr char kWatchRunArguments[] = "WatchExportRun";

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WATCH_H_
