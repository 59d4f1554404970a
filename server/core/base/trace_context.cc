#include "server/core/base/trace_context.h"

#include <algorithm>
#include <cstddef>

namespace relais {
namespace {

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

bool IsTraceparent(std::string_view text) {
  constexpr std::size_t kSize = 55;
  constexpr std::size_t kLongest = 256;
  if (text.size() < kSize || text.size() > kLongest) return false;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2);
  if (!IsHex(version) || version == "ff") return false;
  if (text.size() > kSize && (version == "00" || text[kSize] != '-')) return false;
  return IsId(text.substr(3, 32)) && IsId(text.substr(36, 16)) && IsHex(text.substr(53, 2));
}

std::optional<Traceparent> ParseTraceparent(std::string_view text) {
  if (!IsTraceparent(text)) return std::nullopt;
  const char flags = text[54];
  const int low = flags <= '9' ? flags - '0' : flags - 'a' + 10;
  return Traceparent{std::string(text.substr(3, 32)), std::string(text.substr(36, 16)),
                     (low & 1) != 0};
}

bool IsTracestate(std::string_view text) {
  constexpr std::size_t kLongest = 512;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace relais
