// A dialogue in which every request gets one answer at once, from memory. Server reflection is the
// only one.

#ifndef RELAIS_SERVER_RPC_EXCHANGE_H_
#define RELAIS_SERVER_RPC_EXCHANGE_H_

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call.h"

namespace relais::rpc {

template <typename Service>
struct ExchangeMethod {
  using Stream = grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;
  using RequestMember = void (Service::*)(grpc::ServerContext*, Stream*, grpc::CompletionQueue*,
                                          grpc::ServerCompletionQueue*, void*);
  // On the polling thread; must not block.
  using Answer = std::function<absl::StatusOr<grpc::ByteBuffer>(grpc::ByteBuffer&)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Answer answer;
};

template <typename Service>
class ExchangeCall {
 public:
  using Method = ExchangeMethod<Service>;

  // Waits for one call; owns itself until it is over.
  static void Arm(const Method& method) {
    method.runtime->TryArm([&method] {
      auto* call = new ExchangeCall(method);
      call->call_.server_context().AsyncNotifyWhenDone(&call->done_tag_);
      (method.service->*method.request_member)(&call->call_.server_context(), &call->stream_,
                                               method.queue, method.queue, &call->arrived_tag_);
    });
  }

 private:
  explicit ExchangeCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), stream_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      delete this;
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/false);
    // An idle dialogue would hold up the shutdown: it is cut.
    on_drain_.emplace(call_.runtime().draining(), [this] { call_.server_context().TryCancel(); });
    stream_.Read(&request_, &read_tag_);
  }

  void OnRead(bool ok) {
    if (!ok) return Finish(absl::OkStatus());  // the caller has no more requests
    absl::StatusOr<grpc::ByteBuffer> answer = method_.answer(request_);
    if (!answer.ok()) return Finish(answer.status());
    call_.CountSent();
    stream_.Write(*answer, &written_tag_);
  }

  void OnWritten(bool ok) {
    if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
    stream_.Read(&request_, &read_tag_);
  }

  void Finish(const absl::Status& status) { stream_.Finish(call_.End(status), &finished_tag_); }

  void OnFinished(bool) { Release(); }
  void OnDone(bool) {
    call_.NoteDone();
    Release();
  }
  void Release() {
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    on_drain_.reset();
    delete this;
  }

  const Method& method_;
  Call call_;
  grpc::ByteBuffer request_;
  typename Method::Stream stream_;
  std::optional<std::stop_callback<std::function<void()>>> on_drain_;
  std::atomic<int> pending_{2};  // completions to come: finished and done
  MemberTag<ExchangeCall, &ExchangeCall::OnArrived> arrived_tag_{this};
  MemberTag<ExchangeCall, &ExchangeCall::OnRead> read_tag_{this};
  MemberTag<ExchangeCall, &ExchangeCall::OnWritten> written_tag_{this};
  MemberTag<ExchangeCall, &ExchangeCall::OnFinished> finished_tag_{this};
  MemberTag<ExchangeCall, &ExchangeCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_EXCHANGE_H_
