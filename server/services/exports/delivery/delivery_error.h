// What goes wrong at a destination of any kind.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DELIVERY_ERROR_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DELIVERY_ERROR_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/net/http_transport.h"

namespace relais::exports {

// ALREADY_EXISTS / RESOURCE_EXISTS: waiting does not help.
absl::Status OtherFileThere();

// RESOURCE_EXHAUSTED / GATEWAY_STORAGE_FULL: waiting may help.
absl::Status NoRoomThere();

// UNAVAILABLE / UPSTREAM_TIMEOUT.
absl::Status DeliveryTooSlow();

// The error of a reply to a request that stores, as StatusOfReply but for: 409 (FAILED_PRECONDITION
// / PRECONDITION_FAILED: a folder is missing), 500 and further 5xx (UNAVAILABLE /
// UPSTREAM_UNAVAILABLE: storing again is harmless), 507 (NoRoomThere). OK for 2xx. `wall` is the
// time of people.
absl::Status StatusOfStoring(const HttpReply& reply, absl::Time wall);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_DELIVERY_ERROR_H_
