// The metrics of upstreams in Prometheus' terms.

#ifndef RELAIS_SERVER_UPSTREAM_COLLECTOR_H_
#define RELAIS_SERVER_UPSTREAM_COLLECTOR_H_

#include <vector>

#include "prometheus/metric_family.h"
#include "server/gateway/upstream_view.h"

namespace relais {

std::vector<prometheus::MetricFamily> CollectUpstreams(
    const std::vector<gateway::UpstreamView>& upstreams);

}  // namespace relais

#endif  // RELAIS_SERVER_UPSTREAM_COLLECTOR_H_
