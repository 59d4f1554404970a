// What became of one attempt to reach an upstream, in the words of its caller, its breaker and its
// metrics.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_
#define RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_

#include <string_view>

#include "absl/status/status.h"
#include "server/core/base/error.h"
#include "server/core/upstream/upstream_metrics.h"

namespace relais {

// Whether the same request may succeed a little later.
bool MayPass(Reason reason);

// Adds an entry unless the key is there already.
void PutMetadata(ErrorDetails& details, std::string_view key, std::string_view value);

// The failure of one request that was sent, as its caller sees it; `http_status` 0: no reply.
absl::Status DescribeFailure(const absl::Status& failure, bool idempotent, int http_status);

// Of a call whose last attempt was not sent because of `refusal`: a breaker or gate that
// has shut meanwhile must not hide why, but knows how long to wait.
absl::Status NotSentAgain(const absl::Status& failure, const absl::Status& refusal);

// `status` may be OK.
UpstreamMetrics::Outcome OutcomeOf(const absl::Status& status, int http_status);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_ATTEMPT_H_
