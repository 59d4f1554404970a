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
  // when the upstream has asked to wait.
  absl::Status Admit(absl::Time now) const {
    const std::lock_guard lock(mu_);
    if (now >= opens_) return absl::OkStatus();
    return Error(absl::StatusCode::kResourceExhausted, Reason::kUpstreamRateLimited)
               .RetryAfter(opens_ - now)
           << "The upstream limits the rate of calls and has asked to wait; call again later.";
  }

  // The upstream has asked to wait until then.
  void Close(absl::Time until) {
    const std::lock_guard lock(mu_);
    opens_ = std::max(opens_, until);
  }

 private:
  mutable std::mutex mu_;
  absl::Time opens_ = absl::InfinitePast();  // under mu_
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_RATE_GATE_H_
