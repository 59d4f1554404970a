// A state that is pushed: one message waits for its call at any time, the newest.

#ifndef RELAIS_SERVER_RPC_CALLS_MAILBOX_H_
#define RELAIS_SERVER_RPC_CALLS_MAILBOX_H_

#include <mutex>
#include <optional>
#include <utility>

#include "server/rpc/calls/state_source.h"

namespace relais::rpc {

// Thread-safe; never blocks. Who publishes holds it weakly: it goes with its call.
class Mailbox final : public StateSource {
 public:
  explicit Mailbox(StateWake wake) : wake_(std::move(wake)) {}

  // Replaces a message that was not taken yet. Ignored after End.
  void Publish(grpc::ByteBuffer message) {
    {
      const std::lock_guard lock(mu_);
      if (end_) return;
      message_ = std::move(message);
    }
    wake_();
  }

  // Ends the stream after the message that waits. Only the first call counts.
  void End(const absl::Status& status) {
    {
      const std::lock_guard lock(mu_);
      if (end_) return;
      end_ = status;
    }
    wake_();
  }

  StateNews Next() override {
    const std::lock_guard lock(mu_);
    if (message_) {
      StateNews news(*std::move(message_));
      message_.reset();
      return news;
    }
    if (end_) return *end_;
    return std::monostate();
  }

 private:
  const StateWake wake_;
  std::mutex mu_;
  // Under mu_:
  std::optional<grpc::ByteBuffer> message_;
  std::optional<absl::Status> end_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_MAILBOX_H_
