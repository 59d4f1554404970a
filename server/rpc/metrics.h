// What is counted about the calls of the gRPC face, under the names that go-grpc-middleware has
// made common.

#ifndef RELAIS_SERVER_RPC_METRICS_H_
#define RELAIS_SERVER_RPC_METRICS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
template <typename T>
class Family;
}  // namespace prometheus

namespace relais::rpc {

// The counters of one method; all exist, at zero, from the start.
struct MethodMetrics {
  prometheus::Counter* started;
  prometheus::Counter* received;
  prometheus::Counter* sent;
  prometheus::Histogram* seconds;
  prometheus::Gauge* open;                       // calls now open
  std::array<prometheus::Counter*, 17> handled;  // by status code
};

class ServerMetrics {
 public:
  // `registry` outlives the metrics.
  explicit ServerMetrics(prometheus::Registry& registry);

  // `type` is "unary", "server_stream", "client_stream" or "bidi_stream".
  MethodMetrics ForMethod(const std::string& type, const std::string& service,
                          const std::string& method);

  // The calls of one method.
  struct MethodCalls {
    std::string service;
    std::string method;
    std::int64_t open = 0;
    std::int64_t started = 0;
  };
  // Of the methods that have been called.
  std::vector<MethodCalls> Calls() const;

 private:
  struct Known {
    std::string service;
    std::string method;
    const prometheus::Gauge* open;
    const prometheus::Counter* started;
  };

  std::vector<Known> methods_;
  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Counter>& received_;
  prometheus::Family<prometheus::Counter>& sent_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Gauge>& open_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_METRICS_H_
