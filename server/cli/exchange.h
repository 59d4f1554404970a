// One gRPC call of any shape, in bytes.

#ifndef RELAIS_SERVER_CLI_EXCHANGE_H_
#define RELAIS_SERVER_CLI_EXCHANGE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace relais::cli {

// What all calls of one command have in common.
struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::chrono::system_clock::time_point deadline;
};

// Sends `requests`, serialised messages, and hands over each response as it arrives. `method` is
// the path "/package.Service/Method". Blocks until the call has ended.
grpc::Status Exchange(const Connection& connection, const std::string& method,
                      const std::vector<std::string>& requests,
                      const std::function<void(const std::string& response)>& on_response);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_EXCHANGE_H_
