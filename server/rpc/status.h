// The one place where an internal error becomes what a caller sees.

#ifndef RELAIS_SERVER_RPC_STATUS_H_
#define RELAIS_SERVER_RPC_STATUS_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace relais::rpc {

// Error details larger than this would make clients fail in other ways; the least important parts
// are dropped.
inline constexpr std::size_t kMaxDetailBytes = 4096;

// Converts `status` with its google.rpc details: always one ErrorInfo (domain "relais"), whose
// metadata gets `service` (the word, e.g. "recordsql"), `method` and `connection` where they are
// missing; RetryInfo, BadRequest and LocalizedMessage where they apply.
grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view service,
                          std::string_view method, std::string_view request_id);

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_STATUS_H_
