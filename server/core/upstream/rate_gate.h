// Obeys an upstream that limits the rate of calls: nothing is sent before the time that it has
// named.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_RATE_GATE_H_
#define RELAIS_SERVER_CORE_UPSTREAM_RATE_GATE_H_

#include <algorithm>
#include <mutex>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"

namespace relais {

// Thread-safe.
class RateGate {
 public:
  // OK when a request may be sent now; RESOURCE_EXHAUSTED / UPSTREAM_RATE_LIMITED with RetryInfo
  // when the upstream has asked to wait. After the wait one request a second is let through, until
  // one is answered.
  absl::Status Admit(absl::Time now) {
    const std::lock_guard lock(mu_);
    if (!limited_) return absl::OkStatus();
    if (now >= opens_) {
      opens_ = now + kProbeInterval;
      return absl::OkStatus();
    }
    return Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
               .RetryAfter(opens_ - now)
           << "The upstream limits the rate of calls and has asked to wait; call again later.";
  }

  // The upstream has asked to wait until then.
  void Close(absl::Time until) {
    const std::lock_guard lock(mu_);
    opens_ = limited_ ? std::max(opens_, until) : until;
    limited_ = true;
  }

  // The upstream has answered otherwise. `sent`: when the request was.
  void Answered(absl::Time sent) {
    const std::lock_guard lock(mu_);
    // What was sent before the wait says nothing about what follows it.
    if (limited_ && sent + kProbeInterval >= opens_) limited_ = false;
  }

 private:
  static constexpr absl::Duration kProbeInterval = absl::Seconds(1);

  mutable std::mutex mu_;
  // Under mu_:
  bool limited_ = false;
  absl::Time opens_ = absl::InfinitePast();
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_RATE_GATE_H_
