#include "server/core/upstream/upstream.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/trace/tracer.h"

namespace relais {

struct Upstream::Progress {
  const CallContext& context;
  const SendOptions& options;
  Try attempt;
  int sent = 0;  // requests
  bool logged_in_again = false;
  std::optional<Backoff> backoff = std::nullopt;  // made by the first retry: seeding it is not free
};

struct Upstream::Outcome {
  absl::Status status{};
  bool sent = false;         // false: failed before (the session, the breaker); not to be repeated
  bool may_be_done = false;  // the upstream may have done what was asked, although it failed
};

Upstream::Upstream(std::string service, std::string connection, Scheduler& scheduler,
                   UpstreamMetrics& metrics, UpstreamPolicy policy, SessionPolicy session_policy,
                   Login login)
    : service_(std::move(service)),
      connection_(std::move(connection)),
      scheduler_(scheduler),
      metrics_(metrics),
      policy_(policy),
      session_(scheduler, session_policy,
               login == nullptr ? Login() : [this, login = std::move(login)](const CallContext& context) {
                 metrics_.logins.fetch_add(1, std::memory_order_relaxed);
                 absl::StatusOr<Credential> credential = login(context);
                 RememberLogin(credential.status());
                 return credential;
               }),
      breaker_(policy.breaker),
      changes_(service_, connection_),
      budget_(policy.retry.budget_percent) {}

// As CallWithRetries; a failure says where it comes from.
absl::Status Upstream::Call(const CallContext& context, const SendOptions& options, Try attempt) {
  Progress call{.context = context, .options = options, .attempt = attempt};
  budget_.Earn();
  absl::Status status = CallWithRetries(call);
  if (status.ok()) return status;
  // Here, since a login that failed over another upstream has the same secrets.
  for (const Secret& secret : secrets_) Conceal(secret, status);
  ErrorDetails details = DetailsOf(status);
  PutMetadata(details, "service", service_);
  PutMetadata(details, "connection", connection_);
  PutMetadata(details, "attempts", absl::StrCat(call.sent));
  SetDetails(status, details);
  return status;
}

void Upstream::ConcealSecrets(std::string& text) const {
  for (const Secret& secret : secrets_) Conceal(secret, text);
}

absl::Status Upstream::CallWithRetries(Progress& call) {
  absl::Status last_failure;
  bool may_be_done = false;
  for (int attempt = 1;; ++attempt) {
    Outcome outcome = AttemptWithSession(call);
    if (outcome.status.ok()) return std::move(outcome.status);
    if (call.options.removes && may_be_done &&
        HasReason(outcome.status, Reason::kResourceNotFound)) {
      return absl::OkStatus();
    }
    may_be_done = may_be_done || outcome.may_be_done;
    if (!outcome.sent) {
      return last_failure.ok() ? outcome.status : NotSentAgain(last_failure, outcome.status);
    }
    last_failure = std::move(outcome.status);
    const std::optional<absl::Duration> wait = WaitBeforeRetry(call, last_failure, attempt);
    if (!wait) return last_failure;
    metrics_.retries.fetch_add(1, std::memory_order_relaxed);
    if (absl::Status waited = WaitUntil(call.context, scheduler_, scheduler_.Now() + *wait);
        !waited.ok()) {
      return waited;
    }
  }
}

// None: the failure is final.
std::optional<absl::Duration> Upstream::WaitBeforeRetry(Progress& call, const absl::Status& failure,
                                                        int attempt) {
  const RetryPolicy& policy = policy_.retry;
  if (!call.options.idempotent || !call.options.retry || attempt >= policy.max_attempts) {
    return std::nullopt;
  }
  const ErrorDetails details = DetailsOf(failure);
  if (!MayPass(details.reason)) return std::nullopt;
  if (!call.backoff) call.backoff.emplace(policy.backoff);
  absl::Duration wait = call.backoff->Next();
  if (details.retry_after) {
    if (*details.retry_after > policy.longest_wait) return std::nullopt;
    wait = std::max(wait, *details.retry_after);
  }
  // Waiting for the deadline would hide the upstream's error behind the deadline's.
  if (scheduler_.Now() + wait >= call.context.deadline()) return std::nullopt;
  if (!budget_.Spend()) return std::nullopt;
  return wait;
}

Upstream::Outcome Upstream::AttemptWithSession(Progress& call) {
  while (true) {
    Credential credential;
    if (call.options.authenticate) {
      absl::StatusOr<Credential> got = session_.Get(call.context);
      if (!got.ok()) return {.status = got.status()};
      credential = *std::move(got);
    }
    Outcome outcome = AttemptOnce(call, credential);
    const bool refused = call.options.authenticate && session_.enabled() && outcome.sent &&
                         HasReason(outcome.status, Reason::kGatewayCredentialRejected);
    if (!refused) return outcome;
    session_.Reject(credential.generation);
    if (call.logged_in_again) return outcome;
    call.logged_in_again = true;
  }
}

Upstream::Outcome Upstream::AttemptOnce(Progress& call, const Credential& credential) {
  const absl::Time started = scheduler_.Now();
  if (absl::Status alive = call.context.Check(started); !alive.ok()) return {.status = alive};
  if (absl::Status open = rate_gate_.Admit(started); !open.ok()) return {.status = open};
  const absl::StatusOr<Breaker::Pass> pass = breaker_.Admit(started);
  if (!pass.ok()) return {.status = pass.status()};
  ++call.sent;
  metrics_.in_flight.fetch_add(1, std::memory_order_relaxed);
  std::unique_ptr<Span> span = Tracer::BeginRequest(call.context, service_);
  std::optional<CallContext> within;
  if (span != nullptr) within = call.context.Within(TraceparentOf(*span));
  AttemptResult result =
      call.attempt({.context = within ? *within : call.context,
                    .span = span.get(),
                    .credential = credential,
                    .repeatable = call.options.idempotent,
                    .timeout = call.options.attempt_timeout.value_or(policy_.attempt_timeout)});
  metrics_.in_flight.fetch_sub(1, std::memory_order_relaxed);
  if (!result.status.ok()) {
    CapRetryAfter(result.status);
    Conceal(credential.token, result.status);
  }
  Settle(*pass, result, started);
  if (span != nullptr) EndSpan(call, result, std::move(span));
  if (result.status.ok()) return {.sent = true};
  return {.status = DescribeFailure(result.status, call.options.idempotent, result.http_status),
          .sent = true,
          .may_be_done = MayBeDone(result)};
}

// No words of the upstream: nobody knows who reads them.
void Upstream::EndSpan(const Progress& call, const AttemptResult& result,
                       std::unique_ptr<Span> span) const {
  span->Set("relais.service", service_);
  span->Set("relais.connection", connection_);
  if (result.http_status != 0) span->Set("http.response.status_code", result.http_status);
  if (call.sent > 1) span->Set("http.request.resend_count", call.sent - 1);
  if (!result.status.ok()) {
    span->failed = true;
    span->Set("error.type", ReasonName(DetailsOf(result.status).reason));
  }
  call.context.identity().tracer->End(std::move(span));
}

// Tells the breaker, the gate, the metrics and the log.
void Upstream::Settle(Breaker::Pass pass, const AttemptResult& result, absl::Time started) {
  const absl::Time now = scheduler_.Now();
  const UpstreamMetrics::Outcome outcome = OutcomeOf(result);
  metrics_.Record(outcome, now - started);
  if (outcome != UpstreamMetrics::kAbandoned) Remember(result, now - started);
  if (HasReason(result.status, Reason::kUpstreamRateLimited)) {
    if (const auto wait = DetailsOf(result.status).retry_after) rate_gate_.Close(now + *wait);
  } else if (result.answered) {
    rate_gate_.Answered(started);
  }
  if (result.answered || outcome == UpstreamMetrics::kUnreachable)
    changes_.Reachable(result.answered, now);
  const bool gateway_error = result.http_status >= 502 && result.http_status <= 504;
  // What failed here, such as a full disk, says nothing about the upstream.
  const bool local = outcome == UpstreamMetrics::kRejected && !result.answered;
  if (outcome == UpstreamMetrics::kAbandoned || local) {
    breaker_.Abandoned(pass);
  } else if (gateway_error || outcome == UpstreamMetrics::kUnreachable ||
             outcome == UpstreamMetrics::kTimeout) {
    changes_.Open(breaker_.Failed(pass, now), now);
  } else {
    breaker_.Succeeded(pass);
    changes_.Open(false, now);
  }
}

void Upstream::Remember(const AttemptResult& result, absl::Duration took) {
  const absl::Time now = scheduler_.Wall();
  if (!result.status.ok()) {
    const Reason reason = DetailsOf(result.status).reason;
    if (ConcernsUpstream(reason))
      return metrics_.recent.Failed(took, {reason, result.http_status, now});
  }
  // What failed here, such as a full disk, says nothing about the upstream.
  if (result.answered || result.status.ok()) metrics_.recent.Succeeded(took, now);
}

void Upstream::RememberLogin(const absl::Status& failure) {
  if (failure.ok()) return;
  const ErrorDetails details = DetailsOf(failure);
  // One that was not sent, because the breaker is open, must not hide what has opened it.
  const bool sent =
      std::find(details.metadata.begin(), details.metadata.end(),
                std::pair<std::string, std::string>("attempts", "0")) == details.metadata.end();
  if (sent && ConcernsUpstream(details.reason))
    metrics_.recent.Failed({details.reason, /*http_status=*/0, scheduler_.Wall()});
}

}  // namespace relais
