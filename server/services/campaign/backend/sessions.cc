#include "server/services/campaign/backend/sessions.h"

#include <utility>

#include "server/core/base/error.h"

namespace relais::campaign {
namespace {

constexpr absl::Duration kLogOffTime = absl::Seconds(2);

}  // namespace

SessionPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->Return(std::move(session_));
}

void SessionPool::Lease::Forget() {
  if (pool_ != nullptr) pool_->NoteRejection();
  pool_ = nullptr;
}

SessionPool::SessionPool(Scheduler& scheduler, SessionOptions options, LogOn log_on, LogOff log_off)
    : scheduler_(scheduler),
      options_(options),
      log_on_(std::move(log_on)),
      log_off_(std::move(log_off)) {}

SessionPool::~SessionPool() { End(unused_); }

absl::StatusOr<SessionPool::Lease> SessionPool::Take(const CallContext& context) {
  {
    const std::lock_guard lock(mu_);
    if (!unused_.empty() && unused_.back().since >= scheduler_.Now() - options_.idle) {
      Secret session = std::move(unused_.back().session);
      unused_.pop_back();
      return Lease(this, std::move(session), /*used_before=*/true);
    }
  }
  return TakeNew(context);
}

absl::StatusOr<SessionPool::Lease> SessionPool::TakeNew(const CallContext& context) {
  {
    const std::lock_guard lock(mu_);
    const absl::Time now = scheduler_.Now();
    if (now < pause_until_) return refusal_;
    if (absl::Status limited = rejections_.Check(now); !limited.ok()) return limited;
  }
  absl::StatusOr<Secret> session = log_on_(context);
  if (session.ok()) return Lease(this, *std::move(session), /*used_before=*/false);
  if (HasReason(session.status(), Reason::kGatewayCredentialRejected)) {
    const std::lock_guard lock(mu_);
    refusal_ = session.status();
    pause_until_ = scheduler_.Now() + options_.refusal_pause;
  }
  return session.status();
}

void SessionPool::NoteRejection() {
  const std::lock_guard lock(mu_);
  rejections_.Note(scheduler_.Now());
}

void SessionPool::Return(Secret session) {
  std::vector<Unused> ended;
  {
    const std::lock_guard lock(mu_);
    const absl::Time now = scheduler_.Now();
    unused_.push_back({std::move(session), now});
    // One for each call, which has had its answer: none waits for many.
    if (static_cast<int>(unused_.size()) > options_.keep ||
        unused_.front().since < now - options_.idle) {
      ended.push_back(std::move(unused_.front()));
      unused_.erase(unused_.begin());
    }
  }
  End(ended);
}

// Whoever logs off is not to wait for long, nor to be stopped by the end of the call.
void SessionPool::End(const std::vector<Unused>& sessions) const {
  for (const Unused& unused : sessions)
    log_off_(CallContext(scheduler_.Now() + kLogOffTime, {}, {}), unused.session);
}

}  // namespace relais::campaign
