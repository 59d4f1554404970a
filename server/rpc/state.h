// The call shape State: the current state at once, then changes, newest only. The call asks its
// source for the next message when it has sent the one before, so a slow caller costs bounded
// memory and never sees time run backwards.

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
#include "server/rpc/state_source.h"

namespace relais::rpc {

template <typename Service>
struct StateMethod {
  using RequestMember = void (Service::*)(grpc::ServerContext*, grpc::ByteBuffer*,
                                          grpc::ServerAsyncWriter<grpc::ByteBuffer>*,
                                          grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                          void*);
  // Gives the source, not null, which is released when the stream ends. On the polling thread; must
  // not block.
  using Subscribe = std::function<absl::StatusOr<std::shared_ptr<StateSource>>(
      const CallContext&, grpc::ByteBuffer&, StateWake)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Subscribe subscribe;
};

template <typename Service>
class StateCall final {
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

 private:
  struct Drained {
    StateCall* call;
    void operator()() const { call->End(DrainingError()); }
  };

  explicit StateCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), writer_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      self_.reset();
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/false);
    auto source = method_.subscribe(call_.context(), request_, Waker());
    request_.Clear();
    if (source.ok()) {
      source_ = *std::move(source);
      call_.set_connection(source_->connection());
      on_drain_.emplace(call_.runtime().draining(), Drained{this});
    } else {
      End(source.status());
    }
    Advance();
    bool done = false;
    {
      const std::lock_guard lock(mu_);
      arrived_ = true;
      done = done_;
    }
    if (done) EndAsDone();
    Release();
  }

  StateWake Waker() {
    return [weak = std::weak_ptr<StateCall>(self_)] {
      if (const std::shared_ptr<StateCall> call = weak.lock()) call->Wake();
    };
  }

  void Wake() {
    {
      const std::lock_guard lock(mu_);
      again_ = true;
      if (busy_) return;  // whoever is will ask
      busy_ = true;
    }
    Advance();
  }

  void End(const absl::Status& status) {
    {
      const std::lock_guard lock(mu_);
      if (end_) return;
      end_ = status;
      if (busy_) return;  // whoever is will finish
      busy_ = true;
    }
    Advance();
  }

  // The next step, by whoever has made the call busy; it is so until the step is done, which is
  // when a message was written, if there was one.
  void Advance() {
    while (GoesOn()) {
      StateNews news = source_->Next();
      if (auto* message = std::get_if<grpc::ByteBuffer>(&news)) {
        call_.CountSent();
        writer_.Write(*message, &written_tag_);
        return;
      }
      const std::lock_guard lock(mu_);
      if (auto* end = std::get_if<absl::Status>(&news); end != nullptr && !end_) {
        end_ = std::move(*end);
      }
      busy_ = again_ || end_;
      if (!busy_) return;
    }
    source_.reset();
    writer_.Finish(call_.End(*end_), &finished_tag_);
  }

  bool GoesOn() {
    const std::lock_guard lock(mu_);
    again_ = false;
    return !end_;
  }

  void OnWritten(bool ok) {
    if (!ok) End(absl::CancelledError("The caller has gone away."));
    Advance();
  }

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
    self_.reset();
  }

  const Method& method_;
  Call call_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  std::shared_ptr<StateSource> source_;  // until the end; only whoever is busy touches it
  std::optional<std::stop_callback<Drained>> on_drain_;
  std::shared_ptr<StateCall> self_;  // until nothing is awaited
  std::atomic<int> awaited_{3};      // to be handled: arrived, finished and done

  std::mutex mu_;
  // Under mu_:
  bool arrived_ = false;             // OnArrived is through
  bool done_ = false;                // gRPC has told that the call is over
  bool busy_ = true;                 // a step is under way; at first the arrival
  bool again_ = false;               // the source has something since it was asked
  std::optional<absl::Status> end_;  // constant once set

  MemberTag<StateCall, &StateCall::OnArrived> arrived_tag_{this};
  MemberTag<StateCall, &StateCall::OnWritten> written_tag_{this};
  MemberTag<StateCall, &StateCall::OnFinished> finished_tag_{this};
  MemberTag<StateCall, &StateCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_STATE_H_
