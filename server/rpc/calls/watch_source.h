// A watcher of a PollHub as the source of a State call.

#ifndef RELAIS_SERVER_RPC_CALLS_WATCH_SOURCE_H_
#define RELAIS_SERVER_RPC_CALLS_WATCH_SOURCE_H_

#include <memory>
#include <string>
#include <utility>

#include "server/core/watch/subscription.h"
#include "server/rpc/calls/state_source.h"
#include "server/rpc/wire.h"

namespace relais::rpc {

class WatchSource final : public StateSource {
 public:
  WatchSource(std::shared_ptr<watch::Subscription> subscription, std::string connection)
      : subscription_(std::move(subscription)), connection_(std::move(connection)) {}

  StateNews Next() override {
    watch::News news = subscription_->Next();
    if (auto* message = std::get_if<watch::Message>(&news)) {
      return BufferOf(std::move(message->bytes));
    }
    if (auto* end = std::get_if<absl::Status>(&news)) return std::move(*end);
    return std::monostate();
  }

  std::string connection() const override { return connection_; }

 private:
  const std::shared_ptr<watch::Subscription> subscription_;
  const std::string connection_;
};

inline std::shared_ptr<StateSource> FromHub(std::shared_ptr<watch::Subscription> subscription,
                                            std::string connection = {}) {
  return std::make_shared<WatchSource>(std::move(subscription), std::move(connection));
}

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_WATCH_SOURCE_H_
