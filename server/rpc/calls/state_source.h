// Where the messages of one State call come from.

#ifndef RELAIS_SERVER_RPC_CALLS_STATE_SOURCE_H_
#define RELAIS_SERVER_RPC_CALLS_STATE_SOURCE_H_

#include <functional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "grpcpp/support/byte_buffer.h"

namespace relais::rpc {

// Nothing yet, a message, or the end: OK or why.
using StateNews = std::variant<std::monostate, grpc::ByteBuffer, absl::Status>;

// Tells a call that its source may have something. From any thread, at any time, also when the call
// is over; never blocks.
using StateWake = std::function<void()>;

class StateSource {
 public:
  virtual ~StateSource() = default;
  // What is new since the last call: asked for when the message before was sent, so what lies in
  // between may be left out. By one thread at a time; must not block. After it has said that there
  // is nothing, the source wakes the call when there is something.
  virtual StateNews Next() = 0;
  // The connection that it concerns, for errors and the log; empty: none.
  virtual std::string connection() const { return {}; }
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_STATE_SOURCE_H_
