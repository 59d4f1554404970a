// What the statuses of HTTP mean.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_HTTP_STATUS_H_
#define RELAIS_SERVER_CORE_UPSTREAM_HTTP_STATUS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/net/http_transport.h"

namespace relais {

// The error of a reply by its status alone, per the table in docs/errors.md, with metadata
// httpStatus; OK for 2xx. `creating` tells the two meanings of 409 apart. Obeys Retry-After
// (seconds or an HTTP date, seen from `now`).
absl::Status StatusOfReply(const HttpReply& reply, absl::Time now, bool creating = false);

// Makes a refusal with reason RESOURCE_NOT_FOUND say what is not there, "job"; leaves others alone.
void NameTheMissing(std::string_view what, absl::Status& refusal);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_HTTP_STATUS_H_
