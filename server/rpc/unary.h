// The call shape Unary: one request, one reply. The function runs on an executor and finishes the
// call itself.

#ifndef RELAIS_SERVER_RPC_UNARY_H_
#define RELAIS_SERVER_RPC_UNARY_H_

#include <atomic>
#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "grpcpp/support/async_unary_call.h"
#include "server/core/base/executor.h"
#include "server/rpc/call.h"

namespace relais::rpc {

// How a call is answered. `run` is called once, on `executor`, or at once on the polling thread
// when that is null: then it must not block.
template <typename Response>
struct Work {
  Executor* executor = nullptr;
  std::string connection{};  // whose executor it is, for errors and the log
  std::function<absl::StatusOr<Response>(const CallContext&)> run{};
};

// One method of a service, as the shape needs it. Constant for the life of the server.
template <typename Service, typename Request, typename Response>
struct UnaryMethod {
  using RequestMember = void (Service::*)(grpc::ServerContext*, Request*,
                                          grpc::ServerAsyncResponseWriter<Response>*,
                                          grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                          void*);
  // Looks at the request on the polling thread, and may empty it; must not block. The request
  // outlives the work.
  using Accept = std::function<absl::StatusOr<Work<Response>>(Request&)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Accept accept;
};

template <typename Service, typename Request, typename Response>
class UnaryCall {
 public:
  using Method = UnaryMethod<Service, Request, Response>;

  // Waits for one call; owns itself until it is over.
  static void Arm(const Method& method) {
    method.runtime->TryArm([&method] {
      auto* call = new UnaryCall(method);
      call->call_.server_context().AsyncNotifyWhenDone(&call->done_tag_);
      (method.service->*method.request_member)(&call->call_.server_context(), &call->request_,
                                               &call->responder_, method.queue, method.queue,
                                               &call->arrived_tag_);
    });
  }

 private:
  explicit UnaryCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), responder_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      delete this;
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/true);
    if (call_.runtime().draining().stop_requested()) return Finish(DrainingError());
    auto work = method_.accept(request_);
    if (!work.ok()) {
      Finish(work.status());
    } else if (work->executor == nullptr) {
      Finish(work->run(call_.context()));
    } else {
      call_.set_connection(std::move(work->connection));
      Executor* const executor = work->executor;
      const bool taken = executor->Submit([this, run = std::move(work->run)] { Run(run); });
      if (!taken) Finish(SaturatedError());
    }
  }

  void Run(const std::function<absl::StatusOr<Response>(const CallContext&)>& run) {
    // A call that ended while it waited for its turn is dropped here.
    if (absl::Status ended = call_.context().Check(call_.runtime().scheduler().Now());
        !ended.ok()) {
      Finish(ended);
    } else {
      Finish(run(call_.context()));
    }
  }

  void Finish(const absl::StatusOr<Response>& result) {
    if (result.ok()) call_.CountSent();
    const grpc::Status status = call_.End(result.status());
    // Nothing of this call may be touched after the next line: its completion may already be
    // handled.
    if (result.ok()) {
      responder_.Finish(*result, status, &finished_tag_);
    } else {
      responder_.FinishWithError(status, &finished_tag_);
    }
  }

  void OnFinished(bool) { Release(); }
  void OnDone(bool) {
    call_.NoteDone();
    Release();
  }
  void Release() {
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  const Method& method_;
  Call call_;
  Request request_;
  grpc::ServerAsyncResponseWriter<Response> responder_;
  std::atomic<int> pending_{2};  // completions to come: finished and done
  MemberTag<UnaryCall, &UnaryCall::OnArrived> arrived_tag_{this};
  MemberTag<UnaryCall, &UnaryCall::OnFinished> finished_tag_{this};
  MemberTag<UnaryCall, &UnaryCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_UNARY_H_
