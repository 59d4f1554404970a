// What is used of the gateway's own limits, in Prometheus' terms.

#ifndef RELAIS_SERVER_LIMIT_COLLECTOR_H_
#define RELAIS_SERVER_LIMIT_COLLECTOR_H_

#include <vector>

#include "prometheus/metric_family.h"
#include "server/core/base/ceiling.h"
#include "server/core/net/acceptor.h"

namespace relais {

std::vector<prometheus::MetricFamily> CollectLimits(const Ceilings& ceilings,
                                                    const Acceptor& acceptor);

}  // namespace relais

#endif  // RELAIS_SERVER_LIMIT_COLLECTOR_H_
