// How many log lines of one kind may be written, so that what callers do a thousand times does not
// push out what an operator must see.

#ifndef RELAIS_SERVER_CORE_BASE_LOG_LOG_BUDGET_H_
#define RELAIS_SERVER_CORE_BASE_LOG_LOG_BUDGET_H_

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/time.h"

namespace relais {

// Thread-safe.
class LogBudget {
 public:
  // `burst` lines at once (1 or more), `per_second` in the long run.
  LogBudget(double burst, double per_second)
      : burst_(burst), per_second_(per_second), left_(burst) {}

  // Takes one line at `now`: how many were left out since the last one that was written. Nothing:
  // this one is left out.
  std::optional<std::uint64_t> Take(absl::Time now) {
    const std::lock_guard lock(mu_);
    const double passed = std::max(0.0, absl::ToDoubleSeconds(now - filled_));
    left_ = std::min(burst_, left_ + passed * per_second_);
    filled_ = now;
    if (left_ < 1) {
      ++left_out_;
      return std::nullopt;
    }
    left_ -= 1;
    return std::exchange(left_out_, 0);
  }

 private:
  const double burst_;
  const double per_second_;

  std::mutex mu_;
  // Under mu_:
  double left_;
  absl::Time filled_ = absl::InfinitePast();
  std::uint64_t left_out_ = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_LOG_LOG_BUDGET_H_
