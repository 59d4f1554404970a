#include "server/services/robot/codec/read.h"

namespace relais::robot {

absl::Status ReadTime(const std::string& text, absl::Time& out) {
  const absl::Time least = absl::UnixEpoch() - absl::Hours(24) * 719162;  // 0001-01-01
  const absl::Time most = absl::UnixEpoch() + absl::Hours(24) * 2932897;  // 10000-01-01
  const bool read = absl::ParseTime(absl::RFC3339_full, text, &out, nullptr) ||
                    absl::ParseTime("%Y-%m-%dT%H:%M:%E*S", text, &out, nullptr);
  if (!read || out < least || out >= most) return json::Malformed("a date is none");
  return absl::OkStatus();
}

}  // namespace relais::robot
