#include "server/services/robot/codec/read.h"

namespace relais::robot {

std::optional<absl::Time> ParseTime(const std::string& text) {
  const absl::Time least = absl::UnixEpoch() - absl::Hours(24) * 719162;  // 0001-01-01
  const absl::Time most = absl::UnixEpoch() + absl::Hours(24) * 2932897;  // 10000-01-01
  absl::Time time;
  const bool read = absl::ParseTime(absl::RFC3339_full, text, &time, nullptr) ||
                    absl::ParseTime("%Y-%m-%dT%H:%M:%E*S", text, &time, nullptr);
  if (!read || time < least || time >= most) return std::nullopt;
  return time;
}

}  // namespace relais::robot
