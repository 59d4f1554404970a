// Addresses put together from parts, so that no part can be taken for another.

#ifndef RELAIS_SERVER_CORE_NET_URL_H_
#define RELAIS_SERVER_CORE_NET_URL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relais {

// `text` as one segment of a path, or as a name or a value in a query: every byte is written as %XX
// but the unreserved ones of RFC 3986 (letters, digits, "-", ".", "_", "~"). The segments "." and
// ".." come out as they are; CurlTransport sends no URL that has them.
std::string PercentEncode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// `base` without slashes at its end, `path` (with its leading slash; its variable segments are
// encoded already) and "?name=value&…", whose names and values are encoded here.
std::string MakeUrl(std::string_view base, std::string_view path,
                    const QueryParameters& query = {});

// The same pairs as application/x-www-form-urlencoded, for a request's body; "%20" for a blank,
// which every reader of the format takes.
std::string FormEncode(const QueryParameters& pairs);

struct UrlParts {
  std::string scheme;     // "https"
  std::string authority;  // "erp.example:8443", without a user
  std::string host;       // "erp.example"; of IPv6 without brackets
  std::int64_t port;      // that of the scheme where none is named
  std::string path;       // "/a/b"; without query and fragment
};
// Of an absolute http or https URL.
UrlParts PartsOf(std::string_view url);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_URL_H_
