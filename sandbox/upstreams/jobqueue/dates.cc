#include "sandbox/upstreams/jobqueue/dates.h"

namespace relais::sandbox::jobqueue {

std::string FormatDate(absl::Time time, DateStyle style) {
  const absl::Time ticks = absl::FromUnixNanos(absl::ToUnixNanos(time) / 100 * 100);
  std::string text = absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", ticks, absl::UTCTimeZone());
  if (style == DateStyle::kZ) text += "Z";
  if (style == DateStyle::kOffset) text += "+00:00";
  return text;
}

std::optional<absl::Time> ParseDate(const std::string& text) {
  absl::Time time;
  std::string error;
  for (const char* format : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S"}) {
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) return time;
  }
  return std::nullopt;
}

}  // namespace relais::sandbox::jobqueue
