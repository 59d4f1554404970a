#include "server/rpc/calls/exchange.h"

namespace relais::rpc {

void ExchangeCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] { (new ExchangeCall(method))->Await(); });
}

void ExchangeCall::Request(void* arrived) {
  method_.service->RequestAsyncBidiStreaming(method_.index, &call().server_context(), &stream_,
                                             method_.queue, method_.queue, arrived);
}

void ExchangeCall::Begin() {
  if (absl::Status begun = call().Begin(CallKind::kStream); !begun.ok()) return Finish(begun);
  turn_ =
      std::make_shared<CallerTurn>(*this, call().runtime().scheduler(), absl::InfiniteDuration());
  // An idle dialogue would hold up the shutdown.
  on_drain_.emplace(call().runtime().draining(), InterruptTurn{turn_});
  AwaitRequest();
}

// Finish may come before the read completes, which therefore counts as an operation of its own.
void ExchangeCall::AwaitRequest() {
  if (!turn_->Begin()) return Finish(DrainingError());
  Retain();
  stream_.Read(&request_, &read_tag_);
}

void ExchangeCall::OnInterrupted() { Finish(DrainingError()); }

void ExchangeCall::OnRead(bool ok) {
  if (turn_->End()) Take(ok);
  Release();
}

void ExchangeCall::Take(bool request) {
  if (!request) return Finish(absl::OkStatus());  // the caller has no more
  absl::StatusOr<grpc::ByteBuffer> answer = method_.accept(request_);
  if (!answer.ok()) return Finish(answer.status());
  call().CountSent();
  stream_.Write(*answer, &written_tag_);
}

void ExchangeCall::OnWritten(bool ok) {
  if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
  AwaitRequest();
}

void ExchangeCall::Finish(const absl::Status& status) {
  stream_.Finish(call().End(status), finished_tag());
}

void ExchangeCall::Dispose() {
  on_drain_.reset();
  CallShape::Dispose();
}

}  // namespace relais::rpc
