// Conversions between std::string_view and the string_view of the packaged Abseil, which is a type
// of its own.

#ifndef RELAIS_SERVER_CORE_BASE_TEXT_VIEW_H_
#define RELAIS_SERVER_CORE_BASE_TEXT_VIEW_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace relais {

inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToView(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TEXT_VIEW_H_
