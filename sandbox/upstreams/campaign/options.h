// Settings of the sandbox's campaign instance.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPTIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPTIONS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace relais::sandbox::campaign {

struct Options {
  std::string alias = "Math";     // the instance's name, which HTTP needs
  std::string tcp_host{};         // empty: as for HTTP
  std::optional<int> tcp_port{};  // 0 or nothing: any free port
  // PEM files; empty: plain TCP.
  std::string certificate_file{};
  std::string key_file{};

  absl::Duration queued_time = absl::Milliseconds(200);  // of an action, before it runs
  absl::Duration action_time = absl::Seconds(2);
  absl::Duration polling_time = absl::Seconds(1);
  absl::Duration session_life = absl::Minutes(30);
  // Where everything is kept across restarts; empty: nowhere.
  std::string state_file{};
};

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPTIONS_H_
