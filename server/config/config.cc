#include "server/config/config.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/findings.h"
#include "server/config/forms/address.h"
#include "server/config/forms/duration.h"
#include "server/config/problems.h"
#include "server/config/reader.h"
#include "server/config/secrets.h"
#include "server/config/writable.h"
#include "server/config/yaml/tree.h"
#include "server/core/base/text/view.h"
#include "server/core/os/small_file.h"

namespace relais::config {
namespace {

constexpr char kPlainText[] = "sends credentials as plain text over the network; use https or TLS.";

std::string Warning(const YamlTree& tree, const Position& position, const std::string& path,
                    std::string_view sentence) {
  return absl::StrCat(Describe(position, tree.sources()), ": ", path, ": ", View(sentence));
}

void CheckListen(const v1::Server& server, Findings& findings) {
  // Empty: it was wrong, which has been reported.
  if (server.listen().empty()) return;
  const absl::Status status = CheckListenAddress(server);
  if (!status.ok()) findings.Add("server.listen", ToView(status.message()));
}

// Whoever may call could claim to be a front, and to speak for anyone.
void CheckCallers(const v1::Server& server, Findings& findings) {
  const v1::ServerTls& tls = server.tls();
  if (!tls.client_names().empty() && tls.client_ca_file().empty())
    findings.AddBelow("server.tls", "client_ca_file", "is required by client_names.");
  if (!server.caller_header().empty() && tls.client_names().empty() && !server.behind_proxy())
    findings.Add("server.caller_header", "needs tls.client_names, or behind_proxy: true.");
}

void CheckAdmin(const v1::Admin& admin, Findings& findings) {
  if (admin.listen().empty()) return;
  const absl::Status status = CheckAdminAddress(admin);
  if (!status.ok()) findings.Add("admin.listen", ToView(status.message()));
}

// What is forgotten before it has settled could be sent a second time.
void CheckState(const v1::State& state, Findings& findings) {
  // Absent: it was wrong, which has been reported.
  if (state.has_retention() && state.has_settle_time() &&
      ToAbsl(state.retention()) <= ToAbsl(state.settle_time()))
    findings.Add("state.retention", "must be longer than state.settle_time.");
}

// Absent: it was wrong, which has been reported.
void CheckStateFile(const v1::State& state, Findings& findings) {
  if (state.file().empty() || state.file() == kInMemory) return;
  const absl::Status status = CheckWritable(state.file());
  if (!status.ok()) findings.Add("state.file", ToView(status.message()));
}

void CheckDirectories(Findings& findings) {
  for (const auto& [path, directory] : findings.directories()) {
    const absl::Status status = CheckFolder(directory);
    if (!status.ok()) findings.Add(path, ToView(status.message()));
  }
}

void CheckFiles(const std::vector<FileUse>& files,
                const std::map<std::string, std::string>& built_in, Problems& problems) {
  for (const FileUse& use : files) {
    if (built_in.count(use.file) > 0) continue;
    const absl::Status status = CheckReadable(use.file);
    if (status.ok()) continue;
    problems.Add(use.position, use.path,
                 absl::StrCat("the file ", Quote(use.file), " ", status.message(), "."));
  }
}

void FetchSecrets(const YamlTree& tree, const std::vector<SecretUse>& uses,
                  const Environment& environment, Problems& problems, LoadedConfig& loaded) {
  for (const SecretUse& use : uses) {
    auto fetched = FetchSecret(use.source, environment);
    if (!fetched.ok()) {
      problems.Add(use.position, use.path, ToView(fetched.status().message()));
      continue;
    }
    if (!fetched->warning.empty())
      loaded.warnings.push_back(Warning(tree, use.position, use.path, fetched->warning));
    loaded.secrets.emplace(use.path, std::move(fetched->secret));
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
                                         const ConfigOptions& options,
                                         const std::vector<Section>& sections) {
  YamlTree tree(name);
  Problems problems;
  ParseYaml(text, tree, problems);
  // Whether keys are missing cannot be said of a text that could not be read.
  if (!problems.empty()) return problems.ToStatus(tree.sources());
  ApplyOverrides(options.environment, options.flags, tree, problems);
  Reader reader(tree, options.directory.empty() ? "/" : options.directory, problems);
  reader.Read();
  LoadedConfig loaded;
  Findings findings(reader.positions, problems);
  CheckListen(reader.config.server(), findings);
  CheckCallers(reader.config.server(), findings);
  CheckAdmin(reader.config.admin(), findings);
  CheckState(reader.config.state(), findings);
  for (const Section& section : sections) section.check(reader.config, findings);
  for (const std::string& path : findings.plain_text())
    loaded.warnings.push_back(Warning(tree, findings.PlaceOf(path), path, kPlainText));
  if (options.look_outside) {
    if (findings.needs_state()) CheckStateFile(reader.config.state(), findings);
    CheckDirectories(findings);
    CheckFiles(reader.files, options.files, problems);
    FetchSecrets(tree, reader.secrets, options.environment, problems, loaded);
  }
  if (!problems.empty()) return problems.ToStatus(tree.sources());
  loaded.config = std::move(reader.config);
  loaded.needs_state = findings.needs_state();
  return loaded;
}

absl::StatusOr<LoadedConfig> LoadConfig(const std::string& path, ConfigOptions options,
                                        const std::vector<Section>& sections) {
  if (path.empty()) {
    options.directory = AbsoluteDirectory("./x");
    return ParseConfig("configuration", "", options, sections);
  }
  const auto file = ReadSmallFile(path, kMostConfigBytes);
  if (!file.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", file.status().message(), "."));
  }
  options.directory = AbsoluteDirectory(path);
  return ParseConfig(path, file->content, options, sections);
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
