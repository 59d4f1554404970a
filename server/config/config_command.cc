#include "server/config/config_command.h"

#include <utility>

#include "server/config/print.h"
#include "server/config/schema.h"

namespace relais::config {
namespace {

absl::StatusOr<LoadedConfig> Load(const ConfigRequest& request, bool look_outside,
                                  std::ostream& err) {
  ConfigOptions options;
  options.environment = request.environment;
  options.flags = request.flags;
  options.look_outside = look_outside;
  auto loaded = LoadConfig(request.file, std::move(options));
  if (!loaded.ok()) {
    err << loaded.status().message() << '\n';
    return loaded;
  }
  for (const std::string& warning : loaded->warnings) err << "warning: " << warning << '\n';
  return loaded;
}

}  // namespace

int RunConfigCheck(const ConfigRequest& request, std::ostream& out, std::ostream& err) {
  const auto loaded = Load(request, /*look_outside=*/true, err);
  if (!loaded.ok()) return kExitConfigError;
  const auto erps = loaded->config.recordsql().erps_size();
  const auto queues = loaded->config.jobqueue().queues_size();
  out << (request.file.empty() ? "configuration" : request.file) << ": valid, " << erps
      << (erps == 1 ? " connection" : " connections") << " to ERPs";
  if (queues > 0) out << ", " << queues << " to job queues";
  const auto orchestrators = loaded->config.robot().orchestrators_size();
  if (orchestrators > 0) out << ", " << orchestrators << " to Orchestrators";
  const auto instances = loaded->config.campaign().instances_size();
  if (instances > 0) out << ", " << instances << " to instances of campaigns";
  out << '\n';
  return kExitOk;
}

int RunConfigPrint(const ConfigRequest& request, std::ostream& out, std::ostream& err) {
  const auto loaded = Load(request, /*look_outside=*/false, err);
  if (!loaded.ok()) return kExitConfigError;
  out << PrintConfig(loaded->config);
  return kExitOk;
}

int RunConfigSchema(std::ostream& out) {
  out << ConfigSchema();
  return kExitOk;
}

}  // namespace relais::config
