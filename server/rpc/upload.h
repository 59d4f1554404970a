// The call shape Upload: the caller sends a stream and gets one response. The next message is read
// when the one before is stored: one operation at any time, so memory is bounded and a caller that
// is faster than its sink waits.

#ifndef RELAIS_SERVER_RPC_UPLOAD_H_
#define RELAIS_SERVER_RPC_UPLOAD_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "prometheus/counter.h"
#include "server/core/base/error.h"
#include "server/core/base/executor.h"
#include "server/rpc/call.h"

namespace relais::rpc {

// Where the messages of one stream go. Destroyed without `finish` when the stream ends in another
// way than by the caller's will: cancelled, lost, too late, or refused by `write`.
struct UploadSink {
  Executor* executor = nullptr;  // never null
  std::string connection{};      // whose executor it is, for errors and the log
  // Takes a message, which it may empty. An error ends the call.
  std::function<absl::Status(const CallContext&, grpc::ByteBuffer&)> write;
  // After the last message: the response, serialized.
  std::function<absl::StatusOr<grpc::ByteBuffer>(const CallContext&)> finish;
};

template <typename Service>
struct UploadMethod {
  using Stream = grpc::ServerAsyncReader<grpc::ByteBuffer, grpc::ByteBuffer>;
  using RequestMember = void (Service::*)(grpc::ServerContext*, Stream*, grpc::CompletionQueue*,
                                          grpc::ServerCompletionQueue*, void*);
  // Looks at the first message on the polling thread; must not block. `write` gets those that
  // follow.
  using Accept = std::function<absl::StatusOr<UploadSink>(grpc::ByteBuffer&)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Accept accept;
};

template <typename Service>
class UploadCall {
 public:
  using Method = UploadMethod<Service>;

  // Waits for one call; owns itself until it is over.
  static void Arm(const Method& method) {
    method.runtime->TryArm([&method] {
      auto* call = new UploadCall(method);
      call->call_.server_context().AsyncNotifyWhenDone(&call->done_tag_);
      (method.service->*method.request_member)(&call->call_.server_context(), &call->stream_,
                                               method.queue, method.queue, &call->arrived_tag_);
    });
  }

 private:
  // How long an upload that is under way waits for a place when its connection is saturated: as in
  // Rows.
  static constexpr absl::Duration kFirstPlaceWait = absl::Milliseconds(1);
  static constexpr absl::Duration kLongestPlaceWait = absl::Milliseconds(50);

  explicit UploadCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), stream_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      delete this;
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/false);
    // Only here: an upload that has begun may end, until the drain's own deadline cuts it.
    if (call_.runtime().draining().stop_requested()) return Finish(DrainingError());
    stream_.Read(&message_, &read_tag_);
  }

  void OnRead(bool ok) {
    if (!ok) {
      // The caller has no more messages, or is gone; gRPC says the same of both. What is sent to
      // the caller now tells: it arrives, or fails.
      stream_.SendInitialMetadata(&greeted_tag_);
    } else if (accepted_) {
      method_.info.metrics.received->Increment();
      Go(&UploadCall::Store);
    } else {
      Accept();
    }
  }

  void Accept() {
    accepted_ = true;
    absl::StatusOr<UploadSink> sink = method_.accept(message_);
    message_.Clear();
    if (!sink.ok()) return Finish(sink.status());
    sink_ = *std::move(sink);
    call_.set_connection(sink_.connection);
    stream_.Read(&message_, &read_tag_);
  }

  void OnGreeted(bool ok) {
    if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
    if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
    if (!accepted_) {
      return Finish(Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
                    << "The stream ended before its first message; begin with what the method "
                       "says.");
    }
    Go(&UploadCall::Complete);
  }

  // Has `step` run by a worker. The first one is refused when there is no place, later ones wait:
  // the upload has its place in the order of things then.
  void Go(void (UploadCall::*step)()) {
    if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
    const bool first = !std::exchange(under_way_, true);
    const bool taken = sink_.executor->Submit([this, step] {
      place_wait_ = kFirstPlaceWait;
      (this->*step)();
    });
    if (taken) return;  // and the step may be over, and with it this call
    if (first) return Finish(SaturatedError());
    const absl::Duration wait = place_wait_;
    place_wait_ = std::min(2 * wait, kLongestPlaceWait);
    Scheduler& scheduler = call_.runtime().scheduler();
    scheduler.RunAt(scheduler.Now() + wait, [this, step] { Go(step); });
  }

  absl::Status CheckGoingOn() { return call_.context().Check(call_.runtime().scheduler().Now()); }

  // On a worker.
  void Store() {
    absl::Status stored = CheckGoingOn();
    if (stored.ok()) stored = sink_.write(call_.context(), message_);
    message_.Clear();
    if (!stored.ok()) return Finish(stored);
    stream_.Read(&message_, &read_tag_);
  }

  // On a worker.
  void Complete() {
    if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
    Finish(sink_.finish(call_.context()));
  }

  void Finish(const absl::StatusOr<grpc::ByteBuffer>& response) {
    sink_ = UploadSink();  // gives its room back before the caller knows that the call is over
    if (response.ok()) call_.CountSent();
    const grpc::Status status = call_.End(response.status());
    // Nothing of this call may be touched after the next line: its completion may already be
    // handled.
    if (response.ok()) {
      stream_.Finish(*response, status, &finished_tag_);
    } else {
      stream_.FinishWithError(status, &finished_tag_);
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
  grpc::ByteBuffer message_;
  typename Method::Stream stream_;
  UploadSink sink_;
  bool accepted_ = false;   // the first message has come
  bool under_way_ = false;  // a worker was asked for a step
  absl::Duration place_wait_ = kFirstPlaceWait;
  std::atomic<int> pending_{2};  // completions to come: finished and done
  MemberTag<UploadCall, &UploadCall::OnArrived> arrived_tag_{this};
  MemberTag<UploadCall, &UploadCall::OnRead> read_tag_{this};
  MemberTag<UploadCall, &UploadCall::OnGreeted> greeted_tag_{this};
  MemberTag<UploadCall, &UploadCall::OnFinished> finished_tag_{this};
  MemberTag<UploadCall, &UploadCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_UPLOAD_H_
