#include "server/core/trace/sampler.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace relais {

std::optional<Sampler> Sampler::Named(std::string_view name, std::string_view argument) {
  Sampler sampler;
  absl::string_view kind(name.data(), name.size());
  sampler.parent_based = absl::ConsumePrefix(&kind, "parentbased_");
  if (kind == "always_on") return sampler;
  if (kind == "always_off") {
    sampler.ratio = 0;
    return sampler;
  }
  if (kind != "traceidratio") return std::nullopt;
  if (argument.empty()) return sampler;
  if (!absl::SimpleAtod(absl::string_view(argument.data(), argument.size()), &sampler.ratio) ||
      !(sampler.ratio >= 0 && sampler.ratio <= 1)) {
    return std::nullopt;
  }
  return sampler;
}

bool Sampler::Takes(std::string_view trace_id, std::optional<bool> parent_sampled) const {
  if (parent_based && parent_sampled) return *parent_sampled;
  if (ratio >= 1) return true;
  constexpr double kRange = std::uint64_t{1} << 63;
  // The last 63 bits are as good as random, and the same for everybody who decides.
  std::uint64_t bits = 0;
  for (const char c : trace_id.substr(16))
    bits = bits << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return bits >> 1 < static_cast<std::uint64_t>(ratio * kRange);
}

}  // namespace relais
