// One configured instance of campaigns with everything that serves it.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_CONNECTION_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/campaign/v1/campaign.pb.h"
#include "server/config/config.pb.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/core/watch/hub_pool.h"
#include "server/gateway/connection.h"
#include "server/gateway/settings.h"
#include "server/services/campaign/backend/backend.h"
#include "server/services/campaign/backend/commands.h"
#include "server/services/campaign/bridge/bridge.h"
#include "server/services/campaign/config.pb.h"

namespace relais::campaign {

struct Connection final : gateway::Connection {
  Executor& workers() const override { return *executor; }
  const Breaker& breaker() const override { return backend->upstream().breaker(); }
  watch::HubCounts polling() const override { return run_hubs->counts() + polling_hubs->counts(); }
  std::vector<watch::HubView> watched() const override {
    return gateway::Joined(run_hubs->Views(), polling_hubs->Views());
  }

  v1::Instance::Transport spoken = v1::Instance::TRANSPORT_UNSPECIFIED;
  Scheduler* scheduler = nullptr;

  std::unique_ptr<Bridge> bridge;  // null: there is none
  std::unique_ptr<CommandTransport> transport;
  std::unique_ptr<Backend> backend;
  // After what its workers use, before the hubs, which need it to the end.
  std::unique_ptr<Executor> executor;
  std::unique_ptr<watch::HubPool> run_hubs;      // by RunKey
  std::unique_ptr<watch::HubPool> polling_hubs;  // by PollingKey
};

// The key of a run's hub.
std::string RunKey(std::int64_t run);

// Makes the connection of `instance`, whose values are complete and checked, as `watches` are.
// `scheduler` outlives the connection. INVALID_ARGUMENT, in a line that names the key, when it
// cannot be used. `rehearsal`: see gateway::Shared; no program is started.
absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(
    const std::string& name, const relais::config::v1::Instance& instance,
    const relais::config::v1::Watches& watches, const gateway::SecretAt& secret,
    Scheduler& scheduler, bool rehearsal);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_CONNECTION_H_
