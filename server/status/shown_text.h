// Texts of callers and upstreams as people are shown them.

#ifndef RELAIS_SERVER_STATUS_SHOWN_TEXT_H_
#define RELAIS_SERVER_STATUS_SHOWN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace relais::status {

// What is longer is cut, and ends with "…".
inline constexpr std::size_t kMostCharacters = 160;

// The text as valid UTF-8. U+FFFD stands for each byte that is none, and for each character that is
// not seen but changes what is: controls, and what sets the direction of writing.
std::string ShownText(std::string_view text);

}  // namespace relais::status

#endif  // RELAIS_SERVER_STATUS_SHOWN_TEXT_H_
