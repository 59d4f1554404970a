// The time in which a call waits for its caller: for a message of an upload, for the reader of a
// download. It has an end, so that a caller who is there and does nothing holds nothing for ever.

#ifndef RELAIS_SERVER_RPC_CALLS_CALLER_TURN_H_
#define RELAIS_SERVER_RPC_CALLS_CALLER_TURN_H_

#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "server/core/base/scheduler.h"

namespace relais::rpc {

class CallShape;

// Belongs to one call. A turn begins before the operation that waits for the caller and ends when
// it completes; so the call is there as long as a turn lasts.
class CallerTurn : public std::enable_shared_from_this<CallerTurn> {
 public:
  // A turn that lasts longer than `timeout` is interrupted; InfiniteDuration: never.
  CallerTurn(CallShape& call, Scheduler& scheduler, absl::Duration timeout)
      : call_(call), scheduler_(scheduler), timeout_(timeout) {}

  // False: it has been interrupted before it began, and does not begin.
  [[nodiscard]] bool Begin();
  // False: it was interrupted, and the call's OnInterrupted is or was called.
  [[nodiscard]] bool End();
  // Interrupts the turn that lasts, or else the next one. From any thread.
  void Interrupt();
  // Whether the interruption is due to the timeout.
  bool timed_out() const;

 private:
  void CheckAt(absl::Time time);
  void Check();
  // Under mu_: whether the call is to be told, which then stays until it has been.
  bool InterruptLasting();
  void Tell();

  CallShape& call_;
  Scheduler& scheduler_;
  const absl::Duration timeout_;

  mutable std::mutex mu_;
  // Under mu_:
  bool lasts_ = false;
  bool interrupted_ = false;
  bool timed_out_ = false;
  bool watched_ = false;  // Check runs from time to time
  absl::Time began_;
};

// For stop callbacks.
struct InterruptTurn {
  std::shared_ptr<CallerTurn> turn;
  void operator()() const {
    const std::shared_ptr<CallerTurn> lasting = turn;  // the callback may go meanwhile
    lasting->Interrupt();
  }
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_CALLER_TURN_H_
