// One attempt to reach an upstream: what it is made with, and what became of it, in the words of
// its caller, its breaker and its metrics.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_
#define RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/error.h"
#include "server/core/base/secret.h"
#include "server/core/trace/span.h"
#include "server/core/upstream/session.h"
#include "server/core/upstream/upstream_metrics.h"

namespace relais {

// What one attempt is made with.
struct Attempt {
  const CallContext& context;    // the call; the attempt, where that is a span of its own
  Span* span;                    // null: it is not traced
  const Credential& credential;  // empty without a session
  bool repeatable;               // false: the transport must never send the request twice
  absl::Duration timeout;
};

// What one attempt came to.
struct AttemptResult {
  absl::Status status{};  // OK, the transport's failure, or the error that the reply means
  bool answered = false;  // a reply came
  int http_status = 0;    // of the reply; 0: none came, or it has none
};

// Whether the same request may succeed a little later.
bool MayPass(Reason reason);

// No upstream is believed that asks for a longer wait than this.
inline constexpr absl::Duration kLongestRetryAfter = absl::Minutes(5);
void CapRetryAfter(absl::Status& failure);

// Puts "***" in place of the secret, also as JSON or a URL would write it, in what the upstream has
// said of the failure.
void Conceal(const Secret& secret, absl::Status& failure);
// The same in one text; whether the secret was in it.
bool Conceal(const Secret& secret, std::string& text);

// Whether the upstream may have done what the failed attempt asked for.
bool MayBeDone(const AttemptResult& result);

// Adds an entry unless the key is there already.
void PutMetadata(ErrorDetails& details, std::string_view key, std::string_view value);

// The failure of one request that was sent, as its caller sees it; `http_status` is as of
// AttemptResult.
absl::Status DescribeFailure(const absl::Status& failure, bool idempotent, int http_status);

// Of a call whose last attempt was not sent because of `refusal`: a breaker or gate that
// has shut meanwhile must not hide why, but knows how long to wait.
absl::Status NotSentAgain(const absl::Status& failure, const absl::Status& refusal);

UpstreamMetrics::Outcome OutcomeOf(const AttemptResult& result);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_
