#include "server/net/http_transport.h"

namespace relais {

std::optional<std::string_view> HttpReply::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace relais
