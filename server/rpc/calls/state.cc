#include "server/rpc/calls/state.h"

#include <utility>
#include <variant>

#include "server/core/base/scheduler.h"

namespace relais::rpc {

void StateCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] {
    std::shared_ptr<StateCall> state(new StateCall(method));
    state->self_ = state;
    state->Await();
  });
}

void StateCall::Request(void* arrived) {
  method_.service->RequestAsyncServerStreaming(method_.index, &call().server_context(), &request_,
                                               &writer_, method_.queue, method_.queue, arrived);
}

void StateCall::Begin() {
  auto source = MakeSource();
  request_.Clear();
  if (source.ok()) {
    source_ = *std::move(source);
    call().set_connection(source_->connection());
    on_drain_.emplace(call().runtime().draining(), Drained{this});
  } else {
    End(source.status());
  }
  Advance();
  bool done = false;
  {
    const std::lock_guard lock(mu_);
    begun_ = true;
    done = done_;
  }
  if (done) EndAsDone();
}

absl::StatusOr<std::shared_ptr<StateSource>> StateCall::MakeSource() {
  if (absl::Status begun = call().Begin(CallKind::kWatch); !begun.ok()) return begun;
  return method_.accept(call().context(), request_, Waker());
}

// Another polling thread may still be busy with the arrival; then it takes note.
void StateCall::Done() {
  bool begun = false;
  {
    const std::lock_guard lock(mu_);
    done_ = true;
    begun = begun_;
  }
  if (begun) EndAsDone();
}

void StateCall::Dispose() {
  on_drain_.reset();
  self_.reset();
}

StateWake StateCall::Waker() {
  return [weak = std::weak_ptr<StateCall>(self_)] {
    if (const std::shared_ptr<StateCall> state = weak.lock()) state->Wake();
  };
}

void StateCall::Wake() {
  {
    const std::lock_guard lock(mu_);
    again_ = true;
    if (busy_) return;  // whoever is will ask
    busy_ = true;
  }
  Advance();
}

void StateCall::End(const absl::Status& status) {
  {
    const std::lock_guard lock(mu_);
    if (end_) return;
    end_ = status;
    if (busy_) return;  // whoever is will finish
    busy_ = true;
  }
  Advance();
}

void StateCall::Advance() {
  while (GoesOn()) {
    StateNews news = source_->Next();
    if (auto* message = std::get_if<grpc::ByteBuffer>(&news)) {
      call().CountSent();
      writer_.Write(*message, &written_tag_);
      return;
    }
    const std::lock_guard lock(mu_);
    if (auto* end = std::get_if<absl::Status>(&news); end != nullptr && !end_)
      end_ = std::move(*end);
    busy_ = again_ || end_;
    if (!busy_) return;
  }
  source_.reset();
  writer_.Finish(call().End(*end_), finished_tag());
}

bool StateCall::GoesOn() {
  const std::lock_guard lock(mu_);
  again_ = false;
  return !end_;
}

void StateCall::OnWritten(bool ok) {
  if (!ok) End(absl::CancelledError("The caller has gone away."));
  Advance();
}

void StateCall::EndAsDone() { End(call().context().Check(call().runtime().scheduler().Now())); }

}  // namespace relais::rpc
