// What the configuration says of how an upstream of any kind is polled.

#ifndef RELAIS_SERVER_GATEWAY_POLL_POLICY_H_
#define RELAIS_SERVER_GATEWAY_POLL_POLICY_H_

#include <algorithm>

#include "server/config/config.pb.h"
#include "server/config/forms/duration.h"
#include "server/core/watch/poll_policy.h"

namespace relais::gateway {

// Of a section that has poll_interval, idle_poll_interval and limits.
template <typename Section>
watch::PollPolicy PollPolicyOf(const Section& section, const config::v1::Watches& watches) {
  watch::PollPolicy policy;
  policy.fastest = config::ToAbsl(section.poll_interval());
  policy.slowest = std::max(policy.fastest, config::ToAbsl(section.idle_poll_interval()));
  policy.fresh_for = policy.fastest;
  policy.longest_poll = config::ToAbsl(section.limits().attempt_timeout());
  policy.heartbeat = config::ToAbsl(watches.heartbeat());
  policy.heartbeat_slack = policy.heartbeat / 12;
  policy.max_age = config::ToAbsl(watches.max_age());
  return policy;
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_POLL_POLICY_H_
