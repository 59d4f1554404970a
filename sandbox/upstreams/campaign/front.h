// The reference protocol of campaigns, ours and not the vendor's, whose own is not public. The same
// JSON over two transports:
//
//   POST /{alias}/gt/v1/{command}, the session in X-Gt-Session, the arguments as the body
//   a frame {"command": …, "session": …, "arguments": {…}} over TCP
//
// Answers are {"result": {…}} or {"error": {"family", "code", "message"}}, over HTTP with status
// 200.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_FRONT_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_FRONT_H_

#include <optional>
#include <string>

#include "sandbox/http/message.h"
#include "sandbox/http/operation.h"
#include "sandbox/upstream.h"
#include "sandbox/upstreams/campaign/instance.h"

namespace relais::sandbox::campaign {

// Thread-safe.
class Front {
 public:
  // `instance` outlives the front.
  explicit Front(Instance* instance) : instance_(instance) {}

  // Nothing when the path is not the instance's. `request` must outlive the call.
  std::optional<UpstreamCall> Route(const HttpRequest& request);

  // One frame as if it were a request, so that both transports are counted and disturbed alike:
  // its path is that of HTTP.
  static HttpRequest RequestOf(const std::string& frame, const std::string& alias);

 private:
  HttpReply Serve(const std::string& command, const HttpRequest& request);

  Instance* const instance_;
};

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_FRONT_H_
