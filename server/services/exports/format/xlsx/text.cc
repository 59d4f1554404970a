#include "server/services/exports/format/xlsx/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "server/services/exports/format/characters.h"

namespace relais::exports {
namespace {

bool IsNoXml(char32_t code) {
  return (code < 0x20 && code != '\t' && code != '\n') || code == 0xFFFE || code == 0xFFFF;
}

// Whether `text`, which begins with "_", would be read as an escape: "_xHHHH" before a "_", which
// may also be that of an escape to come.
bool ReadsLikeEscape(std::string_view text) {
  constexpr std::size_t kSize = 6;
  if (text.size() <= kSize || text[1] != 'x') return false;
  const std::string_view digits = text.substr(2, 4);
  if (!std::all_of(digits.begin(), digits.end(),
                   [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }))
    return false;
  return text[kSize] == '_' || IsNoXml(FirstCharacter(text.substr(kSize)).code);
}

}  // namespace

void AppendSheetText(std::string_view text, std::string& out) {
  if (IsPlain(text, '_', '_')) {
    out.append(text);
    return;
  }
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (IsNoXml(character.code)) {
      absl::StrAppendFormat(&out, "_x%04X_", static_cast<std::uint32_t>(character.code));
    } else if (character.code == '_' && ReadsLikeEscape(text)) {
      out.append("_x005F_");
    } else {
      AppendUtf8(character.code, out);
    }
    text.remove_prefix(character.size);
  }
}

bool SerialOf(const WallTime& wall, gateway::CellKind kind, bool millis, double& serial) {
  serial = 0;
  if (kind != gateway::CellKind::kTime) {
    const absl::CivilDay day(wall.year, wall.month, wall.day);
    if (day < absl::CivilDay(1900, 3, 1)) return false;
    serial = static_cast<double>(day - absl::CivilDay(1899, 12, 30));
  }
  if (kind == gateway::CellKind::kDate) return true;
  constexpr double kMillisOfDay = 86400000;
  const int seconds = (wall.hour * 60 + wall.minute) * 60 + wall.second;
  const int shown = millis ? wall.nanos / 1000000 : 0;
  serial += (seconds * 1000.0 + shown) / kMillisOfDay;
  return true;
}

}  // namespace relais::exports
