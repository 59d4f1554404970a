// One upstream as a caller sees it: credential, attempts, limits and failures in one place. It
// knows no protocol: the caller makes each attempt, over a Transport of its own.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_H_
#define RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/trace/span.h"
#include "server/core/upstream/attempt.h"
#include "server/core/upstream/breaker.h"
#include "server/core/upstream/change_log.h"
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
  int open_streams = 4;  // replies that are being read at a time
};

// How one call may be treated.
struct SendOptions {
  bool idempotent = true;  // may be repeated without harm
  bool retry = true;       // false: one attempt (a poller has its own back-off)
  // It removes something: when an earlier attempt may have done so, RESOURCE_NOT_FOUND is success.
  bool removes = false;
  bool authenticate = true;  // false: no session is asked for (the login itself)
  // In place of the policy's attempt_timeout, for a body that takes long to send. A peer that is
  // silent is given up all the same.
  std::optional<absl::Duration> attempt_timeout = std::nullopt;
};

class Upstream {
 public:
  // Makes one attempt: sends one request and reads its reply. Called again for every attempt. A
  // status with reason GATEWAY_CREDENTIAL_REJECTED makes the upstream log in once more and repeat
  // the attempt once, also one that is not idempotent: a refused credential means that nothing was
  // done.
  using Try = absl::FunctionRef<AttemptResult(const Attempt&)>;

  // `scheduler` and `metrics` outlive the upstream. `login` may be null: no session then. It may
  // call this upstream with `authenticate` off. `service` and `connection` go into every error's
  // metadata.
  Upstream(std::string service, std::string connection, Scheduler& scheduler,
           UpstreamMetrics& metrics, UpstreamPolicy policy, SessionPolicy session_policy,
           Login login);

  // Makes attempts until one succeeds, fails for good or nothing more is allowed. Blocks; on a
  // worker of the connection's executor. Thread-safe. After UPSTREAM_RATE_LIMITED nothing is sent
  // before the time that the upstream has named: calls fail at once with that reason until then.
  //
  // An error has metadata `service`, `connection`, `attempts` (requests sent) and, when the
  // upstream answered with one, `httpStatus`. When a request that is not idempotent may have been
  // carried out all the same, it has `outcome: unknown`.
  absl::Status Call(const CallContext& context, const SendOptions& options, Try attempt);

  // From now on none of these is in an error, whatever the upstream says of them; nor is the token
  // of the session. Before the first call.
  void KeepSecret(std::vector<Secret> secrets) { secrets_ = std::move(secrets); }
  // Puts "***" in place of each of them in a text of a reply that tells of a failure or of the
  // upstream itself, although the reply is none.
  void ConcealSecrets(std::string& text) const;

  const std::string& service() const { return service_; }
  const std::string& connection() const { return connection_; }
  UpstreamMetrics& metrics() { return metrics_; }
  // The session, to show when it ends or to drop it.
  Session& session() { return session_; }
  const Breaker& breaker() const { return breaker_; }

 private:
  struct Progress;  // of one Call
  struct Outcome;   // of one attempt, or why there was none

  absl::Status CallWithRetries(Progress& call);
  Outcome AttemptWithSession(Progress& call);
  Outcome AttemptOnce(Progress& call, const Credential& credential);
  std::optional<absl::Duration> WaitBeforeRetry(Progress& call, const absl::Status& failure,
                                                int attempt);
  void EndSpan(const Progress& call, const AttemptResult& result, std::unique_ptr<Span> span) const;
  void Settle(Breaker::Pass pass, const AttemptResult& result, absl::Time started);
  void Remember(const AttemptResult& result, absl::Duration took);
  void RememberLogin(const absl::Status& failure);

  const std::string service_;
  const std::string connection_;
  Scheduler& scheduler_;
  UpstreamMetrics& metrics_;
  const UpstreamPolicy policy_;
  Session session_;
  Breaker breaker_;
  ChangeLog changes_;
  RateGate rate_gate_;
  RetryBudget budget_;
  std::vector<Secret> secrets_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_H_
