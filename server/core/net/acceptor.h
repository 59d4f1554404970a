// Takes connections from a listener and hands them on, and leaves enough descriptors to the rest of
// the process: whoever comes when too few are left is turned away at once.

#ifndef RELAIS_SERVER_CORE_NET_ACCEPTOR_H_
#define RELAIS_SERVER_CORE_NET_ACCEPTOR_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <thread>

#include "absl/time/time.h"
#include "server/core/base/log/log_budget.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/listener.h"

namespace relais {

struct AcceptorOptions {
  // Owns the connection from then on. On the acceptor's thread, as below; must not block.
  std::function<void(int listener, int connection)> take;
  // Told when no connection can be accepted at all, and when it works again. Null: nobody.
  std::function<void(bool accepting)> changed = nullptr;
  // A connection whose descriptor is not below is turned away. A new descriptor has the lowest free
  // number, so the number tells how many are in use, whoever has them.
  int most_descriptors = std::numeric_limits<int>::max();
};

class Acceptor {
 public:
  // `scheduler` outlives it.
  Acceptor(Scheduler& scheduler, std::unique_ptr<Listener> listener, AcceptorOptions options);
  ~Acceptor();  // as Stop
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Listens no more. By the thread that destroys it.
  void Stop();
  bool accepting() const { return accepting_; }
  // Connections, so far.
  std::uint64_t taken() const { return taken_; }
  std::uint64_t refused() const { return refused_; }

 private:
  void Run();
  // Waits until there may be connections; false: it is to stop.
  bool Await() const;
  void AcceptFrom(int listener);
  void Refuse(int connection);
  void SetAccepting(bool accepting, int error);

  Scheduler& scheduler_;
  std::unique_ptr<Listener> listener_;  // null: stopped
  const AcceptorOptions options_;
  const int stop_;  // an event, for poll
  std::atomic<bool> accepting_{true};
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> refused_{0};
  LogBudget lines_{1, 0.1};
  std::thread thread_;  // last: starts when everything above exists
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_ACCEPTOR_H_
