// One libcurl easy handle with its own multi handle, and so its own connections. The multi handle
// is there for curl_multi_wakeup: a cancelled call leaves the transfer at once.

#ifndef RELAIS_SERVER_NET_CURL_HANDLE_H_
#define RELAIS_SERVER_NET_CURL_HANDLE_H_

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/call_context.h"
#include "server/net/curl_reply.h"
#include "server/net/curl_transport.h"
#include "server/net/http_transport.h"

namespace relais {

// Used by one thread at a time.
class CurlHandle {
 public:
  // Null when libcurl has no memory left. `options` outlives the handle.
  static std::unique_ptr<CurlHandle> Make(const CurlOptions& options);
  ~CurlHandle();
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  // As HttpTransport::Send; `request` has been checked, `now` is the current time.
  absl::StatusOr<HttpReply> Exchange(const CallContext& context, const HttpRequest& request,
                                     absl::Duration timeout, absl::Time now);

 private:
  CurlHandle(CURL* easy, CURLM* multi, const CurlOptions& options);

  void SetConstantOptions();
  void SetRequest(const HttpRequest& request, absl::Duration limit);
  void SetMethod(const HttpRequest& request);
  void SetHeaders(const HttpRequest& request);
  CURLcode Transfer(const CallContext& context);

  CURL* const easy_;
  CURLM* const multi_;
  const CurlOptions& options_;
  CurlReply reply_;
  std::string header_lines_;         // what the nodes of headers_ point into; kept for its memory
  std::vector<curl_slist> headers_;  // linked in order; kept for its memory
  std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace relais

#endif  // RELAIS_SERVER_NET_CURL_HANDLE_H_
