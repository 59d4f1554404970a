#include "server/rpc/exchange.h"

namespace relais::rpc {

void ExchangeCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] { (new ExchangeCall(method))->Await(); });
}

void ExchangeCall::Request(void* arrived) {
  method_.service->RequestAsyncBidiStreaming(method_.index, &call().server_context(), &stream_,
                                             method_.queue, method_.queue, arrived);
}

void ExchangeCall::Begin() {
  call().Begin(/*bounded=*/false);
  // An idle dialogue would hold up the shutdown: it is cut.
  on_drain_.emplace(call().runtime().draining(), [this] { call().server_context().TryCancel(); });
  stream_.Read(&request_, &read_tag_);
}

void ExchangeCall::OnRead(bool ok) {
  if (!ok) return Finish(absl::OkStatus());  // the caller has no more requests
  absl::StatusOr<grpc::ByteBuffer> answer = method_.accept(request_);
  if (!answer.ok()) return Finish(answer.status());
  call().CountSent();
  stream_.Write(*answer, &written_tag_);
}

void ExchangeCall::OnWritten(bool ok) {
  if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
  stream_.Read(&request_, &read_tag_);
}

void ExchangeCall::Finish(const absl::Status& status) {
  stream_.Finish(call().End(status), finished_tag());
}

void ExchangeCall::Dispose() {
  on_drain_.reset();
  CallShape::Dispose();
}

}  // namespace relais::rpc
