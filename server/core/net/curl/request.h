// One request as libcurl wants it. It owns what libcurl only points to.

#ifndef RELAIS_SERVER_CORE_NET_CURL_REQUEST_H_
#define RELAIS_SERVER_CORE_NET_CURL_REQUEST_H_

#include <curl/curl.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/core/net/curl/file.h"
#include "server/core/net/curl/form.h"
#include "server/core/net/http_transport.h"

namespace relais {

// Whether `request` can be sent as it is; else GATEWAY_INTERNAL.
absl::Status CheckRequest(const HttpRequest& request);

class CurlRequest {
 public:
  // `easy` outlives what is set on it; this object outlives `easy`'s use.
  explicit CurlRequest(CURL* easy) : easy_(easy), form_(easy), file_(easy) {}

  // Replaces all that the request before has set. `request` has been checked and outlives the
  // transfer: its body is read from where it is. False: out of memory, or libcurl cannot sign.
  [[nodiscard]] bool Set(const HttpRequest& request);

  // After the transfer.
  void Clear() {
    form_.Clear();
    file_.Clear();
  }

  // Why the body could not be read; OK otherwise.
  const absl::Status& failure() const {
    return form_.failure().ok() ? file_.failure() : form_.failure();
  }

 private:
  bool SetMethod(const HttpRequest& request);
  void SetHeaders(const HttpRequest& request);
  bool SetLogin(const HttpRequest& request);
  bool SetSignature(const AwsSignature& signature);

  CURL* const easy_;
  CurlForm form_;
  CurlFile file_;
  bool has_login_ = false;           // or a signature
  std::string header_lines_;         // what the nodes of headers_ point into; kept for its memory
  std::vector<curl_slist> headers_;  // linked in order; kept for its memory
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_REQUEST_H_
