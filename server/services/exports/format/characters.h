// Characters of texts from sources, which should be UTF-8 and need not be.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHARACTERS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHARACTERS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace relais::exports {

// Stands for every byte that is no part of valid UTF-8.
constexpr char32_t kReplacement = 0xFFFD;

// The character at the beginning of `text`, which is not empty, and its bytes. A byte that is no
// part of valid UTF-8 is kReplacement, of one byte.
struct Character {
  char32_t code;
  std::size_t size;
  bool valid() const { return code != kReplacement || size == 3; }
};
Character FirstCharacter(std::string_view text);

bool IsUtf8(std::string_view text);

// Appends `code`, a Unicode scalar value, as UTF-8.
void AppendUtf8(char32_t code, std::string& out);

// UTF-16 units of `text`, which is how Excel counts.
std::size_t Utf16UnitsIn(std::string_view text);

// The byte of `code` in Windows-1252; -1 when it has none. U+0080 to U+009F have none.
int Windows1252Of(char32_t code);

// Whether `text` has only ASCII characters from U+0020 on, none of which is one of `first` and
// `second`. Eight bytes at a time: most texts need no closer look.
[[gnu::always_inline]] inline bool IsPlain(std::string_view text, char first, char second) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const std::uint64_t firsts = kOnes * static_cast<unsigned char>(first);
  const std::uint64_t seconds = kOnes * static_cast<unsigned char>(second);
  const auto suspicious = [&](std::uint64_t word) {
    const std::uint64_t a = word ^ firsts;
    const std::uint64_t b = word ^ seconds;
    // The high bit of a byte is set when it is below 0x20, the same as one of both, or not ASCII;
    // bytes above such a one may be suspected wrongly.
    return (((word - kOnes * 0x20) | (a - kOnes) | (b - kOnes)) | word) & kHighs;
  };
  // Texts of less than 8 bytes are read as two halves that overlap, as is the end of others.
  const char* const begin = text.data();
  const std::size_t size = text.size();
  const auto load = [](const char* at, auto word) {
    std::memcpy(&word, at, sizeof(word));
    return static_cast<std::uint64_t>(word);
  };
  if (size >= 8) {
    std::uint64_t found = suspicious(load(begin + size - 8, std::uint64_t{}));
    for (std::size_t i = 0; i + 8 < size; i += 8)
      found |= suspicious(load(begin + i, std::uint64_t{}));
    return found == 0;
  }
  std::uint64_t word = kOnes * '0';
  if (size >= 4) {
    word = load(begin, std::uint32_t{}) | load(begin + size - 4, std::uint32_t{}) << 32;
  } else if (size >= 2) {
    word = (word & ~std::uint64_t{0xFFFFFFFF}) | load(begin, std::uint16_t{}) |
           load(begin + size - 2, std::uint16_t{}) << 16;
  } else if (size == 1) {
    word = (word & ~std::uint64_t{0xFF}) | load(begin, std::uint8_t{});
  }
  return suspicious(word) == 0;
}

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHARACTERS_H_
