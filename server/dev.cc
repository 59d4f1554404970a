#include "server/dev.h"

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstream.h"
#include "server/modules.h"
#include "server/sections.h"
#include "server/server.h"

namespace relais {
namespace {

gateway::SourceReader ReaderOf(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path) -> absl::StatusOr<std::string> {
    const auto built_in = files.find(path);
    return built_in == files.end() ? ReadSourceFile(path) : built_in->second;
  };
}

}  // namespace

absl::StatusOr<DevSetup> SetUpDev(sandbox::SandboxOptions sandbox, config::ConfigOptions options) {
  sandbox::SandboxOptions started_with = sandbox;
  auto started = sandbox::Sandbox::Start(std::move(sandbox));
  if (!started.ok()) return started.status();
  DevSetup setup;
  setup.sandbox = *std::move(started);
  std::string yaml =
      "server: {drain_delay: 0s, drain_deadline: 5s}\n"
      "state: {file: \":memory:\"}\n"
      "admin: {status_page: true}\n";
  for (const sandbox::UpstreamKind* kind : sandbox::UpstreamKinds()) {
    sandbox::GatewaySettings settings = kind->gateway(started_with, setup.sandbox->http_port());
    yaml += settings.yaml;
    options.environment.merge(settings.environment);
    options.files.merge(settings.files);
  }
  for (const gateway::Module& module : Modules()) {
    if (!module.dev) continue;
    auto part = module.dev();
    if (!part.ok()) return part.status();
    yaml += part->yaml;
    setup.lines.insert(setup.lines.end(), part->lines.begin(), part->lines.end());
    setup.kept.push_back(std::move(part->kept));
  }
  // There is no file from whose directory paths could count.
  std::error_code error;
  options.directory = std::filesystem::current_path(error).string();
  auto config = config::ParseConfig("relaisd dev", yaml, options, ConfigSections());
  if (!config.ok()) return config.status();
  setup.config = *std::move(config);
  setup.read = ReaderOf(std::move(options.files));
  return setup;
}

std::string DevWelcome(const DevSetup& setup, const std::string& program,
                       const std::string& grpc_address, const std::string& admin_address) {
  const std::string call = absl::StrCat("  ", program, " call --address ", grpc_address, " ");
  std::string text =
      absl::StrCat("Status page: http://", admin_address, "/status\nTry:\n", call, "list\n");
  for (const gateway::Module& module : Modules()) {
    for (const gateway::Example& example : module.examples)
      absl::StrAppend(&text, call, example.method, " '", example.json, "'", example.pipe, "\n");
  }
  for (const std::string& line : setup.lines) absl::StrAppend(&text, "  ", line, "\n");
  absl::StrAppend(
      &text, "  curl -s http://", admin_address,
      "/metrics | grep relais_upstream\n  curl -s http://127.0.0.1:", setup.sandbox->http_port(),
      "/sandbox/requests\nAny other client of gRPC works too:\n  grpcurl -plaintext ", grpc_address,
      " list\n");
  return text;
}

}  // namespace relais
