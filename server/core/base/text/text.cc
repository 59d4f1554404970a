#include "server/core/base/text/text.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace relais {

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); });
}

bool IsGuid(std::string_view text) {
  constexpr std::size_t kSize = 36;
  if (text.size() != kSize) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i])))
      return false;
  }
  return true;
}

std::size_t CharactersIn(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) >> 6) != 2;  // no byte within a character
  }));
}

}  // namespace relais
