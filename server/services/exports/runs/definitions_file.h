// The operator's file of definitions: taken over whole or not at all, at the start and whenever it
// changes.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_FILE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_FILE_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/services/exports/runs/connection.h"

namespace relais::exports {

// The definitions of a text in YAML, by their ids: `exports: {id: {…}}`. INVALID_ARGUMENT with what
// is wrong and where, a line each.
absl::StatusOr<std::map<std::string, v1::Export>> ParseDefinitions(const std::string& name,
                                                                   std::string_view text);

// Makes the exports of the file those of this gateway: new ones are made, others changed, and those
// that are gone from it deleted. When one of them is not valid, nothing is changed.
absl::Status ApplyDefinitions(Connection& connection,
                              const std::map<std::string, v1::Export>& definitions);

// Looks whether the file has changed since the last look, and applies it when it has. Not
// thread-safe.
class DefinitionsFile {
 public:
  explicit DefinitionsFile(Connection& connection) : connection_(connection) {}  // outlives it

  // OK when it has not changed or was applied.
  absl::Status Look();

 private:
  absl::Status LeaveToCallers();

  Connection& connection_;
  std::string seen_;  // SHA-256 of the text last looked at
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_FILE_H_
