// The URLs of the RecordSql service.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FRONT_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FRONT_H_

#include <optional>

#include "sandbox/http/message.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/recordsql/server.h"

namespace relais::sandbox::recordsql {

// Nothing when the path is not the service's. `request` and `server` must outlive the call.
std::optional<UpstreamCall> RouteRecordSql(const HttpRequest& request, Server& server);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FRONT_H_
