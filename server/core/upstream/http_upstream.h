// One HTTP upstream as a caller sees it: credential, attempts, limits and failures in one place, so
// that a back end writes only what is particular to its upstream: how a request is built and what a
// reply means.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_
#define RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/core/base/scheduler.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/breaker.h"
#include "server/core/upstream/rate_gate.h"
#include "server/core/upstream/retry_budget.h"
#include "server/core/upstream/session.h"
#include "server/core/upstream/upstream_metrics.h"

namespace relais {

struct RetryPolicy {
  int max_attempts = 3;  // 1 = never again
  BackoffPolicy backoff{};
  int budget_percent = 20;  // repeated attempts, in per cent of first ones
  // A longer Retry-After is the caller's to wait for, not ours.
  absl::Duration longest_wait = absl::Seconds(30);
};

struct UpstreamPolicy {
  absl::Duration attempt_timeout = absl::Seconds(60);
  RetryPolicy retry{};
  BreakerPolicy breaker{};
};

// How one call may be treated.
struct SendOptions {
  bool idempotent = true;    // may be repeated without harm
  bool retry = true;         // false: one attempt (a poller has its own back-off)
  bool authenticate = true;  // false: no session is asked for (the login itself)
  // In place of the policy's attempt_timeout, for a body that takes long to send. A peer that is
  // silent is given up all the same.
  std::optional<absl::Duration> attempt_timeout = std::nullopt;
};

class HttpUpstream {
 public:
  // Makes the request of one attempt; called again for every attempt with the credential then
  // valid.
  using BuildRequest = absl::FunctionRef<HttpRequest(const Credential&)>;
  // What a reply means: OK, or the error to return. An error with reason
  // GATEWAY_CREDENTIAL_REJECTED makes the upstream log in once more and repeat the request once,
  // also one that is not idempotent: a refused credential means that nothing was done.
  using Classify = absl::FunctionRef<absl::Status(const HttpReply&, const Credential&)>;

  // `transport`, `scheduler` and `metrics` outlive the upstream. `login` may be null: no session
  // then. It may call Send of this upstream with `authenticate` off. `service` and `connection` go
  // into every error's metadata.
  HttpUpstream(std::string service, std::string connection, HttpTransport& transport,
               Scheduler& scheduler, UpstreamMetrics& metrics, UpstreamPolicy policy,
               SessionPolicy session_policy, Login login);

  // One call: attempts until one succeeds, fails for good or nothing more is allowed. Blocks; on a
  // worker of the connection's executor. Thread-safe. After a 429 nothing is sent before the time
  // that the upstream has named: calls fail at once with UPSTREAM_RATE_LIMITED until then.
  //
  // An error has metadata `service`, `connection`, `attempts` (requests sent) and, when the
  // upstream answered, `httpStatus`. When a request that is not idempotent may have been carried
  // out all the same, it has `outcome: unknown`.
  absl::StatusOr<HttpReply> Send(const CallContext& context, const SendOptions& options,
                                 BuildRequest build, Classify classify);

  // The same for a body that is pulled: attempts until the head of a reply is in and classified.
  // `classify` sees the body only of a reply that is no success. Later failures are not repeated;
  // they have the same metadata and are counted. The stream must not outlive upstream or transport.
  absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                   const SendOptions& options, BuildRequest build,
                                                   Classify classify);

  // The session, to show when it ends or to drop it.
  Session& session() { return session_; }
  const Breaker& breaker() const { return breaker_; }

 private:
  struct Call;      // one Send or Open
  struct Received;  // a reply, or a stream
  struct Exchange;  // what one attempt came to

  absl::StatusOr<Received> Run(Call& call);
  absl::StatusOr<Received> SendWithRetries(Call& call);
  Exchange AttemptWithSession(Call& call);
  Exchange Attempt(Call& call, const Credential& credential);
  HttpRequest MakeRequest(const Call& call, const Credential& credential) const;
  absl::StatusOr<Received> Receive(const Call& call, const HttpRequest& request);
  std::optional<absl::Duration> WaitBeforeRetry(Call& call, const absl::Status& failure,
                                                int attempt);
  void Settle(Breaker::Pass pass, const Exchange& exchange, absl::Time started);

  const std::string service_;
  const std::string connection_;
  HttpTransport& transport_;
  Scheduler& scheduler_;
  UpstreamMetrics& metrics_;
  const UpstreamPolicy policy_;
  Session session_;
  Breaker breaker_;
  RateGate rate_gate_;
  RetryBudget budget_;
};

// The error of a reply by its status alone, per the table in docs/errors.md, with metadata
// httpStatus; OK for 2xx. `creating` tells the two meanings of 409 apart. Obeys Retry-After
// (seconds or an HTTP date, seen from `now`).
absl::Status StatusOfReply(const HttpReply& reply, absl::Time now, bool creating = false);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_HTTP_UPSTREAM_H_
