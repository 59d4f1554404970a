#include "server/json/tidy.h"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"

namespace relais::json {
namespace {

constexpr std::size_t kMostBytes = 500;

// What 0x80 to 0x9f are in Windows-1252; 0: nothing.
constexpr std::uint16_t kWindows[] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void AppendCharacter(unsigned character, std::string& out) {
  const auto tail = [&out](unsigned bits) {
    out.push_back(static_cast<char>(0x80 | (bits & 0x3f)));
  };
  if (character < 0x80) {
    out.push_back(static_cast<char>(character));
  } else if (character < 0x800) {
    out.push_back(static_cast<char>(0xc0 | character >> 6));
    tail(character);
  } else {
    out.push_back(static_cast<char>(0xe0 | character >> 12));
    tail(character >> 6);
    tail(character);
  }
}

}  // namespace

std::string ToUtf8(std::string text) {
  if (simdjson::validate_utf8(text)) return text;
  constexpr unsigned kFirst = 0x80;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool window = byte >= kFirst && byte < kFirst + std::size(kWindows);
    const unsigned character = window ? kWindows[byte - kFirst] : byte;
    AppendCharacter(character == 0 && window ? 0xfffd : character, out);
  }
  return out;
}

std::string TidyText(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  text = ToUtf8(std::move(text));
  if (text.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) >> 6) == 2) --end;
    text.resize(end);
  }
  const auto is_control = [](char c) { return absl::ascii_iscntrl(c); };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace relais::json
