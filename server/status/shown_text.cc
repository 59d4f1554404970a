#include "server/status/shown_text.h"

#include <cstdint>

namespace relais::status {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// A character and the bytes it takes; 0 bytes: `text` does not begin with one.
struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

Character FirstOf(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  std::uint32_t code = lead & (0x7F >> size);
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(at) & 0x3F);
  }
  // Longer than need be, half of a pair, or beyond the last one.
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[size] || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return {};
  return {code, size};
}

bool Misleads(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) ||  // controls
         code == 0x061C || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string ShownText(std::string_view text) {
  std::string shown;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == kMostCharacters) return shown.append(kEllipsis);
    const Character next = FirstOf(text);
    if (next.size == 0 || Misleads(next.code)) {
      shown.append(kReplacement);
    } else {
      shown.append(text.substr(0, next.size));
    }
    text.remove_prefix(next.size == 0 ? 1 : next.size);
  }
  return shown;
}

}  // namespace relais::status
