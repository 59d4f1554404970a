// relais.jobqueue.v1.JobQueueService: checks names, picks the connection, replies.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/jobqueue/v1/jobqueue.grpc.pb.h"
#include "server/core/state/submissions.h"
#include "server/rpc/host.h"
#include "server/services/jobqueue/backend/connection.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {

class Service {
 public:
  // `submissions` outlives the service.
  Service(std::vector<std::unique_ptr<Connection>> connections, state::Submissions& submissions);

  // Adds the service to `host`. The service outlives the host.
  void AddTo(rpc::Host& host);

  const std::vector<std::unique_ptr<Connection>>& connections() const { return connections_; }
  state::Submissions& submissions() const { return submissions_; }

  // The connection called {queue}.
  absl::StatusOr<Connection*> Find(std::string_view queue) const;

 private:
  // Messages of streams are made once for all readers, or handed on as they are.
  using Base = v1::JobQueueService::AsyncService;
  using WithUpload = v1::JobQueueService::WithRawMethod_UploadInputFile<Base>;
  using WithSubmit = v1::JobQueueService::WithRawMethod_SubmitJob<WithUpload>;
  using WithDownload = v1::JobQueueService::WithRawMethod_DownloadOutputFile<WithSubmit>;
  using WithWatchJob = v1::JobQueueService::WithRawMethod_WatchJob<WithDownload>;
  using Async = v1::JobQueueService::WithRawMethod_WatchJobs<WithWatchJob>;

  // Each adds the methods of one file.
  void AddQueueMethods(rpc::Host& host);
  void AddJobMethods(rpc::Host& host);
  void AddChangeMethods(rpc::Host& host);
  void AddSubmitMethods(rpc::Host& host);
  void AddUploadMethod(rpc::Host& host);
  void AddStreamedSubmitMethod(rpc::Host& host);
  void AddFileMethods(rpc::Host& host);
  void AddWatchMethods(rpc::Host& host);

  absl::StatusOr<v1::ListQueuesResponse> ListQueues(const v1::ListQueuesRequest& request) const;

  const std::vector<std::unique_ptr<Connection>> connections_;  // by name
  state::Submissions& submissions_;
  Async async_;
};

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_
