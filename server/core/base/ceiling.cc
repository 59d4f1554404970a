#include "server/core/base/ceiling.h"

#include "server/core/base/error.h"

namespace relais {

bool Ceiling::TryTake(std::int64_t amount) {
  std::int64_t used = used_.load(std::memory_order_relaxed);
  while (amount <= most_ - used) {
    if (used_.compare_exchange_weak(used, used + amount, std::memory_order_relaxed)) return true;
  }
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

absl::Status Ceiling::Error() const {
  return relais::Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayLimitReached)
             .RetryAfter(absl::Seconds(5))
             .With("limit", "server.limits." + name_)
         << "All callers together hold as much as server.limits." << name_ << " allows, " << most_
         << "; call again later.";
}

}  // namespace relais
