// The operations of the job queue.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPERATIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPERATIONS_H_

#include "sandbox/http/operation.h"

namespace relais::sandbox::jobqueue {

struct QueueOperation {
  static constexpr Operation kJobsList{"jobs/list"};
  static constexpr Operation kJobsCreate{"jobs/create"};
  static constexpr Operation kJobsGet{"jobs/get"};
  static constexpr Operation kJobsUpdate{"jobs/update"};
  static constexpr Operation kJobsDelete{"jobs/delete"};
  static constexpr Operation kJobsBatchDelete{"jobs/batchdelete"};
  static constexpr Operation kJobsMove{"jobs/move"};
  static constexpr Operation kJobsResubmit{"jobs/resubmit"};
  static constexpr Operation kJobsDefinition{"jobs/definition"};
  static constexpr Operation kFilesUpload{"files/upload"};
  static constexpr Operation kOutputsList{"outputs/list"};
  static constexpr Operation kOutputsGet{"outputs/get"};
  static constexpr Operation kUser{"user"};
  static constexpr Operation kConfiguration{"configuration"};
  static constexpr Operation kVersion{"version"};
  static constexpr Operation kHealth{"health"};
  static constexpr Operation kSwagger{"swagger"};
  static constexpr Operation kMetrics{"metrics"};
  static constexpr Operation kRecords{"records"};
  static constexpr Operation kToken{"token"};

  static constexpr Operation kAll[] = {
      kJobsList,        kJobsCreate, kJobsGet,      kJobsUpdate,     kJobsDelete,
      kJobsBatchDelete, kJobsMove,   kJobsResubmit, kJobsDefinition, kFilesUpload,
      kOutputsList,     kOutputsGet, kUser,         kConfiguration,  kVersion,
      kHealth,          kSwagger,    kMetrics,      kRecords,        kToken};
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPERATIONS_H_
