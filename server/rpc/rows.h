// The call shape Rows: a lossless stream that the caller pulls. Fetch on the executor, write, fetch
// the next when the write is done: one operation at any time, so memory is bounded and the upstream
// rests while the caller does. A source that waits for more holds no worker.

#ifndef RELAIS_SERVER_RPC_ROWS_H_
#define RELAIS_SERVER_RPC_ROWS_H_

#include <algorithm>
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
#include "server/core/base/executor.h"
#include "server/rpc/call.h"

namespace relais::rpc {

// What a source has: the next message, nothing more, or nothing yet.
struct RowNews {
  // NOLINTNEXTLINE(google-explicit-constructor): what most sources give
  RowNews(std::optional<grpc::ByteBuffer> next) : message(std::move(next)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  RowNews(grpc::ByteBuffer next) : message(std::move(next)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  RowNews(std::nullopt_t) {}
  // Ask again at `time`; no worker is held until then.
  static RowNews At(absl::Time time) {
    RowNews news(std::nullopt);
    news.later = time;
    return news;
  }

  std::optional<grpc::ByteBuffer> message;  // serialized; none and no `later`: the end
  std::optional<absl::Time> later;
};

// Where the messages of one stream come from.
struct RowSource {
  Executor* executor = nullptr;  // never null
  std::string connection{};      // whose executor it is, for errors and the log
  // Called again only after the message before was written.
  std::function<absl::StatusOr<RowNews>(const CallContext&)> next;
};

template <typename Service>
struct RowsMethod {
  using RequestMember = void (Service::*)(grpc::ServerContext*, grpc::ByteBuffer*,
                                          grpc::ServerAsyncWriter<grpc::ByteBuffer>*,
                                          grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                          void*);
  // Looks at the request on the polling thread; must not block.
  using Accept = std::function<absl::StatusOr<RowSource>(grpc::ByteBuffer&)>;

  Service* service;
  RequestMember request_member;
  grpc::ServerCompletionQueue* queue;
  Runtime* runtime;
  MethodInfo info;
  Accept accept;
};

template <typename Service>
class RowsCall {
 public:
  using Method = RowsMethod<Service>;

  // Waits for one call; owns itself until it is over.
  static void Arm(const Method& method) {
    method.runtime->TryArm([&method] {
      auto* call = new RowsCall(method);
      call->call_.server_context().AsyncNotifyWhenDone(&call->done_tag_);
      (method.service->*method.request_member)(&call->call_.server_context(), &call->request_,
                                               &call->writer_, method.queue, method.queue,
                                               &call->arrived_tag_);
    });
  }

 private:
  // How long a stream that is under way waits for a place when its connection is saturated: briefly
  // at first, since the worker that has just written for it may be the one that is about to be
  // free.
  static constexpr absl::Duration kFirstPlaceWait = absl::Milliseconds(1);
  static constexpr absl::Duration kLongestPlaceWait = absl::Milliseconds(50);

  // Of several who end a pause the first goes on, once it has begun.
  class Pause {
   public:
    void Begin(std::function<void()> go_on) {
      {
        const std::lock_guard lock(mu_);
        if (!ended_) {
          go_on_ = std::move(go_on);
          return;
        }
      }
      go_on();
    }
    void End() {
      std::function<void()> go_on;
      {
        const std::lock_guard lock(mu_);
        ended_ = true;
        go_on = std::exchange(go_on_, nullptr);
      }
      if (go_on) go_on();
    }

   private:
    std::mutex mu_;
    // Under mu_:
    bool ended_ = false;
    std::function<void()> go_on_;  // while it lasts
  };
  struct EndPause {
    std::shared_ptr<Pause> pause;
    void operator()() const { pause->End(); }
  };

  explicit RowsCall(const Method& method)
      : method_(method), call_(*method.runtime, method.info), writer_(&call_.server_context()) {}

  void OnArrived(bool ok) {
    if (!ok) {  // the server shuts down; the done tag never comes then
      delete this;
      return;
    }
    Arm(method_);
    call_.Begin(/*bounded=*/false);
    if (call_.runtime().draining().stop_requested()) return Finish(DrainingError());
    auto source = method_.accept(request_);
    request_.Clear();
    if (!source.ok()) {
      Finish(source.status());
      return;
    }
    source_ = *std::move(source);
    call_.set_connection(source_.connection);
    if (!SubmitFetch()) Finish(SaturatedError());
  }

  bool SubmitFetch() {
    return source_.executor->Submit([this] { Fetch(); });
  }

  // OK while the stream shall go on.
  absl::Status CheckGoingOn() {
    absl::Status status = call_.context().Check(call_.runtime().scheduler().Now());
    if (status.ok() && call_.runtime().draining().stop_requested()) status = DrainingError();
    return status;
  }

  // On a worker.
  void Fetch() {
    if (const absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
    place_wait_ = kFirstPlaceWait;
    absl::StatusOr<RowNews> news = source_.next(call_.context());
    if (!news.ok()) return Finish(news.status());
    if (news->later) return Rest(*news->later);
    if (!news->message) return Finish(absl::OkStatus());
    call_.CountSent();
    writer_.Write(*news->message, &written_tag_);
  }

  // Goes on at `until`, or when the call or the server ends.
  void Rest(absl::Time until) {
    auto pause = std::make_shared<Pause>();
    on_stop_.emplace(call_.context().stop(), EndPause{pause});
    on_drain_.emplace(call_.runtime().draining(), EndPause{pause});
    call_.runtime().scheduler().RunAt(until, EndPause{pause});
    // Nothing of this call may be touched after the next line: it may go on already.
    pause->Begin([this] { OnWritten(true); });
  }

  void OnWritten(bool ok) {
    if (!ok) {  // the caller has gone away
      Finish(absl::CancelledError("The caller has gone away."));
    } else if (!SubmitFetch()) {
      if (const absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
      // The stream has its place in the order of things already: it waits instead of failing.
      const absl::Duration wait = place_wait_;
      place_wait_ = std::min(2 * wait, kLongestPlaceWait);
      call_.runtime().scheduler().RunAt(call_.runtime().scheduler().Now() + wait,
                                        [this] { OnWritten(true); });
    }
  }

  void Finish(const absl::Status& status) { writer_.Finish(call_.End(status), &finished_tag_); }

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
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  RowSource source_;
  absl::Duration place_wait_ = kFirstPlaceWait;
  // Of the last pause.
  std::optional<std::stop_callback<EndPause>> on_stop_;
  std::optional<std::stop_callback<EndPause>> on_drain_;
  std::atomic<int> pending_{2};  // completions to come: finished and done
  MemberTag<RowsCall, &RowsCall::OnArrived> arrived_tag_{this};
  MemberTag<RowsCall, &RowsCall::OnWritten> written_tag_{this};
  MemberTag<RowsCall, &RowsCall::OnFinished> finished_tag_{this};
  MemberTag<RowsCall, &RowsCall::OnDone> done_tag_{this};
};

}  // namespace relais::rpc

#endif  // RELAIS_SERVER_RPC_ROWS_H_
