// The sandbox's own route about rows, /sandbox/rows.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_ADMIN_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_ADMIN_H_

#include <optional>

#include "sandbox/http/message.h"
#include "sandbox/upstreams/recordsql/server.h"

namespace relais::sandbox::recordsql {

// Nothing for another path.
std::optional<HttpReply> AdministerRecordSql(const HttpRequest& request, Server& server);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_ADMIN_H_
