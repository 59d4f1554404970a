// The operations of Orchestrator.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPERATIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPERATIONS_H_

#include "sandbox/http/operation.h"

namespace relais::sandbox::robot {

struct RobotOperation {
  static constexpr Operation kToken{"robot/token"};
  static constexpr Operation kStatus{"robot/status"};
  static constexpr Operation kSessions{"robot/sessions"};
  static constexpr Operation kSessionChange{"robot/sessions/change"};
  static constexpr Operation kList{"robot/list"};
  static constexpr Operation kGet{"robot/get"};
  static constexpr Operation kChange{"robot/change"};
  static constexpr Operation kLogs{"robot/logs"};
  static constexpr Operation kLogCount{"robot/logs/count"};
  static constexpr Operation kJobList{"robot/jobs/list"};
  static constexpr Operation kJobGet{"robot/jobs/get"};
  static constexpr Operation kJobStart{"robot/jobs/start"};
  static constexpr Operation kJobChange{"robot/jobs/change"};
  static constexpr Operation kProcesses{"robot/processes"};
  static constexpr Operation kPackage{"robot/packages"};
  static constexpr Operation kUserGet{"robot/users/get"};
  static constexpr Operation kUserChange{"robot/users/change"};
  static constexpr Operation kFolders{"robot/folders"};
  static constexpr Operation kMachines{"robot/machines"};
  static constexpr Operation kMachineChange{"robot/machines/change"};
  static constexpr Operation kSettings{"robot/settings"};
  static constexpr Operation kExport{"robot/exports"};
  static constexpr Operation kStats{"robot/stats"};
  static constexpr Operation kSide{"robot/side"};

  static constexpr Operation kAll[] = {
      kToken,      kStatus,  kSessions, kSessionChange, kList,      kGet,       kChange,  kLogs,
      kLogCount,   kJobList, kJobGet,   kJobStart,      kJobChange, kProcesses, kPackage, kUserGet,
      kUserChange, kFolders, kMachines, kMachineChange, kSettings,  kExport,    kStats,   kSide};
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPERATIONS_H_
