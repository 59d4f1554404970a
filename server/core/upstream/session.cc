#include "server/core/upstream/session.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/core/base/error.h"

namespace relais {

struct Session::Round {
  // Under mu_ of the session:
  std::vector<std::shared_ptr<WakeUp>> waiters;
  absl::Status
      failure;  // that everyone gets; OK: look again, there is a credential or a leader is missing
};

namespace {

bool CallerGaveUp(const absl::Status& status) {
  return HasReason(status, Reason::kCallerCancelled) || HasReason(status, Reason::kCallerDeadline);
}

}  // namespace

Session::Session(Scheduler& scheduler, SessionPolicy policy, Login login)
    : scheduler_(scheduler), policy_(policy), login_(std::move(login)) {}

Session::~Session() = default;

absl::StatusOr<Credential> Session::Get(const CallContext& context) {
  if (login_ == nullptr) return Credential();
  while (true) {
    const absl::Time now = scheduler_.Now();
    if (absl::Status alive = context.Check(now); !alive.ok()) return alive;
    std::shared_ptr<Round> round;
    std::shared_ptr<WakeUp> wake_up;
    {
      const std::lock_guard lock(mu_);
      const bool usable = Usable(now);
      if (usable && (round_ != nullptr || !RenewalDue(now))) return *credential_;
      if (!usable && round_ == nullptr && !refusal_.ok() && now < pause_until_) return refusal_;
      round = round_;
      if (round == nullptr) {
        if (absl::Status limited = rejections_.Check(now); !usable && !limited.ok()) return limited;
        round_ = std::make_shared<Round>();
      } else {
        wake_up = std::make_shared<WakeUp>();
        round->waiters.push_back(wake_up);
      }
    }
    if (round == nullptr) return LogIn(context);
    if (absl::Status waited = WaitUntil(context, scheduler_, context.deadline(), wake_up);
        !waited.ok()) {
      return waited;
    }
    const std::lock_guard lock(mu_);
    if (!round->failure.ok()) return round->failure;
  }
}

// The caller has just made round_, so it alone logs in.
absl::StatusOr<Credential> Session::LogIn(const CallContext& context) {
  absl::StatusOr<Credential> result = login_(context);
  const absl::Time now = scheduler_.Now();
  if (result.ok() && result->expires <= now) {
    result =
        Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
        << "The upstream issued a session that has already ended; compare its clock with ours.";
  }
  std::shared_ptr<Round> round;
  {
    const std::lock_guard lock(mu_);
    round = std::move(round_);
    round_ = nullptr;
    if (result.ok()) {
      Store(*std::move(result), now);
      result = *credential_;
    } else if (!CallerGaveUp(result.status())) {
      RememberFailure(result.status(), now);
      if (Usable(now)) {
        result = *credential_;
      } else {
        round->failure = result.status();
      }
    }
  }
  // Nobody joins a round that is no longer round_.
  for (const std::shared_ptr<WakeUp>& waiter : round->waiters) waiter->Wake();
  return result;
}

void Session::Store(Credential credential, absl::Time now) {
  credential_ = std::move(credential);
  credential_->generation = ++generation_;
  if (credential_->issued == absl::InfinitePast()) credential_->issued = now;
  refusal_ = absl::OkStatus();
  pause_until_ = absl::InfinitePast();
}

void Session::RememberFailure(const absl::Status& failure, absl::Time now) {
  const bool refused = HasReason(failure, Reason::kGatewayCredentialRejected);
  refusal_ = refused ? failure : absl::OkStatus();
  pause_until_ = now + policy_.login_pause;
}

void Session::Reject(std::int64_t generation) {
  const std::lock_guard lock(mu_);
  if (!credential_ || credential_->generation != generation) return;
  credential_.reset();
  rejections_.Note(scheduler_.Now());
}

std::optional<absl::Time> Session::expires() const {
  const std::lock_guard lock(mu_);
  if (!credential_) return std::nullopt;
  return credential_->expires;
}

bool Session::Usable(absl::Time now) const { return credential_ && now < credential_->expires; }

bool Session::RenewalDue(absl::Time now) const {
  if (credential_->expires == absl::InfiniteFuture() || now < pause_until_) return false;
  const absl::Duration life = credential_->expires - credential_->issued;
  return now >= credential_->issued + life * policy_.renew_at;
}

}  // namespace relais
