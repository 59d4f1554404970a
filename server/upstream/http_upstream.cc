#include "server/upstream/http_upstream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relais {

struct HttpUpstream::Call {
  const CallContext& context;
  const SendOptions& options;
  BuildRequest build;
  Classify classify;
  int sent = 0;  // requests
  bool logged_in_again = false;
  std::optional<Backoff> backoff = std::nullopt;  // made by the first retry: seeding it is not free
};

struct HttpUpstream::Exchange {
  absl::StatusOr<HttpReply> result{};
  bool sent = false;    // false: failed before (the session, the breaker); not to be repeated
  int http_status = 0;  // 0: no reply
};

namespace {

bool MayPass(Reason reason) {
  return reason == Reason::kUpstreamUnreachable || reason == Reason::kUpstreamUnavailable ||
         reason == Reason::kUpstreamTimeout || reason == Reason::kUpstreamRateLimited;
}

bool CallerEnded(Reason reason) {
  return reason == Reason::kCallerCancelled || reason == Reason::kCallerDeadline;
}

void PutMetadata(ErrorDetails& details, std::string_view key, std::string_view value) {
  for (const auto& entry : details.metadata) {
    if (entry.first == key) return;
  }
  details.metadata.emplace_back(key, value);
}

// Removes the transport's remark; whether it was there.
bool TakeRequestSent(ErrorDetails& details) {
  return std::erase_if(details.metadata,
                       [](const auto& entry) { return entry.first == "requestSent"; }) > 0;
}

bool OutcomeUnknown(const ErrorDetails& details, bool request_sent) {
  return request_sent || details.reason == Reason::kUpstreamTimeout || CallerEnded(details.reason);
}

// Of a call whose last attempt was not sent because of `refusal`: a breaker that has opened
// meanwhile must not hide why, but knows how long to wait.
absl::Status NotSentAgain(const absl::Status& failure, const absl::Status& refusal) {
  if (!HasReason(refusal, Reason::kUpstreamUnavailable)) return refusal;
  absl::Status status = failure;
  ErrorDetails details = DetailsOf(failure);
  details.retry_after = DetailsOf(refusal).retry_after;
  SetDetails(status, details);
  return status;
}

// The failure of one request that was sent, as its caller sees it.
absl::Status Describe(const absl::Status& failure, bool idempotent, int http_status) {
  ErrorDetails details = DetailsOf(failure);
  const bool request_sent = TakeRequestSent(details);
  if (http_status != 0) PutMetadata(details, "httpStatus", absl::StrCat(http_status));
  absl::StatusCode code = failure.code();
  if (!idempotent && OutcomeUnknown(details, request_sent)) {
    PutMetadata(details, "outcome", "unknown");
    if (details.reason == Reason::kUpstreamTimeout) code = absl::StatusCode::kDeadlineExceeded;
  }
  absl::Status described(code, failure.message());
  SetDetails(described, details);
  return described;
}

UpstreamMetrics::Outcome OutcomeOf(const absl::Status& status, int http_status) {
  if (status.ok()) return UpstreamMetrics::kSucceeded;
  if (http_status == 429 || (http_status >= 502 && http_status <= 504)) {
    return UpstreamMetrics::kUnavailable;
  }
  if (http_status != 0) return UpstreamMetrics::kRejected;
  switch (DetailsOf(status).reason) {
    case Reason::kUpstreamUnreachable:
      return UpstreamMetrics::kUnreachable;
    case Reason::kUpstreamTimeout:
      return UpstreamMetrics::kTimeout;
    case Reason::kCallerCancelled:
    case Reason::kCallerDeadline:
      return UpstreamMetrics::kAbandoned;
    default:
      return UpstreamMetrics::kRejected;
  }
}

}  // namespace

HttpUpstream::HttpUpstream(std::string service, std::string connection, HttpTransport& transport,
                           Scheduler& scheduler, UpstreamMetrics& metrics, UpstreamPolicy policy,
                           SessionPolicy session_policy, Login login)
    : service_(std::move(service)),
      connection_(std::move(connection)),
      transport_(transport),
      scheduler_(scheduler),
      metrics_(metrics),
      policy_(policy),
      session_(scheduler, session_policy,
               login == nullptr ? Login() : [this, login = std::move(login)](const CallContext& context) {
                 metrics_.logins.fetch_add(1, std::memory_order_relaxed);
                 return login(context);
               }),
      breaker_(policy.breaker),
      budget_(policy.retry.budget_percent) {}

