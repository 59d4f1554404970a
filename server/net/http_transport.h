// Bytes over HTTP: one exchange, no policy. A reply with status 404 or 503 is a reply, not a
// failure.

#ifndef RELAIS_SERVER_NET_HTTP_TRANSPORT_H_
#define RELAIS_SERVER_NET_HTTP_TRANSPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/call_context.h"

namespace relais {

struct HttpRequest {
  std::string method = "GET";
  std::string url{};  // absolute, http or https
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  // False: never sent twice, not even when a reused connection turns out to have been closed by the
  // peer. Costs a new connection.
  bool repeatable = true;
};

struct HttpReply {
  // The capacity of `body` exceeds its size by at least this much, so that a parser that reads
  // ahead needs no copy.
  static constexpr std::size_t kBodyPadding = 64;

  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};  // complete; a body cut short is a failure of Send, never a reply

  // The first header of that (lower-case) name.
  std::optional<std::string_view> Header(std::string_view name) const;
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Sends `request` and receives the whole reply. Blocks; ends within about 100 ms when the call is
  // cancelled. `timeout` is for this exchange, connecting included; the call's deadline also
  // applies. Errors:
  //   UNAVAILABLE / UPSTREAM_UNREACHABLE      no connection, DNS, TLS, or the reply was cut short;
  //   metadata
  //                                           requestSent=true unless the peer cannot have seen the
  //                                           request;
  //   UNAVAILABLE / UPSTREAM_TIMEOUT          `timeout` has passed since, or the peer was silent
  //   for too long; INTERNAL / UPSTREAM_MALFORMED_RESPONSE  not HTTP, or the reply is larger than
  //   allowed; INTERNAL / GATEWAY_INTERNAL             the request or the configuration cannot be
  //   used; DEADLINE_EXCEEDED, CANCELLED            the call itself has ended.
  // Thread-safe.
  virtual absl::StatusOr<HttpReply> Send(const CallContext& context, const HttpRequest& request,
                                         absl::Duration timeout) = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_NET_HTTP_TRANSPORT_H_
