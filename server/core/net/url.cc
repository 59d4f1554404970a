#include "server/core/net/url.h"

namespace relais {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string PercentEncode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 0xf];
    }
  }
  return encoded;
}

std::string FormEncode(const QueryParameters& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs) {
    if (!form.empty()) form += '&';
    form.append(PercentEncode(name)).append("=").append(PercentEncode(value));
  }
  return form;
}

std::string MakeUrl(std::string_view base, std::string_view path, const QueryParameters& query) {
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string url(base);
  url += path;
  if (!query.empty()) url.append("?").append(FormEncode(query));
  return url;
}

}  // namespace relais
