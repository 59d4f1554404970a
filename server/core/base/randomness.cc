#include "server/core/base/randomness.h"

#include <atomic>
#include <mutex>
#include <random>

namespace relais {
namespace {

std::atomic<bool> is_seeded = false;
std::mutex sequence_mu;
std::mt19937_64 seeded_sequence;  // under sequence_mu; while seeded

}  // namespace

std::uint64_t RandomBits() {
  if (is_seeded) {
    const std::lock_guard lock(sequence_mu);
    return seeded_sequence();
  }
  std::random_device device;
  const std::uint64_t high = device();
  return high << 32 | device();
}

SeededRandomness::SeededRandomness(std::uint64_t seed) {
  const std::lock_guard lock(sequence_mu);
  seeded_sequence.seed(seed);
  is_seeded = true;
}

SeededRandomness::~SeededRandomness() { is_seeded = false; }

}  // namespace relais
