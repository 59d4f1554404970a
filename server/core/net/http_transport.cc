#include "server/core/net/http_transport.h"

#include "server/core/base/text/number.h"

namespace relais {

std::optional<std::string_view> HttpReply::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> HttpReply::ContentLength() const {
  const std::optional<std::string_view> text = Header("content-length");
  if (!text || Header("content-encoding").value_or("identity") != "identity") return std::nullopt;
  const std::optional<std::int64_t> length = ParseNumber(*text);
  return length && *length >= 0 ? length : std::nullopt;
}

}  // namespace relais
