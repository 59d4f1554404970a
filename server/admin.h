// The HTTP face for operators: /livez, /readyz, /metrics, /channelz.

#ifndef RELAIS_SERVER_ADMIN_H_
#define RELAIS_SERVER_ADMIN_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/metric_family.h"

namespace relais {

class Admin {
 public:
  using Collect = std::function<std::vector<prometheus::MetricFamily>()>;

  // Listens on `address` (host:port) at once. `unready` tells why calls are not welcome, in a few
  // words; empty: they are. `collect` gives what is measured.
  static absl::StatusOr<std::unique_ptr<Admin>> Start(const std::string& address,
                                                      std::function<std::string()> unready,
                                                      Collect collect);
  virtual ~Admin() = default;  // stops listening, waits for requests
  virtual int port() const = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_ADMIN_H_
