#include "server/json/mend.h"

#include <charconv>
#include <cstdint>
#include <optional>

namespace relais::json {
namespace {

constexpr std::string_view kReplacement = "\\ufffd";
constexpr std::size_t kEscapeSize = kReplacement.size();

// The code unit that \uXXXX at that place stands for.
std::optional<std::uint32_t> EscapedUnit(std::string_view text, std::size_t at) {
  if (text.size() < kEscapeSize || at > text.size() - kEscapeSize) return std::nullopt;
  if (text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* const end = text.data() + at + kEscapeSize;
  const auto [read, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc() || read != end) return std::nullopt;
  return unit;
}

bool IsFirstHalf(std::uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool IsSecondHalf(std::uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

}  // namespace

std::vector<std::size_t> LoneHalves(std::string_view text) {
  std::vector<std::size_t> found;
  std::size_t at = 0;
  while ((at = text.find('\\', at)) != std::string_view::npos) {
    const auto unit = EscapedUnit(text, at);
    if (!unit) {
      at += 2;  // the character behind is escaped, and begins nothing
      continue;
    }
    const auto next = IsFirstHalf(*unit) ? EscapedUnit(text, at + kEscapeSize) : std::nullopt;
    if (next && IsSecondHalf(*next)) {
      at += 2 * kEscapeSize;
      continue;
    }
    if (IsFirstHalf(*unit) || IsSecondHalf(*unit)) found.push_back(at);
    at += kEscapeSize;
  }
  return found;
}

std::string Mended(std::string text) {
  for (const std::size_t at : LoneHalves(text)) text.replace(at, kEscapeSize, kReplacement);
  return text;
}

}  // namespace relais::json
