// Where all chance of the gateway comes from. Nothing else asks the system for random numbers
// (tools/check_layers holds that), so that a simulation can live the same life again.

#ifndef RELAIS_SERVER_CORE_BASE_RANDOMNESS_H_
#define RELAIS_SERVER_CORE_BASE_RANDOMNESS_H_

#include <cstdint>

namespace relais {

// 64 random bits of the system. Thread-safe.
std::uint64_t RandomBits();

// For simulations: while it exists, RandomBits gives the sequence of `seed`, in the order in which
// it is asked. One at a time.
class SeededRandomness {
 public:
  explicit SeededRandomness(std::uint64_t seed);
  ~SeededRandomness();
  SeededRandomness(const SeededRandomness&) = delete;
  SeededRandomness& operator=(const SeededRandomness&) = delete;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_RANDOMNESS_H_
