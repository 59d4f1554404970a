#include "server/core/net/curl/request_head.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

// What a header is to this file.
enum class HeaderKind { kOther, kFraming, kHost, kUserAgent, kAccept, kAcceptEncoding };

constexpr std::array<std::pair<std::string_view, HeaderKind>, 10> kHeaderKinds = {{
    {"host", HeaderKind::kHost},
    {"user-agent", HeaderKind::kUserAgent},
    {"accept", HeaderKind::kAccept},
    {"accept-encoding", HeaderKind::kAcceptEncoding},
    {"connection", HeaderKind::kFraming},
    {"content-length", HeaderKind::kFraming},
    {"expect", HeaderKind::kFraming},
    {"te", HeaderKind::kFraming},
    {"transfer-encoding", HeaderKind::kFraming},
    {"upgrade", HeaderKind::kFraming},
}};

HeaderKind KindOf(std::string_view name) {
  for (const auto& [known, kind] : kHeaderKinds) {
    if (name.size() == known.size() && absl::EqualsIgnoreCase(View(name), View(known))) return kind;
  }
  return HeaderKind::kOther;
}

bool IsOfAuthority(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
}

bool IsOfTarget(char c) { return c > ' ' && c < '\x7f' && c != '#'; }

// Without a port, or with one that can be.
bool HasGoodPort(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos) {
    return true;
  }
  const std::string_view port = authority.substr(colon + 1);
  int number = 0;
  for (const char c : port.substr(0, 6)) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  return number > 0 && number <= 65535;
}

// As others write it: the port of the scheme is not named.
std::string_view HostOf(const Destination& to) {
  std::string_view host = to.authority;
  const std::string_view usual = to.tls ? ":443" : ":80";
  if (host.ends_with(usual)) host.remove_suffix(usual.size());
  return host;
}

}  // namespace

std::optional<Destination> Destination::Of(std::string_view url) {
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return std::nullopt;
  const std::size_t begin = tls ? 8 : 7;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const Destination to = {.tls = tls,
                          .origin = url.substr(0, end),
                          .authority = url.substr(begin, end - begin),
                          .target = url.substr(end)};
  const bool plain = !to.authority.empty() && to.authority.front() != ':' &&
                     std::all_of(to.authority.begin(), to.authority.end(), IsOfAuthority) &&
                     HasGoodPort(to.authority) &&
                     std::all_of(to.target.begin(), to.target.end(), IsOfTarget);
  return plain ? std::optional(to) : std::nullopt;
}

bool SendsBody(const HttpRequest& request) {
  return request.method == "POST" || !request.body.empty() || !request.form.empty() ||
         request.file.file != nullptr;
}

std::optional<std::string> HeadOf(const HttpRequest& request, const Destination& to,
                                  std::string_view user_agent) {
  std::string head = absl::StrCat(request.method, " ", to.target.starts_with('/') ? "" : "/",
                                  View(to.target), " HTTP/1.1\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    absl::StrAppend(&head, View(name), value.empty() ? ":" : ": ", View(value), "\r\n");
  };
  std::bitset<kHeaderKinds.size()> given;
  for (const auto& [name, value] : request.headers) {
    const HeaderKind kind = KindOf(name);
    if (kind == HeaderKind::kFraming) return std::nullopt;
    given.set(static_cast<std::size_t>(kind));
    add(name, value);
  }
  const auto add_unless_given = [&](HeaderKind kind, std::string_view name,
                                    std::string_view value) {
    if (!given.test(static_cast<std::size_t>(kind))) add(name, value);
  };
  add_unless_given(HeaderKind::kHost, "Host", HostOf(to));
  add_unless_given(HeaderKind::kUserAgent, "User-Agent", user_agent);
  add_unless_given(HeaderKind::kAccept, "Accept", "*/*");
  add_unless_given(HeaderKind::kAcceptEncoding, "Accept-Encoding", "identity");
  if (SendsBody(request)) {
    absl::StrAppend(&head, "Content-Length: ", request.body.size(), "\r\n");
  }
  return head += "\r\n";
}

}  // namespace relais
