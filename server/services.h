// The services of this gateway, made from the configuration. A service folder offers `Service` and
// `MakeService`.

#ifndef RELAIS_SERVER_SERVICES_H_
#define RELAIS_SERVER_SERVICES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/state/submissions.h"
#include "server/core/upstream/breaker.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/core/watch/poll_hub.h"
#include "server/rpc/host.h"
#include "server/services/campaign/api/service.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/recordsql/api/service.h"
#include "server/services/robot/api/service.h"

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
