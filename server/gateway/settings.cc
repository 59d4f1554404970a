#include "server/gateway/settings.h"

#include <cstddef>

#include "server/config/forms/duration.h"

namespace relais::gateway {

using ::relais::config::ToAbsl;

CurlOptions TransportOptions(const config::v1::Limits& limits, const config::v1::ClientTls& tls) {
  CurlOptions options;
  options.connect_timeout = ToAbsl(limits.connect_timeout());
  // A long query is silent until its first row: only the time for the whole attempt bounds it.
  options.low_speed_time = ToAbsl(limits.attempt_timeout());
  options.idle_handles = static_cast<std::size_t>(limits.in_flight());
  options.max_response_bytes = limits.max_response_bytes();
  options.ca_file = tls.ca_file();
  options.pinned_public_key = tls.pinned_public_key();
  return options;
}

UpstreamPolicy PolicyOf(const config::v1::Limits& limits) {
  UpstreamPolicy policy;
  policy.open_streams = limits.in_flight();
  policy.attempt_timeout = ToAbsl(limits.attempt_timeout());
  policy.retry.max_attempts = limits.max_attempts();
  policy.retry.budget_percent = limits.retry_budget_percent();
  policy.breaker.failures = limits.breaker_failures();
  return policy;
}

}  // namespace relais::gateway
