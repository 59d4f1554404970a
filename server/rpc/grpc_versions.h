// What the versions of gRPC that Relais is built with do differently: 1.51, Debian's, and today's.
// Nothing else of the gateway asks for the version.

#ifndef RELAIS_SERVER_RPC_GRPC_VERSIONS_H_
#define RELAIS_SERVER_RPC_GRPC_VERSIONS_H_

#include <memory>
#include <string_view>

#include "grpc/grpc_security.h"
#include "grpcpp/security/server_credentials.h"

namespace relais::rpc {

// Credentials of the C face, which are taken over; `owner` lives as long as they do.
std::shared_ptr<grpc::ServerCredentials> CredentialsOver(grpc_server_credentials* credentials,
                                                         std::shared_ptr<void> owner);

// Gives what gRPC logs as an error to `log` instead of standard error. For the rest of the process.
void TakeGrpcErrors(void (*log)(std::string_view message));

// Whether headers that are too large end their connection, with all of its calls, or their call
// alone.
bool LargeHeadersEndTheirConnection();

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_GRPC_VERSIONS_H_
