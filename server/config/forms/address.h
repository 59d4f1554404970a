// Addresses: where the gateway listens, where an upstream is.

#ifndef RELAIS_SERVER_CONFIG_FORMS_ADDRESS_H_
#define RELAIS_SERVER_CONFIG_FORMS_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace relais::config::v1 {
class Admin;
class Server;
}  // namespace relais::config::v1

namespace relais::config {

// What is wrong with `address` as host:port or, where allowed, unix:/path; nothing if it is fine. A
// host is an IPv4 address, an IPv6 address in brackets or a name; the port is 0 to 65535.
std::optional<std::string> CheckAddressForm(std::string_view address, bool unix_allowed);

// What is wrong with `url` as the place of an upstream; never repeats the URL, which might contain
// a password. http or https, a host, no user, query or fragment.
std::optional<std::string> CheckBaseUrl(std::string_view url);

// Whether `address` (host:port) is reachable from this machine only: 127.0.0.0/8, ::1 or localhost.
bool IsLoopback(std::string_view address);

// Whether `url` (a valid base URL) sends plain text over a network.
bool IsPlainTextOverNetwork(std::string_view url);

// OK unless `server` would offer plain text, or TLS that anyone may use, beyond this machine:
// INVALID_ARGUMENT that says what to do. A Unix socket, a loopback address, `behind_proxy` and
// `tls.client_ca_file` are fine.
absl::Status CheckListenAddress(const v1::Server& server);

// The same for the operators' port, which has no authentication.
absl::Status CheckAdminAddress(const v1::Admin& admin);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_FORMS_ADDRESS_H_
