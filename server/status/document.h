// The document behind the status page, docs/status.md: what the gateway knows of itself and of its
// upstreams at a moment. Nobody is asked for it.

#ifndef RELAIS_SERVER_STATUS_DOCUMENT_H_
#define RELAIS_SERVER_STATUS_DOCUMENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/scheduler.h"
#include "server/gateway/module.h"
#include "server/gateway/upstream_view.h"
#include "server/rpc/calls/call.h"
#include "server/rpc/metrics.h"

namespace relais::status {

// What only the whole gateway knows.
struct Serving {
  std::string problem;  // why calls are not welcome, in a few words; empty: they are
  bool draining = false;
  // Connections of callers since the start.
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
};

struct NamedService {
  std::string word;
  const gateway::Service* service;
};

// What is referred to outlives whoever has these.
struct Sources {
  std::string version;
  std::function<Serving()> serving;
  Scheduler& scheduler;
  const Ceilings& ceilings;
  rpc::Runtime& runtime;
  const rpc::ServerMetrics& metrics;
  std::vector<gateway::UpstreamView> upstreams{};
  std::vector<NamedService> services{};
};

// As of docs/status.md, in JSON. `started`: by the scheduler's even clock. No lock is held while it
// is written. Its size is bounded for a given configuration, whatever callers and upstreams send.
std::string MakeDocument(const Sources& sources, absl::Time started);

}  // namespace relais::status

#endif  // RELAIS_SERVER_STATUS_DOCUMENT_H_
