// The sandbox's own routes about the job queue, under /sandbox/jobqueue/.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_ADMIN_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_ADMIN_H_

#include "sandbox/http/message.h"
#include "sandbox/upstreams/jobqueue/front.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::sandbox::jobqueue {

HttpReply AdministerJobQueue(const HttpRequest& request, JobQueue& queue, LoginHandler& logins);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_ADMIN_H_
