// The seam between the gateway and an upstream: one exchange over the wire, no policy.

#ifndef RELAIS_SERVER_CORE_NET_TRANSPORT_H_
#define RELAIS_SERVER_CORE_NET_TRANSPORT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"

namespace relais {

// Carries requests of one kind and brings back their replies, whatever the bytes look like between.
// A reply that says no is a reply, not a failure.
template <typename Request, typename Reply>
class Transport {
 public:
  virtual ~Transport() = default;

  // Sends `request` and receives the whole reply. Blocks; ends within about 100 ms when the call is
  // cancelled. `timeout` is for this exchange, connecting included; the call's deadline also
  // applies. Thread-safe. Errors:
  // * UNAVAILABLE / UPSTREAM_UNREACHABLE: no connection, DNS, TLS, or the reply was cut short; with
  //   metadata requestSent=true unless the peer cannot have seen the request.
  // * UNAVAILABLE / UPSTREAM_TIMEOUT: `timeout` has passed, or the peer was silent too long.
  // * INTERNAL / UPSTREAM_MALFORMED_RESPONSE: the reply breaks the protocol or is larger than
  //   allowed.
  // * INTERNAL / GATEWAY_INTERNAL: the request or the configuration cannot be used.
  // * DEADLINE_EXCEEDED, CANCELLED: the call itself has ended.
  virtual absl::StatusOr<Reply> Send(const CallContext& context, const Request& request,
                                     absl::Duration timeout) = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_TRANSPORT_H_
