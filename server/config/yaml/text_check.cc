#include "server/config/yaml/text_check.h"

namespace relais::config {
namespace {

constexpr std::size_t kMostBrackets = 10'000;
constexpr std::size_t kMostCommas = 100'000;

unsigned char ByteAt(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length of the UTF-8 character at `at`, 0 if it is not valid (overlong, surrogate, beyond
// U+10FFFF).
std::size_t CharacterLength(std::string_view text, std::size_t at) {
  const unsigned char first = ByteAt(text, at);
  const unsigned char second = ByteAt(text, at + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !IsContinuation(second)) return 0;
  if (first < 0xE0) return 2;
  if (!IsContinuation(ByteAt(text, at + 2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (!IsContinuation(ByteAt(text, at + 3))) return 0;
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool too_large = first == 0xF4 && second >= 0x90;
  return overlong || too_large ? 0 : 4;
}

bool IsControl(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

bool IsYamlSpace(unsigned char byte) { return byte == '\t' || byte == '\n' || byte == '\r'; }

}  // namespace

std::optional<TextFlaw> FindFlaw(std::string_view text) {
  std::size_t brackets = 0;
  std::size_t commas = 0;
  for (std::size_t at = 0; at < text.size();) {
    const unsigned char byte = ByteAt(text, at);
    const std::size_t length = CharacterLength(text, at);
    if (length == 0) return TextFlaw{at, "invalid UTF-8; save the file as UTF-8."};
    if (IsControl(byte) && !IsYamlSpace(byte)) {
      return TextFlaw{at, "a control character, which a configuration cannot contain."};
    }
    // Counted wherever they are, also in quotes and comments: a count that understood quotes could
    // be misled, and no real configuration comes near.
    if ((byte == '[' || byte == '{') && ++brackets > kMostBrackets) {
      return TextFlaw{at, "too many brackets; at most 10000 of [ and { are allowed."};
    }
    if (byte == ',' && ++commas > kMostCommas) {
      return TextFlaw{at, "too many commas; at most 100000 are allowed."};
    }
    at += length;
  }
  return std::nullopt;
}

bool IsPrintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = CharacterLength(text, at);
    if (length == 0 || IsControl(ByteAt(text, at))) return false;
    at += length;
  }
  return true;
}

}  // namespace relais::config
