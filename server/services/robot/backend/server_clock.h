// The upstream's clock, as its replies tell it.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SERVER_CLOCK_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SERVER_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace relais::robot {

// Thread-safe.
class ServerClock {
 public:
  // `date` is the Date header of a reply that has just come; what is no date does not count.
  void Observe(const std::string& date, absl::Time now) {
    absl::Time told;
    if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", date, absl::UTCTimeZone(), &told, nullptr))
      return;
    // The header has whole seconds: less than this is no difference.
    const absl::Duration skew = told + absl::Milliseconds(500) - now;
    const bool same = absl::AbsDuration(skew) < absl::Seconds(2);
    skew_ms_.store(same ? 0 : absl::ToInt64Milliseconds(skew), std::memory_order_relaxed);
  }

  // The upstream's time when the gateway's is `now`.
  absl::Time At(absl::Time now) const {
    return now + absl::Milliseconds(skew_ms_.load(std::memory_order_relaxed));
  }

 private:
  std::atomic<std::int64_t> skew_ms_{0};
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_SERVER_CLOCK_H_
