// The call shape Upload: the caller sends a stream and gets one response. The next message is read
// when the one before is stored: one operation at any time, so memory is bounded and a caller that
// is faster than its sink waits.

#ifndef RELAIS_SERVER_RPC_CALLS_UPLOAD_H_
#define RELAIS_SERVER_RPC_CALLS_UPLOAD_H_

#include <memory>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call_shape.h"
#include "server/rpc/calls/caller_turn.h"
#include "server/rpc/calls/place_wait.h"

namespace relais::rpc {

class UploadCall final : public CallShape {
 public:
  using Method = AnsweredMethod<AcceptUpload>;

  static void Arm(const Method& method);

 private:
  explicit UploadCall(const Method& method)
      : CallShape(method), method_(method), stream_(&call().server_context()) {}

  void Request(void* arrived) override;
  void AwaitNext() override { Arm(method_); }
  void Begin() override;

  void OnInterrupted() override;

  void AwaitMessage();
  void OnRead(bool ok);
  void Take(bool message);
  // The first message.
  void Accept();
  void OnGreeted(bool ok);
  // Lets a worker take `step`, now or when the executor has a place.
  void Go(void (UploadCall::*step)());
  absl::Status CheckGoingOn();
  // On a worker.
  void Store();
  // On a worker.
  void Complete();
  void Finish(const absl::StatusOr<grpc::ByteBuffer>& response);

  const Method& method_;
  grpc::ByteBuffer message_;
  grpc::ServerAsyncReader<grpc::ByteBuffer, grpc::ByteBuffer> stream_;
  UploadSink sink_;
  std::shared_ptr<CallerTurn> turn_;  // in which the caller sends a message
  std::optional<std::stop_callback<InterruptTurn>> on_cut_;
  bool accepted_ = false;   // the first message has come
  bool under_way_ = false;  // a worker was asked for a step
  PlaceWait place_wait_;
  MemberTag<UploadCall, &UploadCall::OnRead> read_tag_{this};
  MemberTag<UploadCall, &UploadCall::OnGreeted> greeted_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_UPLOAD_H_
