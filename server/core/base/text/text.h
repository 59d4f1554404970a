// Checks of texts from outside.

#ifndef RELAIS_SERVER_CORE_BASE_TEXT_TEXT_H_
#define RELAIS_SERVER_CORE_BASE_TEXT_TEXT_H_

#include <cstddef>
#include <string_view>

namespace relais {

// Whether `text` has an ASCII control character: U+0000 to U+001F or U+007F.
bool HasControl(std::string_view text);

// Whether `text` is a GUID in its common form, 8-4-4-4-12 hexadecimal digits of either case.
bool IsGuid(std::string_view text);

// Characters of valid UTF-8, counted as Unicode does: those outside of the basic plane are one
// each.
std::size_t CharactersIn(std::string_view utf8);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TEXT_TEXT_H_
