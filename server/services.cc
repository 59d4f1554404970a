#include "server/services.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

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

absl::Status Make(const config::LoadedConfig& loaded, const SourceReader& read,
                  Scheduler& scheduler, std::unique_ptr<recordsql::Service>& service) {
  std::vector<std::unique_ptr<recordsql::Connection>> connections;
  // By name, so that lists are in the same order every time.
  const std::map<std::string, config::v1::Erp> erps(loaded.config.recordsql().erps().begin(),
                                                    loaded.config.recordsql().erps().end());
  std::string problems;
  for (const auto& [name, erp] : erps) {
    const auto secret = loaded.secrets.find(absl::StrCat("recordsql.erps.", name, ".password"));
    auto connection = Connect(name, erp, secret == loaded.secrets.end() ? Secret() : secret->second,
                              read, scheduler);
    if (connection.ok()) {
      connections.push_back(*std::move(connection));
    } else {
      absl::StrAppend(&problems, problems.empty() ? "" : "\n", connection.status().message());
    }
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  service = std::make_unique<recordsql::Service>(std::move(connections));
  return absl::OkStatus();
}

void AddUpstreams(const recordsql::Service& service, const std::string& word,
                  std::vector<UpstreamView>& out) {
  for (const auto& connection : service.connections()) {
    out.push_back({word, connection->name, &connection->metrics,
                   &connection->backend->upstream().breaker(), connection->executor.get()});
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
                                      Scheduler& scheduler) {
  Services services;
#define RELAIS_SERVICE(word)                                                            \
  if (absl::Status status = Make(config, read, scheduler, services.word); !status.ok()) \
    return status;
#include "server/services.def"
#undef RELAIS_SERVICE
  return services;
}

}  // namespace relais
