// Everything the gateway has for one configured ERP.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CONNECTION_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/core/base/executor.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/gateway/connection.h"
#include "server/services/recordsql/backend/backend.h"
#include "server/services/recordsql/config.pb.h"
#include "server/services/recordsql/query/catalogue.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

struct Connection final : gateway::Connection {
  Executor& workers() const override { return *executor; }
  const Breaker& breaker() const override { return backend->upstream().breaker(); }

  std::int32_t max_page_size = 1000;
  bool verify_last_page = true;
  bool may_debug = false;
  QueryPermissions permissions;
  Catalogue catalogue;

  std::unique_ptr<HttpTransport> transport;
  std::unique_ptr<Backend> backend;
  // Last, so that its workers end before what they use.
  std::unique_ptr<Executor> executor;
};

// Makes the connection of `erp`, whose values are complete and checked; `catalogue` is what its
// files declare. `scheduler` outlives the connection. INVALID_ARGUMENT when `probe` is not of its
// form.
absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const std::string& name,
                                                           const relais::config::v1::Erp& erp,
                                                           Secret password, Catalogue catalogue,
                                                           Scheduler& scheduler);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CONNECTION_H_
