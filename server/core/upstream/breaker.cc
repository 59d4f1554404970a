#include "server/core/upstream/breaker.h"

#include <algorithm>

#include "server/core/base/error.h"

namespace relais {

absl::StatusOr<Breaker::Pass> Breaker::Admit(absl::Time now) {
  const std::lock_guard lock(mu_);
  if (!open_) return Pass(0);
  if (probe_ == 0 && now >= retry_at_) {
    probe_ = ++probes_;
    return Pass(probe_);
  }
  // While a probe is on its way nobody knows how long it takes; the first pause is a fair guess.
  const absl::Duration wait = now < retry_at_ ? retry_at_ - now : policy_.pause;
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable).RetryAfter(wait)
         << "The upstream has failed repeatedly and is not asked for now; call again later.";
}

void Breaker::Succeeded(Pass) {
  const std::lock_guard lock(mu_);
  failures_ = 0;
  open_ = false;
  probe_ = 0;
}

bool Breaker::Failed(Pass pass, absl::Time now) {
  const std::lock_guard lock(mu_);
  if (!open_) {
    if (++failures_ >= policy_.failures) Open(policy_.pause, now);
  } else if (pass.probe_ != 0 && pass.probe_ == probe_) {
    Open(pause_ * 2, now);
  }
  return open_;
}

void Breaker::Abandoned(Pass pass) {
  const std::lock_guard lock(mu_);
  if (pass.probe_ != 0 && pass.probe_ == probe_) probe_ = 0;
}

void Breaker::Open(absl::Duration pause, absl::Time now) {
  open_ = true;
  failures_ = 0;
  probe_ = 0;
  pause_ = std::min(pause, policy_.longest);
  retry_at_ = now + pause_;
}

Breaker::State Breaker::state(absl::Time now) const {
  const std::lock_guard lock(mu_);
  if (!open_) return State::kClosed;
  return probe_ == 0 && now < retry_at_ ? State::kOpen : State::kHalfOpen;
}

}  // namespace relais
