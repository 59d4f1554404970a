// The metrics of upstreams in Prometheus' terms.

#ifndef RELAIS_SERVER_UPSTREAM_COLLECTOR_H_
#define RELAIS_SERVER_UPSTREAM_COLLECTOR_H_

#include <string>
#include <vector>

#include "prometheus/metric_family.h"
#include "server/gateway/connection.h"

namespace relais {

// One upstream as the metrics page shows it. The connection lives as long as the services.
struct UpstreamView {
  std::string service;  // the word
  const gateway::Connection* connection;
};

std::vector<prometheus::MetricFamily> CollectUpstreams(const std::vector<UpstreamView>& upstreams);

}  // namespace relais

#endif  // RELAIS_SERVER_UPSTREAM_COLLECTOR_H_
