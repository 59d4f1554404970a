// How long to wait before the next attempt: exponential, with full jitter, so that many waiters
// spread out.

#ifndef RELAIS_SERVER_CORE_BASE_BACKOFF_H_
#define RELAIS_SERVER_CORE_BASE_BACKOFF_H_

#include <algorithm>
#include <random>

#include "absl/time/time.h"
#include "server/core/base/randomness.h"

namespace relais {

struct BackoffPolicy {
  absl::Duration first = absl::Milliseconds(100);  // upper bound of the first wait
  absl::Duration longest = absl::Seconds(10);      // no bound grows beyond this
  double factor = 2.0;                             // from one bound to the next
};

// Not thread-safe; one per call.
class Backoff {
 public:
  explicit Backoff(const BackoffPolicy& policy, std::minstd_rand::result_type seed = RandomBits())
      : policy_(policy), bound_(policy.first), random_(seed) {}

  // Returns a random duration from zero to the current bound, and raises the bound.
  absl::Duration Next() {
    const double share = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
    const absl::Duration wait = bound_ * share;
    bound_ = std::min(bound_ * policy_.factor, policy_.longest);
    return wait;
  }

 private:
  const BackoffPolicy policy_;
  absl::Duration bound_;
  std::minstd_rand random_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_BACKOFF_H_
