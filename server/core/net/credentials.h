// Credentials as HTTP carries them.

#ifndef RELAIS_SERVER_CORE_NET_CREDENTIALS_H_
#define RELAIS_SERVER_CORE_NET_CREDENTIALS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/core/base/secret.h"

namespace relais {

// A login by handshake, after which the connection, not each request, is trusted.
struct ConnectionLogin {
  enum class Scheme { kNtlm, kNegotiate };

  Scheme scheme = Scheme::kNtlm;
  // "user" or "DOMAIN\user". Empty with kNegotiate: whoever the process's Kerberos ticket names.
  std::string user{};
  Secret password{};
};

// A signature of each request by AWS's Signature Version 4. No value has a colon.
struct AwsSignature {
  std::string region{};
  std::string service{};  // "s3"
  std::string access_key_id{};
  Secret secret_access_key{};
};

// Whether the installed libcurl can log in that way.
bool SupportsLogin(ConnectionLogin::Scheme scheme);

// The value of an Authorization header (RFC 7617). INTERNAL / GATEWAY_INTERNAL when there is none
// for such a name or password: a colon in the name, or a control character.
absl::StatusOr<Secret> BasicAuthorization(std::string_view user, const Secret& password);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CREDENTIALS_H_
