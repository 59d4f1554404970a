// The call shape State: the current state at once, then changes, newest only. The call asks its
// source for the next message when it has sent the one before, so a slow caller costs bounded
// memory and never sees time run backwards.

#ifndef RELAIS_SERVER_RPC_CALLS_STATE_H_
#define RELAIS_SERVER_RPC_CALLS_STATE_H_

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call_shape.h"

namespace relais::rpc {

// Three flags under one lock decide who takes the next step. `busy_`: someone is taking one, which
// lasts until the message it wrote is sent. `again_`: the source has said since it was asked last
// that it has something. `end_`: how the stream is to end. Whoever finds `busy_` only leaves word
// (`again_` or `end_`); whoever is busy looks for such word before resting. So at most one message
// is under way, and no news is lost. For example:
//
//   source wakes   -> busy_ = true, Next() gives m1, Write(m1)
//   source wakes   -> busy_ already: again_ = true, nothing else
//   m1 is written  -> again_: Next() gives m3 (m2 was replaced), Write(m3)
//   m3 is written  -> Next() gives nothing, again_ is false: busy_ = false, the call rests
class StateCall final : public CallShape {
 public:
  using Method = AnsweredMethod<Subscribe>;

  static void Arm(const Method& method);

 private:
  struct Drained {
    StateCall* state;
    void operator()() const { state->End(DrainingError()); }
  };

  explicit StateCall(const Method& method)
      : CallShape(method), method_(method), writer_(&call().server_context()) {}

  void Request(void* arrived) override;
  void AwaitNext() override { Arm(method_); }
  void Begin() override;
  void Done() override;
  void Dispose() override;

  absl::StatusOr<std::shared_ptr<StateSource>> MakeSource();
  StateWake Waker();
  void Wake();
  void End(const absl::Status& status);
  // The next step, by whoever has made the call busy.
  void Advance();
  bool GoesOn();
  void OnWritten(bool ok);
  void EndAsDone();

  const Method& method_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  std::shared_ptr<StateSource> source_;  // until the end; only whoever is busy touches it
  std::optional<std::stop_callback<Drained>> on_drain_;
  std::shared_ptr<StateCall> self_;  // until nothing is awaited

  std::mutex mu_;
  // Under mu_:
  bool begun_ = false;               // Begin is through
  bool done_ = false;                // gRPC has told that the call is over
  bool busy_ = true;                 // a step is under way; at first the arrival
  bool again_ = false;               // the source has something since it was asked
  std::optional<absl::Status> end_;  // constant once set

  MemberTag<StateCall, &StateCall::OnWritten> written_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_STATE_H_
