// Takes spans from a tracer and sends them, in batches, on a thread of its own.

#ifndef RELAIS_SERVER_TRACING_EXPORTER_H_
#define RELAIS_SERVER_TRACING_EXPORTER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "prometheus/metric_family.h"
#include "server/core/net/http_transport.h"
#include "server/core/trace/tracer.h"
#include "server/tracing/settings.h"

namespace relais::tracing {

class Exporter {
 public:
  // By what the environment says; null: nothing is traced. What is wrong there is logged.
  static std::unique_ptr<Exporter> FromEnvironment(std::string version);

  Exporter(Settings settings, std::string version);
  ~Exporter();  // sends what is left, for as long as one batch may take
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  Tracer& tracer() { return tracer_; }
  std::vector<prometheus::MetricFamily> Collect() const;

 private:
  void Run();
  // Whether the collector has taken them.
  bool Send(const std::vector<Span>& spans);
  void Tell(const std::string& failure);

  const Settings settings_;
  const std::string version_;
  Tracer tracer_;
  std::unique_ptr<HttpTransport> transport_;
  std::atomic<std::int64_t> exported_{0};
  std::atomic<std::int64_t> lost_{0};
  bool failing_ = false;  // of the thread
  std::stop_source stop_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace relais::tracing

#endif  // RELAIS_SERVER_TRACING_EXPORTER_H_
