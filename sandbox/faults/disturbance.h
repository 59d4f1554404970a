// What a fault does to a reply, whatever the upstream.

#ifndef RELAIS_SANDBOX_FAULTS_DISTURBANCE_H_
#define RELAIS_SANDBOX_FAULTS_DISTURBANCE_H_

#include "sandbox/faults/faults.h"
#include "sandbox/http/message.h"

namespace relais::sandbox {

// False when a front end answers, or nobody does: the request is not carried out.
bool ReachesUpstream(const Fault& fault);

// Bends the reply as the fault says.
void Disturb(const Fault& fault, HttpReply& reply);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_FAULTS_DISTURBANCE_H_
