// Exports as they are defined: made, changed and removed, by callers and by the operator's file.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_H_

#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/services/exports/runs/connection.h"

namespace relais::exports {

// NOT_FOUND / RESOURCE_NOT_FOUND when there is none.
absl::StatusOr<KeptExport> ExportOf(Connection& connection, const std::string& id);
absl::StatusOr<KeptRun> RunOf(Connection& connection, const std::string& name);

// An export as it is told.
v1::Export Told(const KeptExport& kept, absl::Time now);

// All that is wrong with a definition, at "<path>.…": INVALID_REQUEST; or what else keeps it from
// being looked at.
absl::Status Validate(Connection& connection, const v1::Export& definition,
                      const std::string& path);

// Keeps a new one, of which `id` is free (else ALREADY_EXISTS), as it is: it has been validated.
absl::StatusOr<KeptExport> Create(Connection& connection, const std::string& id,
                                  v1::Export definition, v1::Export::Origin origin);

// Changes what is kept, from the state that it has then; `change` may refuse.
absl::StatusOr<KeptExport> Change(Connection& connection, const std::string& id,
                                  absl::FunctionRef<absl::Status(KeptExport&)> change);

// Gives an export another definition, validated before.
void Redefine(KeptExport& kept, const v1::Export& definition, absl::Time now);

// Removes it with its runs and their files.
absl::Status Delete(Connection& connection, KeptExport kept);

// FAILED_PRECONDITION when it stands in the operator's file.
absl::Status CheckIsOfCallers(const KeptExport& kept);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_H_
