// One configured Orchestrator with everything that serves it.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_CONNECTION_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config/config.pb.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/core/watch/hub_pool.h"
#include "server/gateway/connection.h"
#include "server/gateway/settings.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/config.pb.h"
#include "server/services/robot/names.h"

namespace relais::robot {

struct LogSettings {
  absl::Duration poll_interval;
  absl::Duration allowed_lateness;
  absl::Duration grace;
  std::int64_t window = 10'000;
  std::int64_t page_size = 250;
  absl::Duration heartbeat;  // of tails
};

struct Connection final : gateway::Connection {
  Executor& workers() const override { return *executor; }
  const Breaker& breaker() const override { return backend->upstream().breaker(); }
  watch::HubCounts polling() const override { return folder_hubs->counts() + job_hubs->counts(); }
  std::vector<watch::HubView> watched() const override {
    return gateway::Joined(folder_hubs->Views(), job_hubs->Views());
  }

  bool marks_jobs = true;
  LogSettings logs;
  Scheduler* scheduler = nullptr;

  std::unique_ptr<HttpTransport> transport;
  // To the provider of tokens, whose key is not the upstream's.
  std::unique_ptr<HttpTransport> login_transport;
  std::unique_ptr<Backend> backend;
  // After what its workers use, before the hubs, which need it to the end.
  std::unique_ptr<Executor> executor;
  std::unique_ptr<watch::HubPool> folder_hubs;  // by FolderKey
  std::unique_ptr<watch::HubPool> job_hubs;     // by JobKey
};

// The keys of hubs: folders and jobs as they are named, so that one that is named in two ways has
// two.
std::string FolderKey(const FolderRef& folder);
std::string JobKey(const JobName& job);

// Makes the connection of `orchestrator`, whose values are complete and checked, as `watches` are.
// `scheduler` outlives the connection. INVALID_ARGUMENT, in a line that names the key, when it
// cannot be used.
absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(
    const std::string& name, const relais::config::v1::Orchestrator& orchestrator,
    const relais::config::v1::Watches& watches, const gateway::SecretAt& secret,
    Scheduler& scheduler);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_CONNECTION_H_
