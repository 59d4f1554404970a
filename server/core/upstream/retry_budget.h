// Bounds repeated attempts to a share of the traffic, so that a sick upstream is not hit harder for
// being sick.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_RETRY_BUDGET_H_
#define RELAIS_SERVER_CORE_UPSTREAM_RETRY_BUDGET_H_

#include <algorithm>
#include <mutex>

namespace relais {

class RetryBudget {
 public:
  // Every first attempt earns `percent`/100 of a retry; at most `reserve` retries are saved up, and
  // that many are there at the start, so that a quiet connection may retry too. 0 per cent: never.
  explicit RetryBudget(int percent, double reserve = 10.0)
      : earn_(percent / 100.0), reserve_(percent > 0 ? reserve : 0.0), saved_(reserve_) {}

  void Earn() {
    const std::lock_guard lock(mu_);
    saved_ = std::min(saved_ + earn_, reserve_);
  }

  // Spends one retry if there is one.
  [[nodiscard]] bool Spend() {
    const std::lock_guard lock(mu_);
    if (saved_ < 1.0) return false;
    saved_ -= 1.0;
    return true;
  }

 private:
  const double earn_;
  const double reserve_;
  std::mutex mu_;
  double saved_;  // under mu_
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_RETRY_BUDGET_H_
