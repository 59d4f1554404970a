// The connections of one service: found by the first id of a name, and listed.

#ifndef RELAIS_SERVER_GATEWAY_DIRECTORY_H_
#define RELAIS_SERVER_GATEWAY_DIRECTORY_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/base/error.h"
#include "server/gateway/connection.h"

namespace relais::gateway {

// How errors speak of the connections of a service.
struct ConnectionKind {
  std::string noun;         // "queue"
  std::string list_method;  // "ListQueues"
};

// NOT_FOUND / CONNECTION_NOT_FOUND.
absl::Status NoSuchConnection(const ConnectionKind& kind, std::string_view name);

template <typename Connection>
class Directory {
 public:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  // `connections` are in the order of their names.
  Directory(ConnectionKind kind, Connections connections)
      : kind_(std::move(kind)), connections_(std::move(connections)) {}

  absl::StatusOr<Connection*> Find(std::string_view name) const {
    for (const auto& connection : connections_) {
      if (connection->name == name) return connection.get();
    }
    return NoSuchConnection(kind_, name);
  }

  const Connections& all() const { return connections_; }

 private:
  ConnectionKind kind_;
  Connections connections_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_DIRECTORY_H_
