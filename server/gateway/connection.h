// What the connections of every service have in common.

#ifndef RELAIS_SERVER_GATEWAY_CONNECTION_H_
#define RELAIS_SERVER_GATEWAY_CONNECTION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/core/base/error.h"
#include "server/core/base/executor.h"
#include "server/core/upstream/breaker.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/core/watch/hub_counts.h"

namespace relais::gateway {

// One configured upstream. Services derive from it and add what serves them. Constant, but for what
// is counted, once the connection is made.
struct Connection {
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // Where its blocking work runs.
  virtual Executor& workers() const = 0;
  virtual const Breaker& breaker() const = 0;
  // Of all that is watched through it.
  virtual watch::HubCounts polling() const { return {}; }
  virtual std::vector<watch::HubView> watched() const { return {}; }
  // False: it leads to no upstream, and only has workers.
  virtual bool has_upstream() const { return true; }

  std::string name;  // its key in the configuration, the first id of its resources' names
  std::string display_name;
  UpstreamMetrics metrics;
};

inline std::vector<watch::HubView> Joined(std::vector<watch::HubView> views,
                                          const std::vector<watch::HubView>& more) {
  views.insert(views.end(), more.begin(), more.end());
  return views;
}

// An error found before anything was sent still tells which connection it concerns.
inline absl::Status Tagged(absl::Status status, const Connection& connection) {
  AddMetadata(status, "connection", connection.name);
  return status;
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_CONNECTION_H_
