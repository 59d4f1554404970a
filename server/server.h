// The gateway as a whole: wiring, start and orderly end.

#ifndef RELAIS_SERVER_SERVER_H_
#define RELAIS_SERVER_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "prometheus/registry.h"
#include "server/admin.h"
#include "server/config/config.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/scheduler.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submissions.h"
#include "server/gateway/module.h"
#include "server/rpc/certificates.h"
#include "server/rpc/health.h"
#include "server/rpc/host.h"
#include "server/rpc/metrics.h"
#include "server/rpc/reflection.h"
#include "server/status/pages.h"
#include "server/tracing/exporter.h"

namespace relais {

// The content of a file; INVALID_ARGUMENT when it cannot be read.
absl::StatusOr<std::string> ReadSourceFile(const std::string& path);

class Server {
 public:
  // Serves when it returns. `read` gives the files that the configuration names.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const config::LoadedConfig& config, const gateway::SourceReader& read = ReadSourceFile);
  // What Start, or the running gateway, would find wrong with the configuration and the files that
  // it names: INVALID_ARGUMENT with every problem, a line each. Nobody is called, no address and no
  // state file is opened.
  static absl::Status Check(const config::LoadedConfig& config,
                            const gateway::SourceReader& read = ReadSourceFile);
  ~Server();  // as Stop at once
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As bound: a port of 0 is replaced by the one that was had.
  const std::string& grpc_address() const { return grpc_address_; }
  const std::string& admin_address() const { return admin_address_; }
  std::shared_ptr<grpc::Channel> InProcessChannel() { return host_.InProcessChannel(); }

  // First phase of the end: health and /readyz say no, calls are still served.
  void Drain();
  // Second phase: streams end with GATEWAY_DRAINING, unary calls may take until `deadline`. Once.
  void Stop(absl::Duration deadline);

 private:
  // A service and its word.
  struct Running {
    std::string word;
    std::unique_ptr<gateway::Service> service;
  };

  Server(const config::v1::Config& config, std::unique_ptr<tracing::Exporter> tracing);
  absl::Status OpenState(const config::v1::Config& config, const std::string& file);
  absl::Status MakeServices(const config::LoadedConfig& config, const gateway::SourceReader& read,
                            bool rehearsal);
  absl::Status Listen(const config::v1::Config& config);
  absl::Status StartAdmin(const config::v1::Admin& settings);
  std::vector<gateway::UpstreamView> Upstreams() const;
  status::Sources StatusSources();
  // Why calls are not welcome, in a few words; empty: they are.
  std::string Problem() const;
  // Tells everyone who asks whether the gateway serves.
  void SetServing(bool serving);
  // How many descriptors may be in use when a caller's connection comes.
  int MostDescriptors() const;

  // In the order of dependence: what is below uses what is above.
  ThreadScheduler scheduler_;
  const std::unique_ptr<tracing::Exporter> tracing_;  // null: nothing is traced
  Ceilings ceilings_;
  std::unique_ptr<state::SqliteStore> store_;
  std::unique_ptr<state::Submissions> submissions_;
  prometheus::Registry registry_;
  rpc::ServerMetrics metrics_;
  std::shared_ptr<rpc::Certificates> certificates_;  // null: plain text
  std::vector<Running> services_;
  std::vector<std::string> served_;  // full names of the services that have connections
  rpc::Health health_;
  rpc::Reflection reflection_;
  rpc::Host host_;
  std::unique_ptr<status::Pages> status_;  // null: the configuration has it not
  std::unique_ptr<Admin> admin_;
  std::string grpc_address_;
  std::string admin_address_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_SERVER_H_
