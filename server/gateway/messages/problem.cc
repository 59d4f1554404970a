#include "server/gateway/messages/problem.h"

#include "server/rpc/status.h"

namespace relais::gateway {

google::rpc::Status ProblemOf(const absl::Status& status, std::string_view service,
                              std::string_view method) {
  google::rpc::Status problem;
  problem.ParseFromString(rpc::ToGrpcStatus(status, service, method, "").error_details());
  return problem;
}

}  // namespace relais::gateway
