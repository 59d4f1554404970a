#include "server/config/forms/address.h"

#include <arpa/inet.h>
#include <server/config/config.pb.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace relais::config {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kLongestUnixPath = 107;  // sockaddr_un
constexpr std::size_t kLongestHost = 253;

struct HostPort {
  std::string_view host;  // without brackets
  std::string_view port;  // digits, or empty if there is no colon
  bool bracketed = false;
  bool has_port = false;
};

// Nothing if the brackets do not match or something stands between them and the port.
std::optional<HostPort> SplitHostPort(std::string_view text) {
  HostPort parts;
  std::size_t host_end = text.find(':');
  if (!text.empty() && text.front() == '[') {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    parts.bracketed = true;
    parts.host = text.substr(1, bracket - 1);
    host_end = bracket + 1;
    if (host_end < text.size() && text[host_end] != ':') return std::nullopt;
  } else {
    parts.host = text.substr(0, host_end);
  }
  if (host_end < text.size()) {
    parts.has_port = true;
    parts.port = text.substr(host_end + 1);
  }
  return parts;
}

bool IsIpv4(std::string_view host) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

bool IsIpv6(std::string_view host) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
}

bool IsHostName(std::string_view host) {
  bool has_letter = false;
  for (const char c : host) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.' && c != '_') return false;
    has_letter = has_letter || absl::ascii_isalpha(c);
  }
  // Without a letter it is a misspelt IPv4 address.
  return has_letter && host.size() <= kLongestHost;
}

std::optional<int> ParsePort(std::string_view port) {
  const auto is_digit = [](char c) { return absl::ascii_isdigit(c); };
  if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) {
    return std::nullopt;
  }
  const int value = std::stoi(std::string(port));
  if (value > 65535) return std::nullopt;
  return value;
}

std::optional<std::string> CheckHost(const HostPort& parts) {
  const bool valid =
      parts.bracketed ? IsIpv6(parts.host) : IsIpv4(parts.host) || IsHostName(parts.host);
  if (valid) return std::nullopt;
  return "the host must be an IPv4 address, an IPv6 address in brackets or a name.";
}

std::optional<std::string> CheckUnixPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return "must have an absolute path after \"unix:\".";
  if (path.size() > kLongestUnixPath) return "the path of a Unix socket has at most 107 bytes.";
  return std::nullopt;
}

std::optional<std::string> CheckAuthority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return "must not contain a user or a password; they have keys of their own.";
  }
  const auto parts = SplitHostPort(authority);
  if (!parts) return "the host must be an IPv4 address, an IPv6 address in brackets or a name.";
  if (parts->host.empty()) return "has no host; write it like https://erp.example/path.";
  if (auto problem = CheckHost(*parts)) return problem;
  if (parts->has_port && ParsePort(parts->port).value_or(0) == 0)
    return "the port must be 1 to 65535.";
  return std::nullopt;
}

// What stands between "://" and the path; nothing without "://".
std::optional<std::string_view> AuthorityOf(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view rest = url.substr(colon + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool IsLoopbackHost(std::string_view host) {
  return (IsIpv4(host) && host.substr(0, 4) == "127.") || host == "::1" ||
         absl::EqualsIgnoreCase({host.data(), host.size()}, "localhost");
}

}  // namespace

std::optional<std::string> CheckAddressForm(std::string_view address, bool unix_allowed) {
  if (address.substr(0, kUnix.size()) == kUnix) {
    if (!unix_allowed) return "must be host:port; a Unix socket is not possible here.";
    return CheckUnixPath(address.substr(kUnix.size()));
  }
  const auto parts = SplitHostPort(address);
  if (parts && parts->host.empty() && parts->has_port) {
    return "has no host; write 127.0.0.1 for this machine or 0.0.0.0 for all its addresses.";
  }
  if (IsIpv6(address)) return "an IPv6 address must be in brackets, for example [::1]:50051.";
  if (!parts || !parts->has_port) {
    return unix_allowed ? "must be host:port or unix:/path." : "must be host:port.";
  }
  if (auto problem = CheckHost(*parts)) return problem;
  if (!ParsePort(parts->port)) return "the port must be 0 to 65535.";
  return std::nullopt;
}

std::optional<std::string> CheckBaseUrl(std::string_view url) {
  const auto is_allowed = [](char c) { return absl::ascii_isgraph(c) && c != '\\' && c != '"'; };
  if (!std::all_of(url.begin(), url.end(), is_allowed)) {
    return "must not contain spaces, quotes, backslashes or letters beyond ASCII.";
  }
  const auto authority = AuthorityOf(url);
  const std::string scheme = absl::AsciiStrToLower(std::string(url.substr(0, url.find("://"))));
  if (!authority || (scheme != "http" && scheme != "https")) {
    return "must begin with https:// or http://.";
  }
  if (auto problem = CheckAuthority(*authority)) return problem;
  if (url.find_first_of("?#") != std::string_view::npos)
    return "must not have a query or a fragment.";
  return std::nullopt;
}

bool IsLoopback(std::string_view address) {
  const auto parts = SplitHostPort(address);
  return parts && IsLoopbackHost(parts->host);
}

bool IsPlainTextOverNetwork(std::string_view url) {
  const auto authority = AuthorityOf(url);
  const bool plain = absl::StartsWithIgnoreCase({url.data(), url.size()}, "http://");
  return plain && authority && !IsLoopback(*authority);
}

absl::Status CheckListenAddress(const v1::Server& server) {
  const std::string& listen = server.listen();
  if (listen.rfind(kUnix, 0) == 0 || IsLoopback(listen)) return absl::OkStatus();
  if (server.behind_proxy() || !server.tls().client_ca_file().empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "is not a loopback address; set tls with client_ca_file, or behind_proxy: true if a proxy "
      "that "
      "speaks TLS stands before it.");
}

absl::Status CheckAdminAddress(const v1::Admin& admin) {
  if (admin.allow_remote() || IsLoopback(admin.listen())) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "is not a loopback address; set admin.allow_remote: true if only operators and probes can "
      "reach it.");
}

}  // namespace relais::config
