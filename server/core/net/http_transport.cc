#include "server/core/net/http_transport.h"

#include <charconv>
#include <system_error>

namespace relais {

std::optional<std::string_view> HttpReply::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> HttpReply::ContentLength() const {
  const std::optional<std::string_view> text = Header("content-length");
  if (!text) return std::nullopt;
  std::int64_t length = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, length);
  if (error != std::errc() || end != last || length < 0) return std::nullopt;
  return length;
}

}  // namespace relais
