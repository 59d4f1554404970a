#include "server/rpc/calls/rows.h"

#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/scheduler.h"

namespace relais::rpc {
namespace {

constexpr absl::Duration kSaturatedRest = absl::Milliseconds(50);

}  // namespace

void Pause::Begin(std::function<void()> resume) {
  {
    const std::lock_guard lock(mu_);
    if (!ended_) {
      resume_ = std::move(resume);
      return;
    }
  }
  resume();
}

void Pause::End() {
  std::function<void()> resume;
  {
    const std::lock_guard lock(mu_);
    ended_ = true;
    resume = std::exchange(resume_, nullptr);
  }
  if (resume) resume();
}

void RowsCall::Arm(const Method& method) {
  method.runtime->TryArm([&method] { (new RowsCall(method))->Await(); });
}

void RowsCall::Request(void* arrived) {
  method_.service->RequestAsyncServerStreaming(method_.index, &call().server_context(), &request_,
                                               &writer_, method_.queue, method_.queue, arrived);
}

void RowsCall::Begin() {
  if (absl::Status begun = call().Begin(CallKind::kStream); !begun.ok()) return Finish(begun);
  auto source = method_.accept(request_);
  request_.Clear();
  if (!source.ok()) return Finish(source.status());
  source_ = *std::move(source);
  call().set_connection(source_.connection);
  call().set_worker(source_.executor);
  if (source_.hurried) {
    turn_ = std::make_shared<CallerTurn>(*this, call().runtime().scheduler(),
                                         call().runtime().options().stall_timeout);
  }
  if (!SubmitFetch()) Finish(SaturatedError());
}

bool RowsCall::SubmitFetch() {
  return source_.executor->Submit([this] { Fetch(); });
}

absl::Status RowsCall::CheckGoingOn() {
  absl::Status status = call().context().Check(call().runtime().scheduler().Now());
  if (status.ok() && call().runtime().draining().stop_requested()) status = DrainingError();
  return status;
}

void RowsCall::Fetch() {
  if (const absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
  place_wait_.Reset();
  absl::StatusOr<RowNews> news = source_.next(call().context());
  // The stream has its worker and waits for what the upstream allows at a time.
  if (!news.ok() && HasReason(news.status(), Reason::kUpstreamSaturated))
    return Rest(call().runtime().scheduler().Now() + kSaturatedRest);
  if (!news.ok()) return Finish(news.status());
  if (news->later) return Rest(*news->later);
  for (const auto& [key, value] : news->metadata) {
    if (news->message) {
      call().server_context().AddInitialMetadata(key, value);
    } else {
      call().server_context().AddTrailingMetadata(key, value);
    }
  }
  if (!news->message) return Finish(absl::OkStatus());
  call().CountSent();
  // Only its timeout interrupts it, so that it begins.
  if (turn_ != nullptr) static_cast<void>(turn_->Begin());
  writer_.Write(*news->message, &written_tag_);
}

void RowsCall::Rest(absl::Time until) {
  auto pause = std::make_shared<Pause>();
  on_stop_.emplace(call().context().stop(), EndPause{pause});
  on_drain_.emplace(call().runtime().draining(), EndPause{pause});
  call().runtime().scheduler().RunAt(until, EndPause{pause});
  // Nothing of this call may be touched after the next line: it may go on already.
  pause->Begin([this] { FetchNext(); });
}

void RowsCall::OnInterrupted() { call().CutShort(Stalled()); }

absl::Status RowsCall::Stalled() { return StalledError(call().runtime().options().stall_timeout); }

void RowsCall::OnWritten(bool ok) {
  if (turn_ != nullptr && !turn_->End()) return Finish(Stalled());
  if (!ok) return Finish(absl::CancelledError("The caller has gone away."));
  FetchNext();
}

void RowsCall::FetchNext() {
  if (SubmitFetch()) return;
  if (const absl::Status ended = CheckGoingOn(); !ended.ok()) return Finish(ended);
  // The stream has its place in the order of things already: it waits instead of failing.
  Scheduler& scheduler = call().runtime().scheduler();
  scheduler.RunAt(scheduler.Now() + place_wait_.Next(), [this] { FetchNext(); });
}

void RowsCall::Finish(const absl::Status& status) {
  writer_.Finish(call().End(status), finished_tag());
}

}  // namespace relais::rpc
