// The bridge to the vendor's library: a program of its own, started with the gateway, started anew
// when it ends, and ended with the gateway. It speaks the reference protocol in frames.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BRIDGE_BRIDGE_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BRIDGE_BRIDGE_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/secret.h"
#include "server/core/net/dialer.h"
#include "server/core/os/child_process.h"

namespace relais::campaign {

struct BridgeOptions {
  std::string name;                             // of the connection, for the log
  std::vector<std::string> command;             // what follows it are the options of the program
  Secret settings;                              // its first line
  absl::Duration patience = absl::Seconds(30);  // until it is ready
  // Between a start and the next, grows while it does not get ready.
  BackoffPolicy restart{.first = absl::Seconds(1), .longest = absl::Seconds(60)};
};

// Thread-safe.
class Bridge {
 public:
  // Begins to start it, and returns at once. INVALID_ARGUMENT when there is no place for its
  // socket.
  static absl::StatusOr<std::unique_ptr<Bridge>> Start(BridgeOptions options);
  ~Bridge();
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  // Waits until it is ready. UNAVAILABLE / UPSTREAM_UNREACHABLE when `timeout` is over.
  absl::Status AwaitReady(const CallContext& context, absl::Duration timeout);

  std::string socket() const { return folder_ + "/bridge.sock"; }

 private:
  Bridge(BridgeOptions options, std::string folder);

  void Run(const std::stop_token& stop);
  // From its start to its end. True: it has been ready.
  bool RunOnce(const std::stop_token& stop);
  bool Attend(ChildProcess& child, const std::stop_token& stop);
  void SetReady(bool ready);

  const BridgeOptions options_;
  const std::string folder_;

  std::mutex mu_;
  std::condition_variable_any changed_;
  bool ready_ = false;  // under mu_

  std::jthread thread_;  // last: uses what is above
};

// Connects to a bridge when it is ready.
class BridgeDialer final : public Dialer {
 public:
  // `bridge` outlives the dialer.
  explicit BridgeDialer(Bridge& bridge);

  absl::StatusOr<std::unique_ptr<ByteStream>> Dial(const CallContext& context,
                                                   absl::Duration timeout) override;

 private:
  Bridge& bridge_;
  const std::unique_ptr<Dialer> dialer_;
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BRIDGE_BRIDGE_H_
