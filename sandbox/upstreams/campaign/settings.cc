// The section `campaign` of the settings file.
#include "sandbox/settings_reader.h"

namespace relais::sandbox {
namespace {

std::function<void(const YAML::Node&)> Into(absl::Duration& out) {
  return [&out](const YAML::Node& node) { out = absl::Milliseconds(AtLeast<int64_t>(node, 0)); };
}

}  // namespace

void CampaignSettings(const YAML::Node& node, CampaignOptions& options) {
  Apply(node, "campaign",
        {{"alias", TextInto(options.alias)},
         {"tcp_port", [&](const YAML::Node& v) { options.tcp_port = AtLeast(v, 0); }},
         {"certificate_file", TextInto(options.certificate_file)},
         {"key_file", TextInto(options.key_file)},
         {"queued_ms", Into(options.queued_time)},
         {"action_ms", Into(options.action_time)},
         {"polling_ms", Into(options.polling_time)},
         {"session_ms", Into(options.session_life)},
         {"state_file", TextInto(options.state_file)}});
}

}  // namespace relais::sandbox
