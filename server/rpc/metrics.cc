#include "server/rpc/metrics.h"

#include <cstddef>
#include <map>

#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace relais::rpc {
namespace {

constexpr std::array kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

prometheus::Family<prometheus::Counter>& Counter(prometheus::Registry& registry,
                                                 const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

ServerMetrics::ServerMetrics(prometheus::Registry& registry)
    : started_(Counter(registry, "grpc_server_started_total", "Calls that began.")),
      handled_(Counter(registry, "grpc_server_handled_total", "Calls that ended, by status code.")),
      received_(
          Counter(registry, "grpc_server_msg_received_total", "Messages received from callers.")),
      sent_(Counter(registry, "grpc_server_msg_sent_total", "Messages sent to callers.")),
      seconds_(prometheus::BuildHistogram()
                   .Name("grpc_server_handling_seconds")
                   .Help("Time from the beginning of a call to its end.")
                   .Register(registry)),
      open_(prometheus::BuildGauge()
                .Name("relais_grpc_open_calls")
                .Help("Calls now open, streams included.")
                .Register(registry)) {}

MethodMetrics ServerMetrics::ForMethod(const std::string& type, const std::string& service,
                                       const std::string& method) {
  const std::map<std::string, std::string> labels = {
      {"grpc_type", type}, {"grpc_service", service}, {"grpc_method", method}};
  MethodMetrics metrics;
  metrics.started = &started_.Add(labels);
  metrics.received = &received_.Add(labels);
  metrics.sent = &sent_.Add(labels);
  metrics.seconds = &seconds_.Add(labels, kSeconds);
  metrics.open = &open_.Add(labels);
  for (std::size_t code = 0; code < metrics.handled.size(); ++code) {
    auto with_code = labels;
    with_code["grpc_code"] = kCodeNames[code];
    metrics.handled[code] = &handled_.Add(with_code);
  }
  methods_.push_back({service, method, metrics.open, metrics.started});
  return metrics;
}

std::vector<ServerMetrics::MethodCalls> ServerMetrics::Calls() const {
  std::vector<MethodCalls> calls;
  for (const Known& known : methods_) {
    const auto started = static_cast<std::int64_t>(known.started->Value());
    if (started == 0) continue;
    calls.push_back(
        {known.service, known.method, static_cast<std::int64_t>(known.open->Value()), started});
  }
  return calls;
}

}  // namespace relais::rpc
