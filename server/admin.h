// The HTTP face for operators: /livez, /readyz, /metrics, /channelz, and what else it is given.

#ifndef RELAIS_SERVER_ADMIN_H_
#define RELAIS_SERVER_ADMIN_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/metric_family.h"
#include "server/status/page.h"

namespace relais {

class Admin {
 public:
  using Collect = std::function<std::vector<prometheus::MetricFamily>()>;
  using Further = std::function<std::optional<status::Page>(std::string_view path)>;

  // Listens on `address` (host:port) at once. `unready` tells why calls are not welcome, in a few
  // words; empty: they are. `collect` gives what is measured, `further` the pages
  // that are not of this file.
  static absl::StatusOr<std::unique_ptr<Admin>> Start(const std::string& address,
                                                      std::function<std::string()> unready,
                                                      Collect collect, Further further);
  virtual ~Admin() = default;  // stops listening, waits for requests
  virtual int port() const = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_ADMIN_H_
