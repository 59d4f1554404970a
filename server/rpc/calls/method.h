// A method as the server knows it: by its descriptor, with messages as bytes. What a service is
// made of needs no generated gRPC code.

#ifndef RELAIS_SERVER_RPC_CALLS_METHOD_H_
#define RELAIS_SERVER_RPC_CALLS_METHOD_H_

#include <list>
#include <string>

#include "google/protobuf/descriptor.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/call.h"

namespace relais::rpc {

// A service whose methods are added one by one; those that are not answer UNIMPLEMENTED.
class ByteService final : public grpc::Service {
 public:
  using Type = grpc::internal::RpcMethod::RpcType;

  // Gives the method's index. `path` is "/package.Service/Method".
  int Add(std::string path, Type type) {
    const int index = static_cast<int>(paths_.size());
    paths_.push_back(std::move(path));
    AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
    MarkMethodRaw(index);
    return index;
  }

  // Each asks for one call of a method; `tag` completes when it has come.
  using grpc::Service::RequestAsyncBidiStreaming;
  using grpc::Service::RequestAsyncClientStreaming;
  using grpc::Service::RequestAsyncServerStreaming;
  using grpc::Service::RequestAsyncUnary;

 private:
  std::list<std::string> paths_;  // gRPC keeps pointers to them
};

// What every shape needs to know of its method. Constant for the life of the server.
struct Method {
  ByteService* service;
  int index;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
};

// A method and what answers its calls.
template <typename Accept>
struct AnsweredMethod : Method {
  Accept accept;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_METHOD_H_
