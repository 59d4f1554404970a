// Bearer tokens of an OpenID provider: for the gateway itself (client credentials), or for the
// account that a refresh token stands for.

#ifndef RELAIS_SERVER_GATEWAY_LOGINS_OIDC_H_
#define RELAIS_SERVER_GATEWAY_LOGINS_OIDC_H_

#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/http_upstream.h"
#include "server/core/upstream/session.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/gateway/logins/oidc_codec.h"

namespace relais::gateway {

struct OidcOptions {
  std::string service;     // its word, for errors
  std::string connection;  // for errors
  // URL up to what precedes "/.well-known/openid-configuration".
  std::string authority{};
  // Not empty: where tokens are given, whatever `authority` says; the secret goes into the form.
  std::string token_endpoint{};
  std::string client_id;
  Secret client_secret{};  // empty: the client has none
  Secret refresh_token{};  // empty: client credentials
  std::string scope{};     // empty: not sent
  std::string audience{};  // empty: not sent
};

class OidcLogin {
 public:
  // `transport` and `scheduler` outlive the login.
  OidcLogin(OidcOptions options, HttpTransport& transport, Scheduler& scheduler);

  // A new token; the credential's is the whole Authorization header. Blocks; made for Session,
  // which sees to it that one login runs at a time. INTERNAL / GATEWAY_CREDENTIAL_REJECTED with
  // metadata `upstreamCode` when the provider refuses the client or its refresh token; INTERNAL /
  // UPSTREAM_CONTRACT_BROKEN when there is no such provider; otherwise as HttpUpstream::Send. A new
  // refresh token replaces the one before, in memory.
  absl::StatusOr<Credential> LogIn(const CallContext& context);

 private:
  absl::StatusOr<OidcProvider> Provider(const CallContext& context);
  absl::StatusOr<HttpRequest> TokenRequest(const OidcProvider& provider) const;
  absl::StatusOr<OidcToken> AskForToken(const CallContext& context, const OidcProvider& provider);

  const OidcOptions options_;
  Scheduler& scheduler_;
  UpstreamMetrics metrics_;
  HttpUpstream upstream_;

  mutable std::mutex mu_;
  // Under mu_:
  Secret refresh_token_;
  std::optional<OidcProvider> provider_;  // until a login fails
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_LOGINS_OIDC_H_
