// Chance that a seed decides, and what every simulation does with its seeds: it lives many lives,
// and RELAIS_SEED=7 makes it live that one alone.

#ifndef RELAIS_TESTS_SIMULATION_SEEDS_H_
#define RELAIS_TESTS_SIMULATION_SEEDS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "absl/time/time.h"
#include "server/core/base/log/log.h"
#include "server/core/base/randomness.h"

namespace relais {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : gateway_(seed), random_(seed) {}

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  // One time in `times`, while there are troubles.
  bool Strikes(int times) { return troubles && Below(times) == 0; }
  absl::Duration UpTo(absl::Duration most) {
    return most * std::uniform_real_distribution<double>(0, 1)(random_);
  }

  bool troubles = true;

 private:
  const SeededRandomness gateway_;  // back-off, jitter, ids
  std::mt19937_64 random_;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 1'000;
#else
constexpr std::uint64_t kSeeds = 10'000;
#endif

// What they log by the ten thousand says nothing.
class Quiet {
 public:
  Quiet() { ConfigureLog(LogLevel::kError, LogFormat::kText); }
  ~Quiet() { ConfigureLog(LogLevel::kInfo, LogFormat::kText); }
};

// A Life is made of a seed; Run says what was wrong, empty: nothing; trace is what happened in it.
template <typename Life>
void LiveThemAll() {
  const Quiet quiet;
  const char* const one = std::getenv("RELAIS_SEED");
  const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
  const std::uint64_t last = one != nullptr ? first : kSeeds;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Life life(seed);
    const std::string wrong = life.Run();
    ASSERT_EQ(wrong, "") << "RELAIS_SEED=" << seed << " shows it again:\n" << life.trace();
  }
}

template <typename Life>
void LiveTheSameAgain() {
  const Quiet quiet;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Life once(seed);
    once.Run();
    const std::string trace = once.trace();
    ASSERT_NE(trace, "");
    Life again(seed);
    again.Run();
    ASSERT_EQ(again.trace(), trace) << "seed " << seed;
  }
}

}  // namespace relais

#endif  // RELAIS_TESTS_SIMULATION_SEEDS_H_
