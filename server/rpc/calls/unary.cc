#include "server/rpc/calls/unary.h"

#include <utility>

#include "absl/status/status.h"

namespace relais::rpc {

void UnaryCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] { (new UnaryCall(method))->Await(); });
}

void UnaryCall::Request(void* arrived) {
  method_.service->RequestAsyncUnary(method_.index, &call().server_context(), &request_,
                                     &responder_, method_.queue, method_.queue, arrived);
}

void UnaryCall::Begin() {
  if (absl::Status begun = call().Begin(CallKind::kUnary); !begun.ok()) return Finish(begun);
  absl::StatusOr<Work> work = method_.accept(request_);
  if (!work.ok()) return Finish(work.status());
  work_ = *std::move(work);
  call().set_connection(work_.connection);
  call().set_worker(work_.executor);
  if (work_.executor == nullptr) return Finish(work_.run(call().context()));
  if (!work_.executor->Submit([this] { Run(); })) Finish(SaturatedError());
}

void UnaryCall::Run() {
  // A call that ended while it waited for its turn is dropped here.
  const absl::Status ended = call().context().Check(call().runtime().scheduler().Now());
  Finish(ended.ok() ? work_.run(call().context()) : ended);
}

void UnaryCall::Finish(const absl::StatusOr<grpc::ByteBuffer>& reply) {
  if (reply.ok()) call().CountSent();
  const grpc::Status status = call().End(reply.status());
  // Nothing of this call may be touched after the next line: its completion may already be handled.
  if (reply.ok()) {
    responder_.Finish(*reply, status, finished_tag());
  } else {
    responder_.FinishWithError(status, finished_tag());
  }
}

}  // namespace relais::rpc
