// One configured queue with everything that serves it.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_CONNECTION_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/config.pb.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/core/watch/poll_hub.h"
#include "server/gateway/connection.h"
#include "server/gateway/settings.h"
#include "server/services/jobqueue/backend/backend.h"
#include "server/services/jobqueue/config.pb.h"

namespace relais::jobqueue {

struct Connection final : gateway::Connection {
  Executor& workers() const override { return *executor; }
  const Breaker& breaker() const override { return backend->upstream().breaker(); }
  watch::HubCounts polling() const override { return hub->counts(); }
  std::vector<watch::HubView> watched() const override { return {hub->View()}; }

  bool marks_jobs = true;
  std::int64_t max_upload_bytes = 0;
  std::string spool_directory;
  Ceiling* spool_bytes = nullptr;  // of all files on their way; null: none

  std::unique_ptr<HttpTransport> transport;
  // To the provider of tokens, whose key is not the upstream's.
  std::unique_ptr<HttpTransport> login_transport;
  std::unique_ptr<Backend> backend;
  // After what its workers use, before the hub, which needs it to the end.
  std::unique_ptr<Executor> executor;
  std::unique_ptr<watch::PollHub> hub;
};

// Makes the connection of `queue`, whose values are complete and checked, as `watches` are.
// `spool_bytes`, which may be null, and `scheduler` outlive the connection. INVALID_ARGUMENT, in a
// line that names the key, when it cannot be used on this machine.
absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(
    const std::string& name, const relais::config::v1::Queue& queue,
    const relais::config::v1::Watches& watches, const gateway::SecretAt& secret,
    const std::string& spool_directory, Ceiling* spool_bytes, Scheduler& scheduler);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_CONNECTION_H_
