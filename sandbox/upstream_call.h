// One request, matched to the upstream and the operation it asks for.

#ifndef RELAIS_SANDBOX_UPSTREAM_CALL_H_
#define RELAIS_SANDBOX_UPSTREAM_CALL_H_

#include <functional>

#include "sandbox/faults/faults.h"
#include "sandbox/http/message.h"
#include "sandbox/operations.h"

namespace relais::sandbox {

struct UpstreamCall {
  Operation operation = Operation::kAny;  // kAny: nothing that is served; no fault hits it
  // Carries the request out, which must outlive the call. Heeds only what a fault says of the
  // answer's contents.
  std::function<HttpReply(const Fault&)> serve;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_UPSTREAM_CALL_H_
