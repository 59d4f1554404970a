// How much of something all callers together may hold: streams, watches, stored bytes.

#ifndef RELAIS_SERVER_CORE_BASE_CEILING_H_
#define RELAIS_SERVER_CORE_BASE_CEILING_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace relais {

// Thread-safe.
class Ceiling {
 public:
  // `name` is the last part of its key below `server.limits`.
  Ceiling(std::string name, std::int64_t most) : name_(std::move(name)), most_(most) {}

  // Takes `amount`, unless it is more than what is left.
  bool TryTake(std::int64_t amount);
  void GiveBack(std::int64_t amount) { used_.fetch_sub(amount, std::memory_order_relaxed); }
  // RESOURCE_EXHAUSTED / GATEWAY_LIMIT_REACHED.
  absl::Status Error() const;

  const std::string& name() const { return name_; }
  std::int64_t most() const { return most_; }
  std::int64_t used() const { return used_.load(std::memory_order_relaxed); }
  // How often nothing was left.
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  const std::string name_;
  const std::int64_t most_;
  std::atomic<std::int64_t> used_{0};
  std::atomic<std::uint64_t> refused_{0};
};

// What one holder has of a ceiling; given back when it goes. The ceiling outlives it.
class Share {
 public:
  Share() = default;
  ~Share() { Release(); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // Takes `amount` more, of the same ceiling as before. False: it has not so much left.
  bool Take(Ceiling& ceiling, std::int64_t amount = 1) {
    if (!ceiling.TryTake(amount)) return false;
    ceiling_ = &ceiling;
    amount_ += amount;
    return true;
  }
  void Release() {
    if (ceiling_ != nullptr) ceiling_->GiveBack(std::exchange(amount_, 0));
  }

 private:
  Ceiling* ceiling_ = nullptr;
  std::int64_t amount_ = 0;
};

// The ceilings of one gateway.
struct Ceilings {
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

  Ceiling streams{"streams", kNone};
  Ceiling watches{"watches", kNone};
  Ceiling uploads{"uploads", kNone};
  Ceiling health_watches{"health_watches", kNone};
  Ceiling spool_bytes{"spool_bytes", kNone};
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_CEILING_H_
