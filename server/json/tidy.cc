#include "server/json/tidy.h"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace relais::json {
namespace {

constexpr std::size_t kMostBytes = 500;

}  // namespace

std::string TidyText(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (!simdjson::validate_utf8(text)) return "";
  if (text.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) >> 6) == 2) --end;
    text.resize(end);
  }
  const auto is_control = [](char c) { return absl::ascii_iscntrl(c); };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace relais::json
