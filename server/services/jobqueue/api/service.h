// How relais.jobqueue.v1.JobQueueService is served: the methods of each noun, and what they share.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_

#include "server/gateway/method.h"
#include "server/gateway/mutation.h"
#include "server/services/jobqueue/backend/connection.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {

template <typename Name>
using Target = gateway::Target<Connection, Name>;
using Methods = gateway::Methods<Connection>;

// Each adds the methods of one file.
void AddQueueMethods(Methods& methods);
void AddJobMethods(Methods& methods);
void AddChangeMethods(Methods& methods);
void AddSubmitMethods(Methods& methods);
void AddUploadMethods(Methods& methods);
void AddStreamedSubmitMethod(Methods& methods);
void AddFileMethods(Methods& methods);
void AddWatchMethods(Methods& methods);

// As gateway::Remember; watchers look anew afterwards.
template <typename Response, typename Name, typename Request, typename Run>
absl::StatusOr<Response> RememberAndLook(const Target<Name>& target, const CallContext& context,
                                         const Request& request, Run run) {
  absl::StatusOr<Response> response = gateway::Remember<Response>(target, context, request, run);
  // Whether it worked or not, something may have changed.
  target.connection->hub->Invalidate();
  return response;
}

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_SERVICE_H_
