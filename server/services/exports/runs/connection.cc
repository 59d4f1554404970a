#include "server/services/exports/runs/connection.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/wire_field.h"
#include "server/gateway/mutation.h"
#include "server/services/exports/config_key.pb.h"
#include "server/services/exports/names.h"
#include "server/services/exports/runs/watch.h"

namespace relais::exports {
namespace {

using config::ToAbsl;

// OK if files can be made there.
absl::Status CheckDirectory(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
      access(path.c_str(), W_OK | X_OK) == 0)
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("exports.directory: \"", path,
                   "\" must be a directory in which the gateway may make files."));
}

watch::HubOptions HubOf(Connection& connection, const std::string& run,
                        const config::v1::Watches& watches) {
  watch::HubOptions hub;
  hub.name = run;
  hub.noun = "run";
  hub.poll = [&connection, run](const CallContext&) -> absl::StatusOr<watch::PolledTable> {
    auto read = connection.engine->Read(run);
    if (!read.ok()) return read.status();
    if (!*read) return watch::PolledTable();
    return watch::PolledTable{{run, gateway::Serialize(**read), (*read)->ended(),
                               gateway::StateWord<v1::ExportRun>((*read)->state())}};
  };
  hub.rendering = RunWatchRendering();
  hub.policy.fastest = absl::Seconds(1);
  hub.policy.slowest = absl::Seconds(2);
  hub.policy.heartbeat = ToAbsl(watches.heartbeat());
  hub.policy.heartbeat_slack = hub.policy.heartbeat / 12;
  hub.policy.max_age = ToAbsl(watches.max_age());
  return hub;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const config::LoadedConfig& loaded,
                                                           const gateway::Shared& shared) {
  const config::v1::Exports& section = loaded.config.GetExtension(config::v1::exports);
  auto made = std::make_unique<Connection>(section, shared);
  made->name = kOwnConnection;
  if (!made->configured()) return made;
  std::string problems;
  if (absl::Status status = CheckDirectory(section.directory()); !status.ok())
    problems = std::string(status.message());
  const std::map<std::string, config::v1::ExportDestination> sorted(section.destinations().begin(),
                                                                    section.destinations().end());
  for (const auto& [name, settings] : sorted) {
    const std::string path = absl::StrCat("exports.destinations.", name);
    auto destination =
        MakeDestination(name, settings, gateway::SecretsBelow(loaded, path), shared.scheduler);
    if (!destination.ok()) {
      absl::StrAppend(&problems, problems.empty() ? "" : "\n", destination.status().message());
      continue;
    }
    made->destinations[name] = {*std::move(destination), ToAbsl(settings.initial_backoff()),
                                ToAbsl(settings.max_backoff()), settings.max_attempts()};
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  return made;
}

void Connect(Connection& connection, const rpc::Host& host, const config::v1::Watches& watches) {
  Scheduler& scheduler = connection.shared.scheduler;
  connection.calls = std::make_unique<gateway::LocalCalls>(host, scheduler);
  connection.sources = std::make_unique<Sources>(connection.shared.offers, *connection.calls);
  EngineOptions options;
  options.directory = connection.settings.directory();
  options.workers = connection.settings.workers();
  options.owner = absl::StrCat("process-", getpid());
  connection.engine = std::make_unique<Engine>(
      std::move(options), connection.book, *connection.sources, connection.destinations, scheduler);
  connection.hubs = std::make_unique<watch::HubPool>(
      scheduler, *connection.executor,
      [&connection, watches](const std::string& run) { return HubOf(connection, run, watches); });
}

}  // namespace relais::exports
