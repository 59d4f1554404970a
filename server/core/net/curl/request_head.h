// What a request begins with on the wire.

#ifndef RELAIS_SERVER_CORE_NET_CURL_REQUEST_HEAD_H_
#define RELAIS_SERVER_CORE_NET_CURL_REQUEST_HEAD_H_

#include <optional>
#include <string>
#include <string_view>

#include "server/core/net/http_transport.h"

namespace relais {

// A URL taken apart, whose text it points into.
struct Destination {
  bool tls = false;
  std::string_view origin;     // "http://erp.example:8443"
  std::string_view authority;  // "erp.example:8443"
  std::string_view target;     // "/a?b=c"; may be empty, or begin with the "?"

  // None: the URL needs more than that (a user, characters to be encoded, …).
  static std::optional<Destination> Of(std::string_view url);
};

// The lines before the body, with the empty line at their end. `request` has been checked; none: a
// header says how the body is framed, or what the connection is for.
std::optional<std::string> HeadOf(const HttpRequest& request, const Destination& to,
                                  std::string_view user_agent);

// Whether a body is announced, be it empty.
bool SendsBody(const HttpRequest& request);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_REQUEST_HEAD_H_
