#include "server/core/base/clock.h"

#include <chrono>

#include "absl/time/clock.h"

namespace relais {

absl::Time SteadyNow() {
  using std::chrono::steady_clock;
  static const steady_clock::time_point begin = steady_clock::now();
  static const absl::Time wall_at_begin = absl::Now();
  return wall_at_begin + absl::FromChrono(steady_clock::now() - begin);
}

absl::Time WallNow() { return absl::Now(); }

}  // namespace relais
