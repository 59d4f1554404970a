// Everything that serves exports: one for the whole gateway.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_CONNECTION_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_CONNECTION_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/hub_pool.h"
#include "server/gateway/connection.h"
#include "server/gateway/module.h"
#include "server/gateway/offers/local_calls.h"
#include "server/services/exports/config.pb.h"
#include "server/services/exports/runs/engine.h"
#include "server/services/exports/runs/plan.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

struct Connection final : gateway::Connection {
  Connection(const config::v1::Exports& settings, gateway::Shared shared)
      : settings(settings), shared(std::move(shared)), book(this->shared.documents) {}

  Executor& workers() const override { return *executor; }
  const Breaker& breaker() const override { return closed; }
  watch::HubCounts polling() const override { return hubs->counts(); }
  std::vector<watch::HubView> watched() const override { return hubs->Views(); }
  bool has_upstream() const override { return false; }

  // Whether there can be exports.
  bool configured() const { return !settings.directory().empty(); }

  const config::v1::Exports settings;
  const gateway::Shared shared;
  const Breaker closed{BreakerPolicy()};  // there is no upstream
  RunBook book;
  Destinations destinations;
  // What follows is made when the methods of all services are known.
  std::unique_ptr<gateway::LocalCalls> calls;
  std::unique_ptr<Sources> sources;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Executor> executor = std::make_unique<Executor>(4, 256);
  std::unique_ptr<watch::HubPool> hubs;  // by the names of runs
};

// The connection for the section, which is complete and checked. INVALID_ARGUMENT with every
// problem, a line each.
absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const config::LoadedConfig& loaded,
                                                           const gateway::Shared& shared);

// Makes what needs the methods of all services.
void Connect(Connection& connection, const rpc::Host& host, const config::v1::Watches& watches);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_CONNECTION_H_
