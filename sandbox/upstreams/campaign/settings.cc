// The section `campaign` of the settings file.
#include "sandbox/upstreams/campaign/settings.h"

#include "sandbox/settings_reader.h"

namespace relais::sandbox::campaign {

Setters SettersOf(Options& options) {
  const absl::Duration milli = absl::Milliseconds(1);
  return {{"alias", TextInto(options.alias)},
          {"tcp_port", [&options](const YAML::Node& node) { options.tcp_port = AtLeast(node, 0); }},
          {"certificate_file", TextInto(options.certificate_file)},
          {"key_file", TextInto(options.key_file)},
          {"queued_ms", TimeInto(options.queued_time, milli)},
          {"action_ms", TimeInto(options.action_time, milli)},
          {"polling_ms", TimeInto(options.polling_time, milli)},
          {"session_ms", TimeInto(options.session_life, milli)},
          {"state_file", TextInto(options.state_file)}};
}

}  // namespace relais::sandbox::campaign
