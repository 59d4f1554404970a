// What is counted about one upstream, read by whoever publishes it.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_METRICS_H_
#define RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_METRICS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "server/core/upstream/recent_attempts.h"

namespace relais {

struct UpstreamMetrics {
  // Outcome of one attempt.
  enum Outcome : std::size_t {
    kSucceeded,
    kRejected,     // the upstream answered with an error
    kUnavailable,  // 502, 503, 504, 429
    kUnreachable,
    kTimeout,
    kAbandoned,  // cancelled, or the caller's deadline
    kOutcomes,
  };
  static constexpr std::array<const char*, kOutcomes> kOutcomeNames = {
      "succeeded", "rejected", "unavailable", "unreachable", "timeout", "abandoned"};

  // Upper bounds of the latency buckets in seconds; one more bucket takes the rest.
  static constexpr std::array<double, 12> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1,    5,     30};

  std::array<std::atomic<std::uint64_t>, kOutcomes> attempts{};
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> latency_buckets{};
  std::atomic<std::int64_t> latency_sum_ns{0};
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> logins{0};
  std::atomic<std::uint64_t> broken_streams{0};  // that failed after their head
  std::atomic<std::int64_t> in_flight{0};
  RecentAttempts recent;

  void Record(Outcome outcome, absl::Duration latency) {
    attempts[outcome].fetch_add(1, std::memory_order_relaxed);
    const double seconds = absl::ToDoubleSeconds(latency);
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
    latency_buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    latency_sum_ns.fetch_add(absl::ToInt64Nanoseconds(latency), std::memory_order_relaxed);
  }
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_METRICS_H_
