// What tests and a gateway that embeds the sandbox may use of its job queue.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_UPSTREAM_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_UPSTREAM_H_

#include <string>

#include "sandbox/sandbox.h"
#include "sandbox/upstream.h"

namespace relais::sandbox::jobqueue {

class JobQueue;

const UpstreamKind& Kind();

// "http://127.0.0.1:PORT/mi_servicelayer"
std::string UrlOf(const Sandbox& sandbox);
// Thread-safe; lives as long as the sandbox.
JobQueue& QueueOf(Sandbox& sandbox);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_UPSTREAM_H_
