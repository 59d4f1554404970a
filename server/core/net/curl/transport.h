// HttpTransport over libcurl: HTTP/1.1, reused connections, certificates always verified, TLS 1.2
// at least, no redirects, no other protocols, no proxy: the environment (http_proxy and the like)
// is not looked at.

#ifndef RELAIS_SERVER_CORE_NET_CURL_TRANSPORT_H_
#define RELAIS_SERVER_CORE_NET_CURL_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/http_transport.h"

namespace relais {

class CurlHandle;
class Exchanges;

struct CurlOptions {
  absl::Duration connect_timeout = absl::Seconds(5);
  // A transfer slower than this many bytes per second for that long (whole seconds) counts as a
  // timeout; of a stream, only the time counts in which its reader waits.
  std::int64_t low_speed_bytes = 1;
  absl::Duration low_speed_time = absl::Seconds(30);
  std::int64_t max_response_bytes = 64 << 20;  // of the body; not of a stream's
  std::string ca_file{};                       // PEM; empty = the system's authorities
  std::string pinned_public_key{};             // as CURLOPT_PINNEDPUBLICKEY; empty = none
  std::string user_agent = "relais";
  std::size_t idle_handles = 4;  // that keep their connection for the next request, at most
};

class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(CurlOptions options);
  ~CurlTransport() override;  // no Send may be running, no stream be left
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  absl::StatusOr<HttpReply> Send(const CallContext& context, const HttpRequest& request,
                                 absl::Duration timeout) override;
  absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                   const HttpRequest& request,
                                                   absl::Duration timeout) override;

 private:
  class Stream;

  absl::StatusOr<std::unique_ptr<CurlHandle>> Take();
  void GiveBack(std::unique_ptr<CurlHandle> handle);

  const CurlOptions options_;
  const std::unique_ptr<Exchanges> exchanges_;

  std::mutex mu_;
  struct Idle {
    std::unique_ptr<CurlHandle> handle;
    absl::Time since;
  };
  // Under mu_; last used at the end, so that connections stay warm.
  std::deque<Idle> idle_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_TRANSPORT_H_
