#include "server/limit_collector.h"

#include <array>
#include <utility>

namespace relais {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void AddTo(MetricFamily& family, const Ceiling& ceiling, double value) {
  ClientMetric metric;
  metric.label = {{"limit", ceiling.name()}};
  (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

MetricFamily Total(const char* name, const char* help, double value) {
  ClientMetric metric;
  metric.counter.value = value;
  return {name, help, MetricType::Counter, {metric}};
}

}  // namespace

std::vector<MetricFamily> CollectLimits(const Ceilings& ceilings, const Acceptor& acceptor) {
  MetricFamily most{"relais_limit", "What server.limits allows.", MetricType::Gauge, {}};
  MetricFamily used{"relais_limit_used", "What is used of it now.", MetricType::Gauge, {}};
  MetricFamily refused{
      "relais_limit_refused_total", "Refusals because it was used up.", MetricType::Counter, {}};
  for (const Ceiling* ceiling : std::array{&ceilings.streams, &ceilings.watches, &ceilings.uploads,
                                           &ceilings.health_watches, &ceilings.spool_bytes}) {
    AddTo(most, *ceiling, static_cast<double>(ceiling->most()));
    AddTo(used, *ceiling, static_cast<double>(ceiling->used()));
    AddTo(refused, *ceiling, static_cast<double>(ceiling->refused()));
  }
  return {std::move(most), std::move(used), std::move(refused),
          Total("relais_connections_accepted_total", "Connections of callers that were accepted.",
                static_cast<double>(acceptor.taken())),
          Total("relais_connections_refused_total",
                "Connections refused because too few file descriptors were left.",
                static_cast<double>(acceptor.refused()))};
}

}  // namespace relais
