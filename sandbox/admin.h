// The sandbox's own routes, under /sandbox/.

#ifndef RELAIS_SANDBOX_ADMIN_H_
#define RELAIS_SANDBOX_ADMIN_H_

#include "sandbox/clock.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/message.h"
#include "sandbox/http/traffic.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/jobqueue/queue.h"
#include "sandbox/upstreams/jobqueue/sign_in.h"
#include "sandbox/upstreams/recordsql/server.h"
#include "sandbox/upstreams/robot/front.h"

namespace relais::sandbox {

// What the routes act on; nothing is owned.
struct AdminTargets {
  FaultGate* faults;
  Traffic* traffic;
  VirtualClock* clock;
  RecordSqlServer* recordsql;
  JobQueue* jobqueue;
  SignInDesk* jobqueue_desk;
  orchestrator::RobotFront* robot;
  campaign::Instance* campaigns;
};

// Answers one request whose path begins with /sandbox/.
HttpReply Administer(const HttpRequest& request, const AdminTargets& targets);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_ADMIN_H_
