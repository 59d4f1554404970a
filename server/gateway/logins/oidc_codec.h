// What an OpenID provider says, and what is said to it: discovery and the token endpoint (RFC
// 6749). No error here ever shows a secret or what the provider wrote.

#ifndef RELAIS_SERVER_GATEWAY_LOGINS_OIDC_CODEC_H_
#define RELAIS_SERVER_GATEWAY_LOGINS_OIDC_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/secret.h"

namespace relais::gateway {

struct OidcProvider {
  std::string token_endpoint;  // http or https
  // How a client proves its identity: its secret in a Basic header, else in the form.
  bool takes_basic = true;
};

struct OidcToken {
  Secret access_token;   // fits into a header
  absl::Duration life;   // more than nothing
  Secret refresh_token;  // empty: the one before goes on
};

// UPSTREAM_MALFORMED_RESPONSE for what is not such a document.
absl::StatusOr<OidcProvider> DecodeProvider(const std::string& body);
absl::StatusOr<OidcToken> DecodeToken(const std::string& body);

// The `error` of a refusal if it is one of RFC 6749's, else empty.
std::string DecodeTokenError(const std::string& body);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_LOGINS_OIDC_CODEC_H_
