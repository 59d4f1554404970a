#include "server/rpc/calls/upload.h"

#include <utility>

#include "prometheus/counter.h"
#include "server/core/base/error.h"
#include "server/core/base/scheduler.h"

namespace relais::rpc {

void UploadCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] { (new UploadCall(method))->Await(); });
}

void UploadCall::Request(void* arrived) {
  method_.service->RequestAsyncClientStreaming(method_.index, &call().server_context(), &stream_,
                                               method_.queue, method_.queue, arrived);
}

void UploadCall::Begin() {
  // Only here: an upload that has begun may end, until the drain's own deadline cuts it.
  if (absl::Status begun = call().Begin(CallKind::kUpload); !begun.ok()) return Finish(begun);
  Runtime& runtime = call().runtime();
  turn_ = std::make_shared<CallerTurn>(*this, runtime.scheduler(), runtime.options().stall_timeout);
  on_cut_.emplace(runtime.cutting(), InterruptTurn{turn_});
  AwaitMessage();
}

// Finish may come before the read completes, which therefore counts as an operation of its own.
void UploadCall::AwaitMessage() {
  if (!turn_->Begin()) return Finish(DrainingError());
  Retain();
  stream_.Read(&message_, &read_tag_);
}

void UploadCall::OnInterrupted() {
  Finish(turn_->timed_out() ? StalledError(call().runtime().options().stall_timeout)
                            : DrainingError());
}

void UploadCall::OnRead(bool ok) {
  if (turn_->End()) Take(ok);
  Release();
}

void UploadCall::Take(bool message) {
  if (!message) {
    // The caller has no more messages, or is gone; gRPC says the same of both. What is sent to the
    // caller now tells: it arrives, or fails.
    stream_.SendInitialMetadata(&greeted_tag_);
  } else if (accepted_) {
    method_.info.metrics.received->Increment();
    Go(&UploadCall::Store);
  } else {
    Accept();
  }
}

void UploadCall::Accept() {
  accepted_ = true;
  absl::StatusOr<UploadSink> sink = method_.accept(message_);
  message_.Clear();
  if (!sink.ok()) return Finish(sink.status());
  sink_ = *std::move(sink);
  call().set_connection(sink_.connection);
  call().set_worker(sink_.executor);
  AwaitMessage();
}

void UploadCall::OnGreeted(bool ok) {
  if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
  if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
  if (!accepted_) {
    return Finish(Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
                  << "The stream ended before its first message; begin with what the method says.");
  }
  Go(&UploadCall::Complete);
}

// The first step is refused when there is no place, later ones wait: the upload has its place in
// the order of things then.
void UploadCall::Go(void (UploadCall::*step)()) {
  if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
  const bool first = !std::exchange(under_way_, true);
  const bool taken = sink_.executor->Submit([this, step] {
    place_wait_.Reset();
    (this->*step)();
  });
  if (taken) return;  // and the step may be over, and with it this call
  if (first) return Finish(SaturatedError());
  Scheduler& scheduler = call().runtime().scheduler();
  scheduler.RunAt(scheduler.Now() + place_wait_.Next(), [this, step] { Go(step); });
}

absl::Status UploadCall::CheckGoingOn() {
  return call().context().Check(call().runtime().scheduler().Now());
}

void UploadCall::Store() {
  absl::Status stored = CheckGoingOn();
  if (stored.ok()) stored = sink_.write(call().context(), message_);
  message_.Clear();
  if (!stored.ok()) return Finish(stored);
  AwaitMessage();
}

void UploadCall::Complete() {
  if (absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
  Finish(sink_.finish(call().context()));
}

void UploadCall::Finish(const absl::StatusOr<grpc::ByteBuffer>& response) {
  sink_ = UploadSink();  // gives its room back before the caller knows that the call is over
  if (response.ok()) call().CountSent();
  const grpc::Status status = call().End(response.status());
  // Nothing of this call may be touched after the next line: its completion may already be handled.
  if (response.ok()) {
    stream_.Finish(*response, status, finished_tag());
  } else {
    stream_.FinishWithError(status, finished_tag());
  }
}

}  // namespace relais::rpc
