// Who calls: what the caller's certificate says, and what a front says of the caller that it has
// let through.

#ifndef RELAIS_SERVER_RPC_CALLS_CALLER_H_
#define RELAIS_SERVER_RPC_CALLS_CALLER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"

namespace relais::rpc {

struct CallerRules {
  // Of which a caller's certificate has one as a subject alternative name. Empty: any certificate
  // will do, and none where none is asked for.
  std::vector<std::string> certificate_names;
  // Metadata in which the front names its caller. Empty: nobody is believed.
  std::string header;
};

// PERMISSION_DENIED / NOT_PERMITTED_BY_CONFIGURATION unless the certificate has one of the names.
absl::Status CheckCertificate(const CallerRules& rules, const grpc::AuthContext& peer);

// As the front names the caller; empty: it does not, or not in up to 256 printable characters.
std::string NamedCaller(const CallerRules& rules, const grpc::ServerContextBase& context);

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_CALLER_H_
