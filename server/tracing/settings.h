// Where traces go, by the environment variables of OpenTelemetry.

#ifndef RELAIS_SERVER_TRACING_SETTINGS_H_
#define RELAIS_SERVER_TRACING_SETTINGS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/core/base/secret.h"
#include "server/core/trace/sampler.h"

namespace relais::tracing {

struct Settings {
  std::string endpoint{};  // all of the URL
  std::vector<std::pair<std::string, Secret>> headers{};
  std::string ca_file{};                       // PEM; empty: the system's authorities
  absl::Duration timeout = absl::Seconds(10);  // for one batch
  absl::Duration delay = absl::Seconds(5);     // between two batches
  std::size_t batch = 512;                     // spans, at most
  std::size_t queue = 2048;                    // spans that wait, at most
  Sampler sampler{};
  std::vector<std::pair<std::string, std::string>> resource{};  // with service.name
};

// The value of a variable; empty: it is not set.
using Environment = std::function<std::string(const std::string& name)>;

// None: nothing is traced, since no endpoint is named or tracing is switched off. As the standard
// wants it, a value that is no such thing is left out, with a line in `warnings` that names the
// variable.
std::optional<Settings> SettingsOf(const Environment& environment,
                                   std::vector<std::string>& warnings);

}  // namespace relais::tracing

#endif  // RELAIS_SERVER_TRACING_SETTINGS_H_
