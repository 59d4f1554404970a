#include "server/services.h"

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/map.h"
#include "server/core/base/view.h"
#include "server/services/campaign/config_key.pb.h"
#include "server/services/jobqueue/config_key.pb.h"
#include "server/services/recordsql/config_key.pb.h"
#include "server/services/robot/config_key.pb.h"

namespace relais {
namespace {

absl::StatusOr<recordsql::Catalogue> ReadCatalogue(const config::v1::Erp& erp,
                                                   const SourceReader& read) {
  recordsql::NamedText data;
  if (!erp.data_dictionary().empty()) {
    auto text = read(erp.data_dictionary());
    if (!text.ok()) return text.status();
    data = {erp.data_dictionary(), *std::move(text)};
  }
  std::vector<recordsql::NamedText> dictionaries;
  for (const std::string& path : erp.dictionaries()) {
    auto text = read(path);
    if (!text.ok()) return text.status();
    dictionaries.emplace_back(path, *std::move(text));
  }
  return recordsql::Catalogue::Load(data, dictionaries);
}

absl::StatusOr<std::unique_ptr<recordsql::Connection>> Connect(const std::string& name,
                                                               const config::v1::Erp& erp,
                                                               Secret password,
                                                               const SourceReader& read,
                                                               Scheduler& scheduler) {
  auto catalogue = ReadCatalogue(erp, read);
  if (!catalogue.ok()) return catalogue.status();
  return recordsql::MakeConnection(name, erp, std::move(password), *std::move(catalogue),
                                   scheduler);
}

// Every connection of a section, in the order of their names, so that lists are in the same order
// every time; or every problem.
template <typename Connection, typename Settings, typename Make>
absl::StatusOr<std::vector<std::unique_ptr<Connection>>> ConnectAll(
    const google::protobuf::Map<std::string, Settings>& section, Make make) {
  std::vector<std::unique_ptr<Connection>> connections;
  const std::map<std::string, Settings> sorted(section.begin(), section.end());
  std::string problems;
  for (const auto& [name, settings] : sorted) {
    absl::StatusOr<std::unique_ptr<Connection>> connection = make(name, settings);
    if (connection.ok()) {
      connections.push_back(*std::move(connection));
    } else {
      absl::StrAppend(&problems, problems.empty() ? "" : "\n", connection.status().message());
    }
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  return connections;
}

// The secret at `path`; empty: the configuration has none there.
Secret SecretAt(const config::LoadedConfig& loaded, const std::string& path) {
  const auto found = loaded.secrets.find(path);
  return found == loaded.secrets.end() ? Secret() : found->second;
}

absl::Status Make(const config::LoadedConfig& loaded, const SourceReader& read,
                  const Shared& shared, std::unique_ptr<recordsql::Service>& service) {
  auto connections = ConnectAll<recordsql::Connection>(
      loaded.config.GetExtension(config::v1::recordsql).erps(),
      [&](const std::string& name, const config::v1::Erp& erp) {
        return Connect(name, erp,
                       SecretAt(loaded, absl::StrCat("recordsql.erps.", name, ".password")), read,
                       shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  service = std::make_unique<recordsql::Service>(*std::move(connections), shared.submissions);
  return absl::OkStatus();
}

absl::Status Make(const config::LoadedConfig& loaded, const SourceReader&, const Shared& shared,
                  std::unique_ptr<jobqueue::Service>& service) {
  const config::v1::JobQueue& section = loaded.config.GetExtension(config::v1::jobqueue);
  auto connections = ConnectAll<jobqueue::Connection>(
      section.queues(), [&](const std::string& name, const config::v1::Queue& queue) {
        const auto secret = [&loaded, &name](std::string_view key) {
          return SecretAt(loaded, absl::StrCat("jobqueue.queues.", name, ".", View(key)));
        };
        return jobqueue::MakeConnection(name, queue, secret, section.spool_directory(),
                                        shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  service = std::make_unique<jobqueue::Service>(*std::move(connections), shared.submissions);
  return absl::OkStatus();
}

absl::Status Make(const config::LoadedConfig& loaded, const SourceReader&, const Shared& shared,
                  std::unique_ptr<robot::Service>& service) {
  auto connections = ConnectAll<robot::Connection>(
      loaded.config.GetExtension(config::v1::robot).orchestrators(),
      [&](const std::string& name, const config::v1::Orchestrator& orchestrator) {
        const auto secret = [&loaded, &name](std::string_view key) {
          return SecretAt(loaded, absl::StrCat("robot.orchestrators.", name, ".", View(key)));
        };
        return robot::MakeConnection(name, orchestrator, secret, shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  service = std::make_unique<robot::Service>(*std::move(connections), shared.submissions);
  return absl::OkStatus();
}

absl::Status Make(const config::LoadedConfig& loaded, const SourceReader&, const Shared& shared,
                  std::unique_ptr<campaign::Service>& service) {
  auto connections = ConnectAll<campaign::Connection>(
      loaded.config.GetExtension(config::v1::campaign).instances(),
      [&](const std::string& name, const config::v1::Instance& instance) {
        const auto secret = [&loaded, &name](std::string_view key) {
          return SecretAt(loaded, absl::StrCat("campaign.instances.", name, ".", View(key)));
        };
        return campaign::MakeConnection(name, instance, secret, shared.scheduler);
      });
  if (!connections.ok()) return connections.status();
  service = std::make_unique<campaign::Service>(*std::move(connections), shared.submissions);
  return absl::OkStatus();
}

watch::HubCounts Sum(watch::HubCounts counts, const watch::HubCounts& others) {
  counts.watchers += others.watchers;
  counts.begun += others.begun;
  counts.succeeded += others.succeeded;
  counts.failed += others.failed;
  return counts;
}

watch::HubCounts PollingOf(const recordsql::Connection&) { return {}; }
watch::HubCounts PollingOf(const jobqueue::Connection& connection) {
  return connection.hub->counts();
}
watch::HubCounts PollingOf(const robot::Connection& connection) {
  return Sum(connection.folder_hubs->counts(), connection.job_hubs->counts());
}
watch::HubCounts PollingOf(const campaign::Connection& connection) {
  return Sum(connection.run_hubs->counts(), connection.polling_hub->counts());
}

template <typename Service>
void AddUpstreams(const Service& service, const std::string& word, std::vector<UpstreamView>& out) {
  for (const auto& connection : service.connections()) {
    out.push_back({word, connection->name, &connection->metrics,
                   &connection->backend->upstream().breaker(), connection->executor.get(),
                   [view = connection.get()] { return PollingOf(*view); }});
  }
}

}  // namespace

absl::StatusOr<std::string> ReadSourceFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": the file cannot be read."));
  return text;
}

void Services::AddTo(rpc::Host& host) {
#define RELAIS_SERVICE(word) word->AddTo(host);
#include "server/services.def"
#undef RELAIS_SERVICE
}

std::vector<UpstreamView> Services::Upstreams() const {
  std::vector<UpstreamView> upstreams;
#define RELAIS_SERVICE(word) AddUpstreams(*word, #word, upstreams);
#include "server/services.def"
#undef RELAIS_SERVICE
  return upstreams;
}

absl::StatusOr<Services> MakeServices(const config::LoadedConfig& config, const SourceReader& read,
                                      const Shared& shared) {
  Services services;
#define RELAIS_SERVICE(word) \
  if (absl::Status status = Make(config, read, shared, services.word); !status.ok()) return status;
#include "server/services.def"
#undef RELAIS_SERVICE
  return services;
}

}  // namespace relais
