#include "server/core/net/url.h"

#include <algorithm>

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

UrlParts PartsOf(std::string_view url) {
  UrlParts parts;
  const auto colon = url.find("://");
  parts.scheme = url.substr(0, colon);
  url.remove_prefix(std::min(url.size(), colon + 3));
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = std::min(url.find('/'), url.size());
  parts.path = url.substr(slash);
  std::string_view authority = url.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  parts.authority = authority;
  parts.port = parts.scheme == "https" ? 443 : 80;
  const auto last = authority.rfind(':');
  const bool has_port =
      last != std::string_view::npos && authority.find(']', last) == std::string_view::npos;
  if (has_port) {
    parts.port = 0;
    for (const char c : authority.substr(last + 1))
      parts.port = std::min<std::int64_t>(parts.port * 10 + (c - '0'), 65535);
    authority = authority.substr(0, last);
  }
  if (authority.size() > 1 && authority.front() == '[')
    authority = authority.substr(1, authority.size() - 2);
  parts.host = authority;
  return parts;
}

}  // namespace relais
