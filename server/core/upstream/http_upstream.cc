#include "server/core/upstream/http_upstream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/upstream/attempt.h"
#include "server/core/upstream/upstream_stream.h"

namespace relais {

struct HttpUpstream::Call {
  const CallContext& context;
  const SendOptions& options;
  BuildRequest build;
  Classify classify;
  bool stream;
  int sent = 0;  // requests
  bool logged_in_again = false;
  std::optional<Backoff> backoff = std::nullopt;  // made by the first retry: seeding it is not free
};

struct HttpUpstream::Received {
  HttpReply reply{};                     // unless there is a stream
  std::unique_ptr<HttpStream> stream{};  // null: none

  const HttpReply& head() const { return stream != nullptr ? stream->head() : reply; }
};

struct HttpUpstream::Exchange {
  absl::StatusOr<Received> result{};
  bool sent = false;    // false: failed before (the session, the breaker); not to be repeated
  int http_status = 0;  // 0: no reply
};

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
  Call call{.context = context,
            .options = options,
            .build = build,
            .classify = classify,
            .stream = false};
  absl::StatusOr<Received> received = Run(call);
  if (!received.ok()) return received.status();
  return std::move(received->reply);
}

absl::StatusOr<std::unique_ptr<HttpStream>> HttpUpstream::Open(const CallContext& context,
                                                               const SendOptions& options,
                                                               BuildRequest build,
                                                               Classify classify) {
  Call call{
      .context = context, .options = options, .build = build, .classify = classify, .stream = true};
  absl::StatusOr<Received> received = Run(call);
  if (!received.ok()) return received.status();
  return std::make_unique<UpstreamStream>(
      std::move(received->stream), options.idempotent,
      UpstreamStream::Metadata{{"service", service_},
                               {"connection", connection_},
                               {"attempts", absl::StrCat(call.sent)}},
      metrics_);
}

// As SendWithRetries; a failure says where it comes from.
absl::StatusOr<HttpUpstream::Received> HttpUpstream::Run(Call& call) {
  budget_.Earn();
  absl::StatusOr<Received> received = SendWithRetries(call);
  if (received.ok()) return received;
  absl::Status failure = received.status();
  ErrorDetails details = DetailsOf(failure);
  PutMetadata(details, "service", service_);
  PutMetadata(details, "connection", connection_);
  PutMetadata(details, "attempts", absl::StrCat(call.sent));
  SetDetails(failure, details);
  return failure;
}

absl::StatusOr<HttpUpstream::Received> HttpUpstream::SendWithRetries(Call& call) {
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
  if (absl::Status open = rate_gate_.Admit(started); !open.ok()) return {.result = open};
  const absl::StatusOr<Breaker::Pass> pass = breaker_.Admit(started);
  if (!pass.ok()) return {.result = pass.status()};
  const HttpRequest request = MakeRequest(call, credential);
  ++call.sent;
  metrics_.in_flight.fetch_add(1, std::memory_order_relaxed);
  Exchange exchange{.sent = true};
  exchange.result = Receive(call, request);
  metrics_.in_flight.fetch_sub(1, std::memory_order_relaxed);
  if (exchange.result.ok()) {
    exchange.http_status = exchange.result->head().status;
    if (absl::Status meaning = call.classify(exchange.result->head(), credential); !meaning.ok()) {
      exchange.result = std::move(meaning);
    }
  }
  Settle(*pass, exchange, started);
  if (!exchange.result.ok()) {
    exchange.result =
        DescribeFailure(exchange.result.status(), call.options.idempotent, exchange.http_status);
  }
  return exchange;
}

HttpRequest HttpUpstream::MakeRequest(const Call& call, const Credential& credential) const {
  HttpRequest request = call.build(credential);
  request.repeatable = request.repeatable && call.options.idempotent;
  if (const std::string& trace = call.context.identity().traceparent; !trace.empty()) {
    request.headers.emplace_back("traceparent", trace);
  }
  return request;
}

absl::StatusOr<HttpUpstream::Received> HttpUpstream::Receive(const Call& call,
                                                             const HttpRequest& request) {
  const absl::Duration timeout = call.options.attempt_timeout.value_or(policy_.attempt_timeout);
  if (!call.stream) {
    absl::StatusOr<HttpReply> reply = transport_.Send(call.context, request, timeout);
    if (!reply.ok()) return reply.status();
    return Received{.reply = *std::move(reply)};
  }
  absl::StatusOr<std::unique_ptr<HttpStream>> stream =
      transport_.Open(call.context, request, timeout);
  if (!stream.ok()) return stream.status();
  return Received{.stream = *std::move(stream)};
}

// Tells the breaker, the gate and the metrics.
void HttpUpstream::Settle(Breaker::Pass pass, const Exchange& exchange, absl::Time started) {
  const absl::Time now = scheduler_.Now();
  const UpstreamMetrics::Outcome outcome =
      OutcomeOf(exchange.result.status(), exchange.http_status);
  metrics_.Record(outcome, now - started);
  if (HasReason(exchange.result.status(), Reason::kUpstreamRateLimited)) {
    rate_gate_.Close(now +
                     DetailsOf(exchange.result.status()).retry_after.value_or(absl::Duration()));
  }
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
