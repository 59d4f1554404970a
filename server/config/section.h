// What a service adds to the configuration.

#ifndef RELAIS_SERVER_CONFIG_SECTION_H_
#define RELAIS_SERVER_CONFIG_SECTION_H_

#include <string_view>

#include "server/config/findings.h"
#include "server/config/root.pb.h"

namespace relais::config {

// The section of one service. Its keys come from the descriptor of its config.proto, which extends
// v1::Config by the key of the section as soon as it is linked in.
struct Section {
  // Key of the section, e.g. the word of the service.
  std::string_view key;
  // What its connections lead to, in the plural, for people.
  std::string_view upstreams;
  // Tells what the rules of single keys cannot. Called when the whole configuration has been read,
  // also if it has problems.
  void (*check)(const v1::Config& config, Findings& findings);
  // A FileDescriptorSet of its protos with their comments; made by the build.
  std::string_view described;
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_SECTION_H_
