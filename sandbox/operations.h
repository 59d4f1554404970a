// The calls of the emulated upstreams, by name: what faults aim at and counters count.

#ifndef RELAIS_SANDBOX_OPERATIONS_H_
#define RELAIS_SANDBOX_OPERATIONS_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace relais::sandbox {

enum class Operation {
  kAny,  // of a fault: every call; of a request: a path nobody serves
  kAuth,
  kExecute,
  kJobsList,
  kJobsCreate,
  kJobsGet,
  kJobsUpdate,
  kJobsDelete,
  kJobsBatchDelete,
  kJobsMove,
  kJobsResubmit,
  kJobsDefinition,
  kFilesUpload,
  kOutputsList,
  kOutputsGet,
  kUser,
  kConfiguration,
  kVersion,
  kHealth,
  kSwagger,
  kMetrics,
  kRecords,
  kToken,
  kRobotToken,
  kRobotStatus,
  kRobotSessions,
  kRobotList,
  kRobotGet,
  kRobotChange,
  kRobotLogs,
  kRobotLogCount,
  kRobotJobList,
  kRobotJobGet,
  kRobotJobStart,
  kRobotJobChange,
  kRobotProcesses,
  kRobotUserGet,
  kRobotUserChange,
  kRobotFolders,
  kRobotMachines,
  kRobotStats,
  kRobotSide,
  kCampaignLogon,
  kCampaignRead,
  kCampaignChange,
  kCampaignAction,
  kCampaignStatus,
  kCampaignLog,
  kCampaignFile,
  kCampaignPolling,
};

inline constexpr size_t kOperationCount = static_cast<size_t>(Operation::kCampaignPolling) + 1;

// E.g. "jobs/list"; "any" for kAny.
const char* NameOf(Operation operation);
// Also takes the long names "recordsql/auth" and "recordsql/execute".
std::optional<Operation> OperationNamed(std::string_view name);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_OPERATIONS_H_
