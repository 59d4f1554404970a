// A dialogue in which every request gets one answer at once, from memory. Server reflection is the
// only one.

#ifndef RELAIS_SERVER_RPC_CALLS_EXCHANGE_H_
#define RELAIS_SERVER_RPC_CALLS_EXCHANGE_H_

#include <memory>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call_shape.h"
#include "server/rpc/calls/caller_turn.h"

namespace relais::rpc {

class ExchangeCall final : public CallShape {
 public:
  using Method = AnsweredMethod<AnswerExchange>;

  static void Arm(const Method& method);

 private:
  explicit ExchangeCall(const Method& method)
      : CallShape(method), method_(method), stream_(&call().server_context()) {}

  void Request(void* arrived) override;
  void AwaitNext() override { Arm(method_); }
  void Begin() override;
  void Dispose() override;

  void OnInterrupted() override;

  void AwaitRequest();
  void OnRead(bool ok);
  void Take(bool request);
  void OnWritten(bool ok);
  void Finish(const absl::Status& status);

  const Method& method_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_;
  std::shared_ptr<CallerTurn> turn_;  // in which the caller sends a request
  std::optional<std::stop_callback<InterruptTurn>> on_drain_;
  MemberTag<ExchangeCall, &ExchangeCall::OnRead> read_tag_{this};
  MemberTag<ExchangeCall, &ExchangeCall::OnWritten> written_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_EXCHANGE_H_
