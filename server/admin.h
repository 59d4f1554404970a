// The HTTP face for operators: /livez, /readyz, /metrics, /channelz.

#ifndef RELAIS_SERVER_ADMIN_H_
#define RELAIS_SERVER_ADMIN_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/upstream_collector.h"

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace relais {

class Admin {
 public:
  // Listens on `address` (host:port) at once. `ready` tells whether calls are welcome; `registry`
  // and what `upstreams` point to outlive the admin.
  static absl::StatusOr<std::unique_ptr<Admin>> Start(const std::string& address,
                                                      std::function<bool()> ready,
                                                      prometheus::Registry& registry,
                                                      std::vector<UpstreamView> upstreams);
  virtual ~Admin() = default;  // stops listening, waits for requests
  virtual int port() const = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_ADMIN_H_
