// TCP, with or without TLS, over libcurl.

#ifndef RELAIS_SERVER_CORE_NET_TCP_DIALER_H_
#define RELAIS_SERVER_CORE_NET_TCP_DIALER_H_

#include <memory>
#include <string>

#include "server/core/net/dialer.h"

namespace relais {

struct TcpOptions {
  std::string host{};  // name or address, also of IPv6
  int port = 0;
  bool tls = false;  // the certificate is always verified, TLS 1.2 at least
  // Of the certificate and in the handshake, in place of `host`; empty: `host`.
  std::string server_name{};
  bool tls13_only = false;
  bool http = false;          // the handshake says that HTTP/1.1 is spoken
  std::string ca_file{};      // PEM; empty: the system's authorities
  std::string unix_socket{};  // path of a local socket, in place of host and port; empty: none
  std::string pinned_public_key{};  // as CURLOPT_PINNEDPUBLICKEY; empty: none
};

class TcpDialer final : public Dialer {
 public:
  explicit TcpDialer(TcpOptions options);

  absl::StatusOr<std::unique_ptr<ByteStream>> Dial(const CallContext& context,
                                                   absl::Duration timeout) override;

 private:
  const TcpOptions options_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_TCP_DIALER_H_
