// One libcurl easy handle with its own multi handle, and so its own connections. The multi handle
// is there for curl_multi_wakeup: a cancelled call leaves the transfer at once; and so that a
// transfer rests while nobody reads it.

#ifndef RELAIS_SERVER_CORE_NET_CURL_HANDLE_H_
#define RELAIS_SERVER_CORE_NET_CURL_HANDLE_H_

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/curl/reply.h"
#include "server/core/net/curl/request.h"
#include "server/core/net/curl/transport.h"
#include "server/core/net/http_transport.h"

namespace relais {

// Used by one thread at a time.
class CurlHandle {
 public:
  // Null when libcurl has no memory left. `options` outlives the handle.
  static std::unique_ptr<CurlHandle> Make(const CurlOptions& options);
  ~CurlHandle();
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  // As Transport::Send; `request` has been checked, `now` is the current time.
  absl::StatusOr<HttpReply> Exchange(const CallContext& context, const HttpRequest& request,
                                     absl::Duration timeout, absl::Time now);

  // The same in steps. Begin works as HttpTransport::Open and returns the head. Only after its
  // success call Read any number of times (as HttpStream::Read), then End once. `request` outlives
  // End.
  absl::StatusOr<HttpReply> Begin(const CallContext& context, const HttpRequest& request,
                                  absl::Duration timeout, absl::Time now);
  absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes);
  void End();
  // Gives back the memory of what was received.
  void ReleaseReply();

 private:
  // What libcurl calls.
  struct Callbacks;

  CurlHandle(CURL* easy, CURLM* multi, const CurlOptions& options);

  void SetConstantOptions();
  bool AddBody(std::string_view part);
  void Start(const HttpRequest& request);
  // Lets the transfer go on until `enough` holds or result_ is known.
  void Run(const CallContext& context, absl::Time limit, absl::FunctionRef<bool()> enough);
  void Resume(std::size_t max_bytes);
  absl::Status Outcome(const CallContext& context) const;

  CURL* const easy_;
  CURLM* const multi_;
  const CurlOptions& options_;
  CurlRequest request_;
  CurlReply reply_;
  std::size_t read_bytes_ = 0;      // what the present Read may return
  std::optional<CURLcode> result_;  // none: the transfer is under way
  std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_HANDLE_H_
