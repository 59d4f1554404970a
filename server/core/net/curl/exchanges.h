// Requests with a text as their body and replies that fit into memory, over connections that
// libcurl makes: nine of ten calls. For these alone a transfer of libcurl would take 100 000
// instructions, half of a whole call (ADR 22).

#ifndef RELAIS_SERVER_CORE_NET_CURL_EXCHANGES_H_
#define RELAIS_SERVER_CORE_NET_CURL_EXCHANGES_H_

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/curl/request_head.h"
#include "server/core/net/curl/transport.h"
#include "server/core/net/dialer.h"
#include "server/core/net/http_transport.h"

namespace relais {

class Exchanges {
 public:
  // `options` outlives this object.
  explicit Exchanges(const CurlOptions& options) : options_(options) {}

  // As Transport::Send; `request` has been checked, `now` is the current time. None: the request
  // needs more (a form, a file, a login, a signature, an unusual address or header).
  std::optional<absl::StatusOr<HttpReply>> Send(const CallContext& context,
                                                const HttpRequest& request, absl::Duration timeout,
                                                absl::Time now);

 private:
  struct Idle {
    std::string origin;
    std::unique_ptr<ByteStream> stream;
    absl::Time since;
  };
  class Exchange;

  absl::StatusOr<std::unique_ptr<ByteStream>> Dial(const CallContext& context,
                                                   const Destination& to, absl::Duration timeout);
  std::unique_ptr<ByteStream> Take(std::string_view origin, absl::Time now);  // null: none is idle
  std::optional<Idle> Pop(std::string_view origin);
  void GiveBack(std::string_view origin, std::unique_ptr<ByteStream> stream);

  const CurlOptions& options_;
  std::mutex mu_;
  std::deque<Idle> idle_;  // under mu_; last used at the end, so that connections stay warm
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_EXCHANGES_H_
