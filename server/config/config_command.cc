#include "server/config/config_command.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "server/config/forms/key_rules.h"
#include "server/config/print.h"
#include "server/config/schema.h"

namespace relais::config {
namespace {

using google::protobuf::FieldDescriptor;

absl::StatusOr<LoadedConfig> Load(const ConfigRequest& request, bool look_outside,
                                  std::ostream& err) {
  ConfigOptions options;
  options.environment = request.environment;
  options.flags = request.flags;
  options.look_outside = look_outside;
  auto loaded = LoadConfig(request.file, std::move(options), request.sections);
  if (!loaded.ok()) {
    err << loaded.status().message() << '\n';
    return loaded;
  }
  for (const std::string& warning : loaded->warnings) err << "warning: " << warning << '\n';
  return loaded;
}

// A section has one map: its connections.
int ConnectionsOf(const Section& section, const v1::Config& config) {
  const auto& message =
      config.GetReflection()->GetMessage(config, FindKey(*config.GetDescriptor(), section.key));
  for (const FieldDescriptor* field : FieldsOf(*message.GetDescriptor())) {
    if (field->is_map()) return message.GetReflection()->FieldSize(message, field);
  }
  return 0;
}

}  // namespace

int RunConfigCheck(const ConfigRequest& request, std::ostream& out, std::ostream& err) {
  const auto loaded = Load(request, /*look_outside=*/true, err);
  if (!loaded.ok()) return kExitConfigError;
  if (request.look_into) {
    if (const absl::Status status = request.look_into(*loaded); !status.ok()) {
      err << status.message() << '\n';
      return kExitConfigError;
    }
  }
  out << (request.file.empty() ? "configuration" : request.file) << ": valid";
  bool first = true;
  for (const Section& section : request.sections) {
    const int connections = ConnectionsOf(section, loaded->config);
    if (first) {
      out << ", " << connections << (connections == 1 ? " connection" : " connections") << " to "
          << section.upstreams;
    } else if (connections > 0) {
      out << ", " << connections << " to " << section.upstreams;
    }
    first = false;
  }
  out << '\n';
  return kExitOk;
}

int RunConfigPrint(const ConfigRequest& request, std::ostream& out, std::ostream& err) {
  const auto loaded = Load(request, /*look_outside=*/false, err);
  if (!loaded.ok()) return kExitConfigError;
  out << PrintConfig(loaded->config);
  return kExitOk;
}

int RunConfigSchema(const std::vector<Section>& sections, std::ostream& out) {
  out << ConfigSchema(sections);
  return kExitOk;
}

}  // namespace relais::config
