// Streams of bytes to upstreams that do not speak HTTP.

#ifndef RELAIS_SERVER_CORE_NET_DIALER_H_
#define RELAIS_SERVER_CORE_NET_DIALER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"

namespace relais {

// A connection. Used by one thread at a time. Every method blocks, ends within about 100 ms when
// the call is cancelled, and obeys the call's deadline besides `timeout`; after an error the stream
// is of no use any more. Errors:
// * UNAVAILABLE / UPSTREAM_UNREACHABLE: the connection is lost; with metadata requestSent=true once
//   the peer may have seen anything that was written.
// * UNAVAILABLE / UPSTREAM_TIMEOUT: `timeout` has passed.
// * DEADLINE_EXCEEDED, CANCELLED: the call itself has ended.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Writes all of `bytes`.
  virtual absl::Status Write(const CallContext& context, std::string_view bytes,
                             absl::Duration timeout) = 0;

  // The next bytes into `into`: waits for the first, then takes what is there; how many, at most
  // `max_bytes`. 0: the peer has closed the connection.
  virtual absl::StatusOr<std::size_t> ReadInto(const CallContext& context, char* into,
                                               std::size_t max_bytes, absl::Duration timeout) = 0;
  // The same as a string; empty: the peer has closed the connection.
  absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes,
                                   absl::Duration timeout);

  // Whether the connection is open and nothing has come that was not read. Does not wait.
  virtual bool IsQuiet() = 0;
};

// Thread-safe.
class Dialer {
 public:
  virtual ~Dialer() = default;

  // Connects, with the TLS handshake if there is one. Errors as of ByteStream, besides INTERNAL /
  // GATEWAY_INTERNAL when the settings cannot be used.
  virtual absl::StatusOr<std::unique_ptr<ByteStream>> Dial(const CallContext& context,
                                                           absl::Duration timeout) = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_DIALER_H_
