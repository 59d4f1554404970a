// How a failed call is shown.

#ifndef RELAIS_SERVER_CLI_FAILURE_H_
#define RELAIS_SERVER_CLI_FAILURE_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "grpcpp/support/status.h"

namespace relais::cli {

// "NOT_FOUND: There is no …", then each detail as its type and JSON. The types come from `pool`,
// else from those that are compiled in.
std::string TextOf(const grpc::Status& status, const google::protobuf::DescriptorPool& pool);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_FAILURE_H_
