// The call shape Unary: one request, one reply. The function runs on an executor and finishes the
// call itself.

#ifndef RELAIS_SERVER_RPC_CALLS_UNARY_H_
#define RELAIS_SERVER_RPC_CALLS_UNARY_H_

#include "absl/status/statusor.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call_shape.h"

namespace relais::rpc {

class UnaryCall final : public CallShape {
 public:
  using Method = AnsweredMethod<AcceptUnary>;

  static void Arm(const Method& method);

 private:
  explicit UnaryCall(const Method& method)
      : CallShape(method), method_(method), responder_(&call().server_context()) {}

  void Request(void* arrived) override;
  void AwaitNext() override { Arm(method_); }
  void Begin() override;

  // On a worker.
  void Run();
  void Finish(const absl::StatusOr<grpc::ByteBuffer>& reply);

  const Method& method_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_;
  Work work_;
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_UNARY_H_
