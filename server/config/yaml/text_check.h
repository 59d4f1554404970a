// Checks of text before anything reads it.

#ifndef RELAIS_SERVER_CONFIG_YAML_TEXT_CHECK_H_
#define RELAIS_SERVER_CONFIG_YAML_TEXT_CHECK_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace relais::config {

struct TextFlaw {
  std::size_t offset;  // in bytes
  std::string sentence;
};

// The first reason not to hand `text` to a YAML parser: invalid UTF-8, a control character, or so
// many brackets or commas that the parser's look-ahead, which has no bound of its own, would need
// much memory.
std::optional<TextFlaw> FindFlaw(std::string_view text);

// Whether `text` is valid UTF-8 without control characters (tab, newline and the like included).
bool IsPrintable(std::string_view text);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_YAML_TEXT_CHECK_H_
