// relais-sandbox: the emulated upstream systems as a program.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/sandbox.h"
#include "sandbox/settings.h"
#include "sandbox/upstream.h"

namespace relais::sandbox {
namespace {

constexpr int kExitBadSettings = 2;
constexpr int kExitCannotListen = 3;
constexpr char kDescription[] =
    "Emulates the upstream systems Relais talks to, with real rows, jobs, robots and campaigns, "
    "with\n"
    "sessions, paging and errors. No credentials of yours, and faults on demand (latency, HTTP\n"
    "errors, cut connections, lost answers, expired tokens).";

constexpr char kFooter[] =
    "Without options it serves built-in data on 127.0.0.1:8080 and prints commands to try, with\n"
    "their accounts.\n\n"
    "The settings file is YAML; keys: ";

constexpr char kFooterEnd[] =
    ".\n"
    "Faults while it runs: PUT /sandbox/faults. What it was asked: GET /sandbox/requests.\n\n"
    "Exit codes: 0 stopped by SIGINT or SIGTERM, 1 wrong usage, 2 settings or dictionaries that\n"
    "cannot be read, 3 the address cannot be used.";

struct CommandLine {
  std::string listen;
  std::string config;
  std::vector<std::pair<const Flag*, std::string>> flags;  // of upstreams
};

absl::Status ReadOptions(const CommandLine& line, SandboxOptions& options) {
  options.port = 8080;
  if (!line.config.empty()) {
    std::ifstream in(line.config, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return absl::NotFoundError("the file '" + line.config + "' cannot be read");
    absl::Status status = ReadSettings(line.config, text.str(), options);
    if (!status.ok()) return status;
  }
  absl::Status status;
  if (!line.listen.empty()) status = ReadListenAddress(line.listen, options);
  for (const auto& [flag, value] : line.flags) status.Update(flag->read(value, options));
  return status;
}

int Serve(const CommandLine& line) {
  // Blocked before any thread starts, so that every thread inherits it and sigwait gets the signal.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  SandboxOptions options;
  if (absl::Status status = ReadOptions(line, options); !status.ok()) {
    std::fprintf(stderr, "relais-sandbox: %s\n", std::string(status.message()).c_str());
    return kExitBadSettings;
  }
  absl::StatusOr<std::unique_ptr<Sandbox>> sandbox = Sandbox::Start(options);
  if (!sandbox.ok()) {
    const std::string why(sandbox.status().message());
    std::fprintf(stderr, "relais-sandbox: %s\n", why.c_str());
    return absl::IsUnavailable(sandbox.status()) ? kExitCannotListen : kExitBadSettings;
  }
  std::printf("relais-sandbox is listening on %s:%d\n\n%s", options.host.c_str(),
              (*sandbox)->http_port(), (*sandbox)->Welcome().c_str());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  (*sandbox)->Stop();
  return 0;
}

}  // namespace
}  // namespace relais::sandbox

int main(int argc, char** argv) {
  CLI::App app(relais::sandbox::kDescription, "relais-sandbox");
  app.footer(relais::sandbox::kFooter + relais::sandbox::SettingsKeys() +
             relais::sandbox::kFooterEnd);
  relais::sandbox::CommandLine line;
  app.add_option("--listen", line.listen, "HOST:PORT to listen on; port 0 takes any free one")
      ->type_name("HOST:PORT");
  app.add_option("--config", line.config, "settings file")->type_name("FILE");
  for (const relais::sandbox::UpstreamKind* kind : relais::sandbox::UpstreamKinds()) {
    for (const relais::sandbox::Flag& flag : kind->flags) line.flags.emplace_back(&flag, "");
  }
  for (auto& [flag, value] : line.flags) {
    app.add_option(flag->name, value, flag->help)->type_name(flag->value_name);
  }
  app.set_version_flag("--version", std::string("relais-sandbox ") + RELAIS_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return relais::sandbox::Serve(line);
}
