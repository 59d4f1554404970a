// Whole numbers in texts from outside.

#ifndef RELAIS_SERVER_CORE_BASE_TEXT_NUMBER_H_
#define RELAIS_SERVER_CORE_BASE_TEXT_NUMBER_H_

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace relais {

// The number that `text` is as a whole: digits of `base`, after a "-" where T is signed. None for
// any other text and for a number that T cannot hold.
template <std::integral T = std::int64_t>
std::optional<T> ParseNumber(std::string_view text, int base = 10) {
  T number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

// As ParseNumber, of a positive number that has one form only: no zeros before it.
inline std::optional<std::int64_t> ParseId(std::string_view text) {
  if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
  return ParseNumber(text);
}

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TEXT_NUMBER_H_
