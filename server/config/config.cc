#include "server/config/config.h"

#include <unistd.h>

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/address.h"
#include "server/config/authentication.h"
#include "server/config/file_reader.h"
#include "server/config/instance_check.h"
#include "server/config/problems.h"
#include "server/config/reader.h"
#include "server/config/secrets.h"
#include "server/config/yaml_tree.h"
#include "server/core/base/view.h"

namespace relais::config {
namespace {

// The places and warnings of one load.
struct Findings {
  const YamlTree& tree;
  const Reader& reader;
  Problems& problems;
  std::vector<std::string>& warnings;

  Position PlaceOf(const std::string& path) const {
    const auto found = reader.positions.find(path);
    return found == reader.positions.end() ? Position{} : found->second;
  }

  void Warn(const Position& position, const std::string& path, std::string_view sentence) {
    warnings.push_back(
        absl::StrCat(Describe(position, tree.sources()), ": ", path, ": ", View(sentence)));
  }
};

void CheckListen(Findings& findings) {
  const std::string path = "server.listen";
  const Position position = findings.PlaceOf(path);
  // Empty: it was wrong, which has been reported.
  if (findings.reader.config.server().listen().empty()) return;
  const absl::Status status = CheckListenAddress(findings.reader.config.server());
  if (!status.ok()) findings.problems.Add(position, path, ToView(status.message()));
}

void WarnOfPlainText(Findings& findings) {
  const v1::Config& config = findings.reader.config;
  std::set<std::string> paths;  // in a stable order
  const auto look_at = [&paths](const std::string& url, const std::string& path) {
    if (IsPlainTextOverNetwork(url)) paths.insert(path);
  };
  for (const auto& [id, erp] : config.recordsql().erps()) {
    look_at(erp.base_url(), absl::StrCat("recordsql.erps.", id, ".base_url"));
  }
  for (const auto& [id, queue] : config.jobqueue().queues()) {
    const std::string path = absl::StrCat("jobqueue.queues.", id);
    look_at(queue.base_url(), path + ".base_url");
    look_at(queue.authentication().authority(), path + ".authentication.authority");
  }
  for (const auto& [id, orchestrator] : config.robot().orchestrators()) {
    const std::string path = absl::StrCat("robot.orchestrators.", id);
    look_at(orchestrator.base_url(), path + ".base_url");
    look_at(orchestrator.authentication().identity_url(), path + ".authentication.identity_url");
  }
  for (const auto& [id, instance] : config.campaign().instances()) {
    const bool plain = !instance.use_tls();
    const bool ipv6 = instance.host().find(':') != std::string::npos;
    look_at(plain ? absl::StrCat("http://", ipv6 ? "[" : "", instance.host(), ipv6 ? "]" : "") : "",
            absl::StrCat("campaign.instances.", id, ".use_tls"));
  }
  for (const std::string& path : paths) {
    findings.Warn(findings.PlaceOf(path), path,
                  "sends credentials as plain text over the network; use https or TLS.");
  }
}

template <typename Connection>
void CheckAuthentication(Findings& findings, const Connection& connection,
                         const std::string& prefix) {
  if (!connection.has_authentication()) return;  // which has been reported
  const std::string path = prefix + ".authentication";
  for (const std::string& key : MissingKeys(connection.authentication())) {
    findings.problems.Add(findings.PlaceOf(path), absl::StrCat(path, ".", key),
                          "is required by the scheme.");
  }
}

void CheckAuthentications(Findings& findings) {
  for (const auto& [id, queue] : findings.reader.config.jobqueue().queues()) {
    CheckAuthentication(findings, queue, absl::StrCat("jobqueue.queues.", id));
  }
  for (const auto& [id, orchestrator] : findings.reader.config.robot().orchestrators()) {
    CheckAuthentication(findings, orchestrator, absl::StrCat("robot.orchestrators.", id));
  }
}

void CheckInstances(Findings& findings) {
  for (const auto& [id, instance] : findings.reader.config.campaign().instances()) {
    const std::string path = absl::StrCat("campaign.instances.", id);
    for (const auto& [key, sentence] : InstanceProblems(instance))
      findings.problems.Add(findings.PlaceOf(path), absl::StrCat(path, ".", key), sentence);
  }
}

void CheckFiles(Findings& findings) {
  for (const FileUse& use : findings.reader.files) {
    const absl::Status status = CheckReadable(use.file);
    if (status.ok()) continue;
    findings.problems.Add(use.position, use.path,
                          absl::StrCat("the file ", Quote(use.file), " ", status.message(), "."));
  }
}

void FetchSecrets(Findings& findings, const Environment& environment,
                  std::map<std::string, Secret>& secrets) {
  for (const SecretUse& use : findings.reader.secrets) {
    auto fetched = FetchSecret(use.source, environment);
    if (!fetched.ok()) {
      findings.problems.Add(use.position, use.path, ToView(fetched.status().message()));
      continue;
    }
    if (!fetched->warning.empty()) findings.Warn(use.position, use.path, fetched->warning);
    secrets.emplace(use.path, std::move(fetched->secret));
  }
}

std::string AbsoluteDirectory(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path directory =
      std::filesystem::absolute(path, error).lexically_normal().parent_path();
  return error ? "/" : directory.string();
}

}  // namespace

absl::StatusOr<LoadedConfig> ParseConfig(const std::string& name, std::string_view text,
                                         const ConfigOptions& options) {
  YamlTree tree(name);
  Problems problems;
  ParseYaml(text, tree, problems);
  // Whether keys are missing cannot be said of a text that could not be read.
  if (!problems.empty()) return problems.ToStatus(tree.sources());
  ApplyOverrides(options.environment, options.flags, tree, problems);
  Reader reader(tree, options.directory.empty() ? "/" : options.directory, problems);
  reader.Read();
  LoadedConfig loaded;
  Findings findings{tree, reader, problems, loaded.warnings};
  CheckListen(findings);
  WarnOfPlainText(findings);
  CheckAuthentications(findings);
  CheckInstances(findings);
  if (options.look_outside) {
    CheckFiles(findings);
    FetchSecrets(findings, options.environment, loaded.secrets);
  }
  if (!problems.empty()) return problems.ToStatus(tree.sources());
  loaded.config = std::move(reader.config);
  return loaded;
}

absl::StatusOr<LoadedConfig> LoadConfig(const std::string& path, ConfigOptions options) {
  if (path.empty()) {
    options.directory = AbsoluteDirectory("./x");
    return ParseConfig("configuration", "", options);
  }
  const auto file = ReadSmallFile(path, kMostConfigBytes);
  if (!file.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", file.status().message(), "."));
  }
  options.directory = AbsoluteDirectory(path);
  return ParseConfig(path, file->content, options);
}

Environment ProcessEnvironment() {
  Environment environment;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace relais::config
