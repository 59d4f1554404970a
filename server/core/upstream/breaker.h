// Stops asking an upstream that keeps failing: after some failures in a row nothing is sent for a
// while, then one request at a time is let through as a probe.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_BREAKER_H_
#define RELAIS_SERVER_CORE_UPSTREAM_BREAKER_H_

#include <cstdint>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais {

struct BreakerPolicy {
  int failures = 5;                         // in a row, that open it
  absl::Duration pause = absl::Seconds(5);  // first pause; doubles with every failed probe
  absl::Duration longest = absl::Seconds(60);
};

// Thread-safe.
class Breaker {
 public:
  enum class State { kClosed, kOpen, kHalfOpen };

  // The right to send one request. It tells the probe from the requests that were on their way when
  // the breaker opened: those neither end the probe nor lengthen the pause.
  class Pass {
   private:
    friend class Breaker;
    explicit Pass(std::int64_t probe) : probe_(probe) {}
    std::int64_t probe_;  // 0: no probe
  };

  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  // Whether a request may be sent now; every pass is given back to exactly one of Succeeded, Failed
  // or Abandoned. Otherwise UNAVAILABLE / UPSTREAM_UNAVAILABLE with RetryInfo.
  absl::StatusOr<Pass> Admit(absl::Time now);
  void Succeeded(Pass pass);  // the upstream answered, whatever it said
  // Unreachable, timeout, 502, 503, 504. Whether it is open now.
  bool Failed(Pass pass, absl::Time now);
  void Abandoned(Pass pass);  // the caller gave up: says nothing of the upstream

  State state(absl::Time now) const;

 private:
  void Open(absl::Duration pause, absl::Time now);  // under mu_

  const BreakerPolicy policy_;
  mutable std::mutex mu_;
  // Under mu_:
  int failures_ = 0;  // in a row, while closed
  bool open_ = false;
  std::int64_t probe_ = 0;   // the one on its way; 0: none
  std::int64_t probes_ = 0;  // ever sent
  absl::Duration pause_ = absl::ZeroDuration();
  absl::Time retry_at_ = absl::InfinitePast();
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_BREAKER_H_
