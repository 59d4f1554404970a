// Exports and their runs as operators are shown them.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_SHOWN_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_SHOWN_H_

#include <cstddef>

#include "server/gateway/scheduled.h"
#include "server/services/exports/runs/connection.h"

namespace relais::exports {

// `most` exports and `most` runs, by their names and when they are due. Reads the state file;
// nothing, when that cannot be read. `connection` is connected.
gateway::Scheduled ShowExports(Connection& connection, std::size_t most);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_SHOWN_H_
