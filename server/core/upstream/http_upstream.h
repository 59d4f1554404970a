// An upstream that speaks HTTP, so that its back end writes only what is particular to it: how a
// request is built and what a reply means.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_
#define RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/breaker.h"
#include "server/core/upstream/session.h"
#include "server/core/upstream/upstream.h"
#include "server/core/upstream/upstream_metrics.h"

namespace relais {

class HttpUpstream {
 public:
  // Makes the request of one attempt; called again for every attempt with the credential then
  // valid.
  using BuildRequest = absl::FunctionRef<HttpRequest(const Credential&)>;
  // What a reply means: OK, or the error to return, whose reason Upstream::Try speaks of.
  using Classify = absl::FunctionRef<absl::Status(const HttpReply&, const Credential&)>;

  // `transport` outlives the upstream; the others are as of Upstream.
  HttpUpstream(std::string service, std::string connection, HttpTransport& transport,
               Scheduler& scheduler, UpstreamMetrics& metrics, UpstreamPolicy policy,
               SessionPolicy session_policy, Login login);

  // One call, as Upstream::Call.
  absl::StatusOr<HttpReply> Send(const CallContext& context, const SendOptions& options,
                                 BuildRequest build, Classify classify);

  // The same for a body that is pulled: attempts until the head of a reply is in and classified.
  // `classify` sees the body only of a reply that is no success. Later failures are not repeated;
  // they have the same metadata and are counted. The stream must not outlive upstream or transport.
  // UNAVAILABLE / UPSTREAM_SATURATED when as many are open as the policy allows: nothing was sent.
  absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                   const SendOptions& options, BuildRequest build,
                                                   Classify classify);

  // See Upstream::KeepSecret.
  void KeepSecret(std::vector<Secret> secrets) { upstream_.KeepSecret(std::move(secrets)); }
  void ConcealSecrets(std::string& text) const { upstream_.ConcealSecrets(text); }

  Session& session() { return upstream_.session(); }
  const Breaker& breaker() const { return upstream_.breaker(); }

 private:
  Upstream upstream_;
  HttpTransport& transport_;
  Ceiling open_streams_;
};

// Adds what every request to an upstream carries: the trace of its call.
void AddTraceContext(const CallContext& context, HttpRequest& request);

// What a trace tells of a request over HTTP.
void Describe(const HttpRequest& request, Span& span);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_
