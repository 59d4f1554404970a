// The services of this gateway, made from the configuration. A service folder offers `Service` and
// `MakeService`.

#ifndef RELAIS_SERVER_SERVICES_H_
#define RELAIS_SERVER_SERVICES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/executor.h"
#include "server/base/scheduler.h"
#include "server/campaign/service.h"
#include "server/config/config.h"
#include "server/jobqueue/service.h"
#include "server/recordsql/service.h"
#include "server/robot/service.h"
#include "server/rpc/host.h"
#include "server/state/submissions.h"
#include "server/upstream/breaker.h"
#include "server/upstream/upstream_metrics.h"
#include "server/watch/poll_hub.h"

namespace relais {

// One upstream as the metrics page shows it. The pointers live as long as the services.
struct UpstreamView {
  std::string service;  // the word
  std::string connection;
  const UpstreamMetrics* metrics;
  const Breaker* breaker;
  const Executor* executor;
  std::function<watch::HubCounts()> polling;
};

// Gives the content of a file that the configuration names.
using SourceReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;
absl::StatusOr<std::string> ReadSourceFile(const std::string& path);

struct Services {
#define RELAIS_SERVICE(word) std::unique_ptr<word::Service> word;
#include "server/services.def"
#undef RELAIS_SERVICE

  void AddTo(rpc::Host& host);
  std::vector<UpstreamView> Upstreams() const;
};

// What all services use; outlives them.
struct Shared {
  Scheduler& scheduler;
  state::Submissions& submissions;
};

// INVALID_ARGUMENT with every problem, a line each.
absl::StatusOr<Services> MakeServices(const config::LoadedConfig& config, const SourceReader& read,
                                      const Shared& shared);

}  // namespace relais

#endif  // RELAIS_SERVER_SERVICES_H_
