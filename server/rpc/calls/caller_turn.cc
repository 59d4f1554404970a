#include "server/rpc/calls/caller_turn.h"

#include <utility>

#include "server/rpc/calls/call_shape.h"

namespace relais::rpc {

bool CallerTurn::Begin() {
  bool first = false;
  {
    const std::lock_guard lock(mu_);
    if (interrupted_) return false;
    lasts_ = true;
    if (timeout_ != absl::InfiniteDuration()) {
      began_ = scheduler_.Now();
      first = !std::exchange(watched_, true);
    }
  }
  if (first) CheckAt(scheduler_.Now() + timeout_);
  return true;
}

bool CallerTurn::End() {
  const std::lock_guard lock(mu_);
  lasts_ = false;
  return !interrupted_;
}

void CallerTurn::Interrupt() {
  bool tell = false;
  {
    const std::lock_guard lock(mu_);
    tell = InterruptLasting();
  }
  if (tell) Tell();
}

bool CallerTurn::timed_out() const {
  const std::lock_guard lock(mu_);
  return timed_out_;
}

void CallerTurn::CheckAt(absl::Time time) {
  scheduler_.RunAt(time, [weak = weak_from_this()] {
    if (const auto turn = weak.lock()) turn->Check();
  });
}

// One timer for each call, not for each of its messages.
void CallerTurn::Check() {
  const absl::Time now = scheduler_.Now();
  absl::Time next = now + timeout_;
  bool tell = false;
  {
    const std::lock_guard lock(mu_);
    if (interrupted_) return;
    if (lasts_) next = began_ + timeout_;
    if (next <= now) {
      timed_out_ = true;
      tell = InterruptLasting();
    }
  }
  tell ? Tell() : CheckAt(next);
}

bool CallerTurn::InterruptLasting() {
  if (std::exchange(interrupted_, true) || !lasts_) return false;
  call_.Retain();
  return true;
}

void CallerTurn::Tell() {
  call_.OnInterrupted();
  call_.Release();
}

}  // namespace relais::rpc