absl::StatusOr<HttpReply> HttpUpstream::Send(const CallContext& context, const SendOptions& options,
                                             BuildRequest build, Classify classify) {
  Call call{.context = context, .options = options, .build = build, .classify = classify};
  budget_.Earn();
  absl::StatusOr<HttpReply> reply = SendWithRetries(call);
  if (reply.ok()) return reply;
  absl::Status failure = reply.status();
  ErrorDetails details = DetailsOf(failure);
  PutMetadata(details, "service", service_);
  PutMetadata(details, "connection", connection_);
  PutMetadata(details, "attempts", absl::StrCat(call.sent));
  SetDetails(failure, details);
  return failure;
}

absl::StatusOr<HttpReply> HttpUpstream::SendWithRetries(Call& call) {
  absl::Status last_failure;
  for (int attempt = 1;; ++attempt) {
    Exchange exchange = AttemptWithSession(call);
    if (exchange.result.ok()) return std::move(exchange.result);
    if (!exchange.sent) {
      return last_failure.ok() ? exchange.result.status()
                               : NotSentAgain(last_failure, exchange.result.status());
    }
    last_failure = exchange.result.status();
    const std::optional<absl::Duration> wait =
        WaitBeforeRetry(call, exchange.result.status(), attempt);
    if (!wait) return exchange.result.status();
    metrics_.retries.fetch_add(1, std::memory_order_relaxed);
    if (absl::Status waited = WaitUntil(call.context, scheduler_, scheduler_.Now() + *wait);
        !waited.ok()) {
      return waited;
    }
  }
}

// None: the failure is final.
std::optional<absl::Duration> HttpUpstream::WaitBeforeRetry(Call& call, const absl::Status& failure,
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

HttpUpstream::Exchange HttpUpstream::AttemptWithSession(Call& call) {
  while (true) {
    Credential credential;
    if (call.options.authenticate) {
      absl::StatusOr<Credential> got = session_.Get(call.context);
      if (!got.ok()) return {.result = got.status()};
      credential = *std::move(got);
    }
    Exchange exchange = Attempt(call, credential);
    const bool refused = call.options.authenticate && session_.enabled() && exchange.sent &&
                         HasReason(exchange.result.status(), Reason::kGatewayCredentialRejected);
    if (!refused) return exchange;
    session_.Reject(credential.generation);
    if (call.logged_in_again) return exchange;
    call.logged_in_again = true;
  }
}

HttpUpstream::Exchange HttpUpstream::Attempt(Call& call, const Credential& credential) {
  const absl::Time started = scheduler_.Now();
  if (absl::Status alive = call.context.Check(started); !alive.ok()) return {.result = alive};
  const absl::StatusOr<Breaker::Pass> pass = breaker_.Admit(started);
  if (!pass.ok()) return {.result = pass.status()};
  HttpRequest request = call.build(credential);
  request.repeatable = request.repeatable && call.options.idempotent;
  if (const std::string& trace = call.context.identity().traceparent; !trace.empty()) {
    request.headers.emplace_back("traceparent", trace);
  }
  ++call.sent;
  metrics_.in_flight.fetch_add(1, std::memory_order_relaxed);
  Exchange exchange{.sent = true};
  exchange.result = transport_.Send(call.context, request, policy_.attempt_timeout);
  metrics_.in_flight.fetch_sub(1, std::memory_order_relaxed);
  if (exchange.result.ok()) {
    exchange.http_status = exchange.result->status;
    if (absl::Status meaning = call.classify(*exchange.result, credential); !meaning.ok()) {
      exchange.result = std::move(meaning);
    }
  }
  Settle(*pass, exchange, started);
  if (!exchange.result.ok()) {
    exchange.result =
        Describe(exchange.result.status(), call.options.idempotent, exchange.http_status);
  }
  return exchange;
}

// Tells the breaker and the metrics.
void HttpUpstream::Settle(Breaker::Pass pass, const Exchange& exchange, absl::Time started) {
  const absl::Time now = scheduler_.Now();
  const UpstreamMetrics::Outcome outcome =
      OutcomeOf(exchange.result.status(), exchange.http_status);
  metrics_.Record(outcome, now - started);
  const bool gateway_error = exchange.http_status >= 502 && exchange.http_status <= 504;
  if (outcome == UpstreamMetrics::kAbandoned) {
    breaker_.Abandoned(pass);
  } else if (gateway_error || outcome == UpstreamMetrics::kUnreachable ||
             outcome == UpstreamMetrics::kTimeout) {
    breaker_.Failed(pass, now);
  } else {
    breaker_.Succeeded(pass);
  }
}

}  // namespace relais
