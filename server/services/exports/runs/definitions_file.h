// The operator's file of definitions: taken over whole or not at all, at the start and whenever it
// changes.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_FILE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "server/services/exports/runs/connection.h"
#include "server/services/exports/runs/definitions_text.h"

namespace relais::exports {

// Makes the exports of the text those of this gateway: new ones are made, others changed, and those
// that are gone from it deleted. When one of them is not valid, nothing is changed, and it is
// INVALID_ARGUMENT with every mistake and its place, a line each.
absl::Status ApplyDefinitions(Connection& connection, const DefinitionsText& text);

// All that would keep the file from being taken over, as above, but for what callers have made;
// nothing is changed.
absl::Status CheckDefinitionsFile(Connection& connection);

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
