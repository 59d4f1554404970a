#include "server/services/exports/format/characters.h"

#include <algorithm>
#include <array>

namespace relais::exports {
namespace {

// What Windows-1252 has at 0x80 to 0x9F; 0 = nothing.
constexpr std::array<char32_t, 32> kFrom80 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr Character kBroken = {kReplacement, 1};

// The character of `size` bytes; `least` is the first code that needs so many.
Character Multibyte(std::string_view text, std::size_t size, char32_t code, char32_t least) {
  if (text.size() < size) return kBroken;
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return kBroken;
    code = (code << 6) | (byte & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least || code > 0x10FFFF || surrogate) return kBroken;
  return {code, size};
}

}  // namespace

Character FirstCharacter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  if ((lead & 0xE0) == 0xC0) return Multibyte(text, 2, lead & 0x1F, 0x80);
  if ((lead & 0xF0) == 0xE0) return Multibyte(text, 3, lead & 0x0F, 0x800);
  if ((lead & 0xF8) == 0xF0) return Multibyte(text, 4, lead & 0x07, 0x10000);
  return kBroken;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (!character.valid()) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

void AppendUtf8(char32_t code, std::string& out) {
  const auto tail = [&](int shift) {
    out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::size_t Utf16UnitsIn(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    units += character.size == 4 ? 2 : 1;
    text.remove_prefix(character.size);
  }
  return units;
}

int Windows1252Of(char32_t code) {
  if (code < 0x80 || (code >= 0xA0 && code <= 0xFF)) return static_cast<int>(code);
  const auto* const found = std::find(kFrom80.begin(), kFrom80.end(), code);
  return found == kFrom80.end() ? -1 : 0x80 + static_cast<int>(found - kFrom80.begin());
}

}  // namespace relais::exports
