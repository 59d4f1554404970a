// The call shape Rows: a lossless stream that the caller pulls. Fetch on the executor, write, fetch
// the next when the write is done: one operation at any time, so memory is bounded and the upstream
// rests while the caller does. A source that waits for more holds no worker.

#ifndef RELAIS_SERVER_RPC_CALLS_ROWS_H_
#define RELAIS_SERVER_RPC_CALLS_ROWS_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/calls/call_shape.h"
#include "server/rpc/calls/caller_turn.h"
#include "server/rpc/calls/place_wait.h"

namespace relais::rpc {

// A rest between two fetches, which several may end: the time that was waited for, the caller, the
// end of the server. The first End() after Begin() resumes; later ones do nothing. An End() before
// Begin() lets Begin() resume at once.
class Pause {
 public:
  void Begin(std::function<void()> resume);
  void End();

 private:
  std::mutex mu_;
  // Under mu_:
  bool ended_ = false;
  std::function<void()> resume_;  // while it lasts
};

class RowsCall final : public CallShape {
 public:
  using Method = AnsweredMethod<AcceptRows>;

  static void Arm(const Method& method);

 private:
  struct EndPause {
    std::shared_ptr<Pause> pause;
    void operator()() const { pause->End(); }
  };

  explicit RowsCall(const Method& method)
      : CallShape(method), method_(method), writer_(&call().server_context()) {}

  void Request(void* arrived) override;
  void AwaitNext() override { Arm(method_); }
  void Begin() override;

  bool SubmitFetch();
  // OK while the stream shall go on.
  absl::Status CheckGoingOn();
  // On a worker.
  void Fetch();
  // Goes on at `until`, or when the call or the server ends.
  void Rest(absl::Time until);
  void OnWritten(bool ok);
  void OnInterrupted() override;
  absl::Status Stalled();
  void FetchNext();
  void Finish(const absl::Status& status);

  const Method& method_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  RowSource source_;
  std::shared_ptr<CallerTurn> turn_;  // in which the caller takes a message; null: without end
  PlaceWait place_wait_;
  // Of the last pause.
  std::optional<std::stop_callback<EndPause>> on_stop_;
  std::optional<std::stop_callback<EndPause>> on_drain_;
  MemberTag<RowsCall, &RowsCall::OnWritten> written_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_CALLS_ROWS_H_
