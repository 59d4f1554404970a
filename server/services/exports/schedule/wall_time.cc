#include "server/services/exports/schedule/wall_time.h"

namespace relais::exports {

absl::Time InstantOf(absl::CivilSecond wall, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(wall);
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::CivilSecond FurthestWallTime(absl::Time time, absl::TimeZone zone) {
  const absl::CivilSecond shown = zone.At(time).cs;
  const absl::TimeZone::TimeInfo info = zone.At(shown);
  if (info.kind != absl::TimeZone::TimeInfo::REPEATED || time < info.trans) return shown;
  return zone.At(info.trans - absl::Seconds(1)).cs;
}

}  // namespace relais::exports
