// The sandbox's clock: the real one plus what a test has added, so that tokens expire without
// waiting.

#ifndef RELAIS_SANDBOX_CLOCK_H_
#define RELAIS_SANDBOX_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace relais::sandbox {

// Thread-safe.
class VirtualClock {
 public:
  absl::Time Now() const { return absl::Now() + absl::Nanoseconds(ahead_nanos_.load()); }
  void Advance(absl::Duration by) { ahead_nanos_ += absl::ToInt64Nanoseconds(by); }

 private:
  std::atomic<int64_t> ahead_nanos_ = 0;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_CLOCK_H_
