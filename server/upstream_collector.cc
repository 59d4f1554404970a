#include "server/upstream_collector.h"

#include <functional>
#include <limits>
#include <utility>

#include "server/core/base/clock.h"

namespace relais {
namespace {

using gateway::UpstreamView;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<ClientMetric::Label> Labels(const UpstreamView& upstream) {
  return {{"service", upstream.service}, {"connection", upstream.connection->name}};
}

MetricFamily Gauge(const char* name, const char* help, const std::vector<UpstreamView>& upstreams,
                   const std::function<double(const UpstreamView&)>& read) {
  MetricFamily family{name, help, MetricType::Gauge, {}};
  for (const UpstreamView& upstream : upstreams) {
    ClientMetric metric;
    metric.label = Labels(upstream);
    metric.gauge.value = read(upstream);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily Counter(const char* name, const char* help, const std::vector<UpstreamView>& upstreams,
                     const std::function<double(const UpstreamView&)>& read) {
  MetricFamily family{name, help, MetricType::Counter, {}};
  for (const UpstreamView& upstream : upstreams) {
    ClientMetric metric;
    metric.label = Labels(upstream);
    metric.counter.value = read(upstream);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily Attempts(const std::vector<UpstreamView>& upstreams) {
  MetricFamily family{"relais_upstream_requests_total",
                      "Requests sent to an upstream, by outcome.",
                      MetricType::Counter,
                      {}};
  for (const UpstreamView& upstream : upstreams) {
    for (std::size_t i = 0; i < UpstreamMetrics::kOutcomes; ++i) {
      ClientMetric metric;
      metric.label = Labels(upstream);
      metric.label.push_back({"outcome", UpstreamMetrics::kOutcomeNames[i]});
      metric.counter.value = static_cast<double>(
          upstream.connection->metrics.attempts[i].load(std::memory_order_relaxed));
      family.metric.push_back(std::move(metric));
    }
  }
  return family;
}

MetricFamily Latency(const std::vector<UpstreamView>& upstreams) {
  MetricFamily family{"relais_upstream_request_seconds",
                      "Time from sending a request to its whole reply.",
                      MetricType::Histogram,
                      {}};
  for (const UpstreamView& upstream : upstreams) {
    ClientMetric metric;
    metric.label = Labels(upstream);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < upstream.connection->metrics.latency_buckets.size(); ++i) {
      total += upstream.connection->metrics.latency_buckets[i].load(std::memory_order_relaxed);
      const double bound = i < UpstreamMetrics::kBounds.size()
                               ? UpstreamMetrics::kBounds[i]
                               : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({total, bound});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum =
        static_cast<double>(
            upstream.connection->metrics.latency_sum_ns.load(std::memory_order_relaxed)) /
        1e9;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

double Load(const std::atomic<std::uint64_t>& value) {
  return static_cast<double>(value.load(std::memory_order_relaxed));
}

}  // namespace

std::vector<MetricFamily> CollectUpstreams(const std::vector<UpstreamView>& upstreams) {
  return {
      Attempts(upstreams),
      Latency(upstreams),
      Counter("relais_upstream_retries_total", "Requests that repeat a failed one.", upstreams,
              [](const UpstreamView& view) { return Load(view.connection->metrics.retries); }),
      Counter(
          "relais_upstream_broken_streams_total", "Downloads that broke off.", upstreams,
          [](const UpstreamView& view) { return Load(view.connection->metrics.broken_streams); }),
      Counter("relais_upstream_logins_total", "Logins to an upstream.", upstreams,
              [](const UpstreamView& view) { return Load(view.connection->metrics.logins); }),
      Gauge("relais_upstream_in_flight", "Requests now under way.", upstreams,
            [](const UpstreamView& view) {
              return static_cast<double>(
                  view.connection->metrics.in_flight.load(std::memory_order_relaxed));
            }),
      Gauge("relais_upstream_breaker_state", "0 closed, 1 open, 2 half open.", upstreams,
            [](const UpstreamView& view) {
              return static_cast<double>(view.connection->breaker().state(SteadyNow()));
            }),
      Gauge("relais_upstream_queue_depth", "Calls that wait for a turn on the connection.",
            upstreams,
            [](const UpstreamView& view) {
              return static_cast<double>(view.connection->workers().waiting());
            }),
      Gauge("relais_watchers", "Streams that watch something of the connection.", upstreams,
            [](const UpstreamView& view) {
              return static_cast<double>(view.connection->polling().watchers);
            }),
      Counter("relais_polls_total", "Polls for watchers that were begun.", upstreams,
              [](const UpstreamView& view) {
                return static_cast<double>(view.connection->polling().begun);
              }),
      Counter("relais_polls_saved_total",
              "Polls that watchers did not need since they share one with others.", upstreams,
              [](const UpstreamView& view) {
                const watch::HubCounts counts = view.connection->polling();
                return static_cast<double>(counts.saved());
              }),
      Gauge("relais_upstream_workers_busy", "Workers of the connection that work.", upstreams,
            [](const UpstreamView& view) {
              return static_cast<double>(view.connection->workers().busy());
            }),
  };
}

}  // namespace relais
