#include "sandbox/operations.h"

#include <array>

namespace relais::sandbox {
namespace {

// In the order of the enumeration.
constexpr std::array<const char*, kOperationCount> kNames = {"any",
                                                             "auth",
                                                             "execute",
                                                             "jobs/list",
                                                             "jobs/create",
                                                             "jobs/get",
                                                             "jobs/update",
                                                             "jobs/delete",
                                                             "jobs/batchdelete",
                                                             "jobs/move",
                                                             "jobs/resubmit",
                                                             "jobs/definition",
                                                             "files/upload",
                                                             "outputs/list",
                                                             "outputs/get",
                                                             "user",
                                                             "configuration",
                                                             "version",
                                                             "health",
                                                             "swagger",
                                                             "metrics",
                                                             "records",
                                                             "token",
                                                             "robot/token",
                                                             "robot/status",
                                                             "robot/sessions",
                                                             "robot/list",
                                                             "robot/get",
                                                             "robot/change",
                                                             "robot/logs",
                                                             "robot/logs/count",
                                                             "robot/jobs/list",
                                                             "robot/jobs/get",
                                                             "robot/jobs/start",
                                                             "robot/jobs/change",
                                                             "robot/processes",
                                                             "robot/users/get",
                                                             "robot/users/change",
                                                             "robot/folders",
                                                             "robot/machines",
                                                             "robot/stats",
                                                             "robot/side",
                                                             "campaign/logon",
                                                             "campaign/read",
                                                             "campaign/change",
                                                             "campaign/action",
                                                             "campaign/status",
                                                             "campaign/log",
                                                             "campaign/file",
                                                             "campaign/polling"};

}  // namespace

const char* NameOf(Operation operation) { return kNames[static_cast<size_t>(operation)]; }

std::optional<Operation> OperationNamed(std::string_view name) {
  if (name == "recordsql/auth") return Operation::kAuth;
  if (name == "recordsql/execute") return Operation::kExecute;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Operation>(i);
  }
  return std::nullopt;
}

}  // namespace relais::sandbox
