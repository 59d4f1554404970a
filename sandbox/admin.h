// The sandbox's own routes, under /sandbox/.

#ifndef RELAIS_SANDBOX_ADMIN_H_
#define RELAIS_SANDBOX_ADMIN_H_

#include "sandbox/campaign/instance.h"
#include "sandbox/clock.h"
#include "sandbox/faults.h"
#include "sandbox/http_message.h"
#include "sandbox/jobqueue/queue.h"
#include "sandbox/jobqueue/sign_in.h"
#include "sandbox/recordsql/server.h"
#include "sandbox/robot/front.h"
#include "sandbox/traffic.h"

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
