// What stands beside a delivered file and tells what it is.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_MANIFEST_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_MANIFEST_H_

#include <string>

#include "relais/exports/v1/exports.pb.h"
#include "server/services/exports/runs/stored.pb.h"

namespace relais::exports {

// The text of a manifest: JSON, the same whenever it is written.
std::string ManifestOf(const stored::StoredRun& stored, const v1::ExportFile& file);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DELIVERING_MANIFEST_H_
