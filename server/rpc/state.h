// The call shape State: the current state at once, then changes, newest only. One value pending and
// one write in flight per caller, so a slow caller costs bounded memory and never sees time run
// backwards.

#ifndef RELAIS_SERVER_RPC_STATE_H_
#define RELAIS_SERVER_RPC_STATE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call.h"

namespace relais::rpc {

// Where a publisher puts what one caller shall see. Hubs hold it weakly. Thread-safe; never blocks.
class StateWriter {
 public:
  virtual ~StateWriter() = default;
  // Replaces a value that was not sent yet. Ignored after End.
  virtual void Publish(grpc::ByteBuffer value) = 0;
  // Ends the stream after the value that is pending. Only the first call counts.
  virtual void End(const absl::Status& status) = 0;
};

template <typename Service>
struct StateMethod {
  using RequestMember = void (Service::*)(grpc::ServerContext*, grpc::ByteBuffer*,
                                          grpc::ServerAsyncWriter<grpc::ByteBuffer>*,
                                          grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                          void*);
  // Publishes the current state and arranges for changes. What it returns is released when the
  // stream ends. On the polling thread; must not block.
  using Subscribe = std::function<absl::StatusOr<std::shared_ptr<void>>(
      const CallContext&, grpc::ByteBuffer&, const std::shared_ptr<StateWriter>&)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Subscribe subscribe;
};

template <typename Service>
class StateCall final : public StateWriter {
 public:
  using Method = StateMethod<Service>;

  // Waits for one call; owns itself until it is over.
  static void Arm(const Method& method) {
    method.runtime->TryArm([&method] {
      std::shared_ptr<StateCall> call(new StateCall(method));
      call->self_ = call;
      call->call_.server_context().AsyncNotifyWhenDone(&call->done_tag_);
      (method.service->*method.request_member)(&call->call_.server_context(), &call->request_,
                                               &call->writer_, method.queue, method.queue,
                                               &call->arrived_tag_);
    });
  }

  void Publish(grpc::ByteBuffer value) override {
    {
      const std::lock_guard lock(mu_);
      if (end_) return;
      if (writing_) {
        pending_ = std::move(value);
        return;
      }
      writing_ = true;
    }
    Write(std::move(value));
  }

  void End(const absl::Status& status) override {
    {
      const std::lock_guard lock(mu_);
      if (end_) return;
      end_ = status;
      if (writing_) return;  // OnWritten finishes
    }
    Finish();
  }

 private:
  explicit StateCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), writer_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      self_.reset();
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/false);
    auto subscription = method_.subscribe(call_.context(), request_, self_);
    request_.Clear();
    if (subscription.ok()) {
      subscription_ = *std::move(subscription);
      on_drain_.emplace(call_.runtime().draining(), [this] { End(DrainingError()); });
    } else {
      End(subscription.status());
    }
    bool done = false;
    {
      const std::lock_guard lock(mu_);
      arrived_ = true;
      done = done_;
    }
    if (done) EndAsDone();
    Release();
  }

  void Write(grpc::ByteBuffer value) {
    call_.CountSent();
    writer_.Write(value, &written_tag_);
  }

  void OnWritten(bool ok) {
    std::optional<grpc::ByteBuffer> next;
    {
      const std::lock_guard lock(mu_);
      if (!ok && !end_) end_ = absl::CancelledError("The caller has gone away.");
      if (ok) next.swap(pending_);
      if (!next && !end_) writing_ = false;
      if (!next && !end_) return;
    }
    next ? Write(*std::move(next)) : Finish();
  }

  // Called once: by whoever finds end_ set and no write in flight.
  void Finish() { writer_.Finish(call_.End(*end_), &finished_tag_); }

  void OnFinished(bool) { Release(); }
  void OnDone(bool) {
    bool arrived = false;
    {
      const std::lock_guard lock(mu_);
      done_ = true;
      arrived = arrived_;
    }
    // Another polling thread may still be busy with the arrival; then it takes note.
    if (arrived) EndAsDone();
    Release();
  }
  void EndAsDone() {
    call_.NoteDone();
    End(call_.context().Check(call_.runtime().scheduler().Now()));
  }
  void Release() {
    if (awaited_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    on_drain_.reset();
    subscription_.reset();
    self_.reset();
  }

  const Method& method_;
  Call call_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  std::shared_ptr<void> subscription_;
  std::optional<std::stop_callback<std::function<void()>>> on_drain_;
  std::shared_ptr<StateCall> self_;  // until nothing is awaited
  std::atomic<int> awaited_{3};      // to be handled: arrived, finished and done

  std::mutex mu_;
  // Under mu_:
  bool arrived_ = false;  // OnArrived is through
  bool done_ = false;     // gRPC has told that the call is over
  bool writing_ = false;
  std::optional<grpc::ByteBuffer> pending_;
  std::optional<absl::Status> end_;  // constant once set

  MemberTag<StateCall, &StateCall::OnArrived> arrived_tag_{this};
  MemberTag<StateCall, &StateCall::OnWritten> written_tag_{this};
  MemberTag<StateCall, &StateCall::OnFinished> finished_tag_{this};
  MemberTag<StateCall, &StateCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_STATE_H_
