// relaisd: the command line.

#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sandbox/sandbox.h"
#include "sandbox/settings.h"
#include "server/config/config.h"
#include "server/config/config_command.h"
#include "server/config/duration.h"
#include "server/core/base/log.h"
#include "server/dev.h"
#include "server/server.h"

// Read by jemalloc at its start: memory that nobody needs goes back to the system soon, also while
// the gateway is idle.
extern "C" {
// NOLINTNEXTLINE(readability-identifier-naming): the name is jemalloc's
const char* malloc_conf = "background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";
}

namespace relais {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitUsage = 1;
constexpr int kExitConfiguration = 2;
constexpr int kExitCannotListen = 3;
constexpr int kExitCut = 130;

constexpr char kDescription[] =
    "Relais gives enterprise systems one typed, streaming gRPC API. This version: ERP databases\n"
    "through Divalto's RecordSql (RecordSqlService), job queues of Ansys Granta MI\n"
    "(JobQueueService).";
constexpr char kFooter[] =
    "Settings: a file (--config), then environment variables RELAIS_<PATH> with \"__\" between "
    "keys\n"
    "(RELAIS_SERVER__LISTEN=127.0.0.1:6000), then --set (--set server.listen=127.0.0.1:6000); "
    "later ones win.\n"
    "`relaisd config schema` lists every key; docs/configuration.md explains them.\n\n"
    "SIGTERM or SIGINT drains: health says NOT_SERVING, after server.drain_delay streams end with\n"
    "GATEWAY_DRAINING and running calls may take server.drain_deadline. A second signal ends at "
    "once.\n\n"
    "Exit codes: 0 stopped in order, 1 wrong usage, 2 the configuration is wrong, 3 an address "
    "cannot be had,\n"
    "130 cut by a second signal.";

struct CommandLine {
  std::string config;
  std::vector<std::string> set;
  std::string listen;
  std::string admin_listen;
  std::string sandbox_listen = "127.0.0.1:8080";
  std::string campaign_listen;

  // Flags in their common form; --listen is short for --set server.listen=….
  std::vector<std::string> Flags() const {
    std::vector<std::string> flags = set;
    if (!listen.empty()) flags.push_back("server.listen=" + listen);
    if (!admin_listen.empty()) flags.push_back("admin.listen=" + admin_listen);
    return flags;
  }
};

void ConfigureLogFrom(const config::v1::Log& log) {
  static constexpr LogLevel kLevels[] = {LogLevel::kInfo, LogLevel::kDebug, LogLevel::kInfo,
                                         LogLevel::kWarning, LogLevel::kError};
  const bool text =
      log.format() == config::v1::Log::FORMAT_TEXT ||
      (log.format() == config::v1::Log::FORMAT_UNSPECIFIED && isatty(STDERR_FILENO) == 1);
  ConfigureLog(kLevels[log.level()], text ? LogFormat::kText : LogFormat::kJson);
}

// Blocked before any thread exists, so that only the waits below receive them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

void AwaitSignal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

// Serves until a signal, then drains.
int ServeUntilSignal(Server& server, const config::v1::Server& settings, const sigset_t& signals) {
  AwaitSignal(signals);
  Log(LogLevel::kInfo, "draining");
  std::thread([signals] {
    AwaitSignal(signals);
    _exit(kExitCut);
  }).detach();
  server.Drain();
  std::this_thread::sleep_for(absl::ToChronoMicroseconds(config::ToAbsl(settings.drain_delay())));
  server.Stop(config::ToAbsl(settings.drain_deadline()));
  Log(LogLevel::kInfo, "stopped");
  return kExitOk;
}

int Fail(const absl::Status& status) {
  std::cerr << std::string(status.message()) << "\n";
  return status.code() == absl::StatusCode::kUnavailable ? kExitCannotListen : kExitConfiguration;
}

void Announce(const Server& server, const config::LoadedConfig& loaded) {
  for (const std::string& warning : loaded.warnings)
    Log(LogLevel::kWarning, "configuration", {{"warning", warning}});
  Log(LogLevel::kInfo, "listening",
      {{"grpc", server.grpc_address()},
       {"admin", server.admin_address()},
       {"version", RELAIS_VERSION}});
  std::printf("gRPC on %s, admin on http://%s\n", server.grpc_address().c_str(),
              server.admin_address().c_str());
}

int Serve(const CommandLine& line) {
  const sigset_t signals = BlockSignals();
  config::ConfigOptions options;
  options.environment = config::ProcessEnvironment();
  options.flags = line.Flags();
  auto loaded = config::LoadConfig(line.config, options);
  if (!loaded.ok()) return Fail(loaded.status());
  ConfigureLogFrom(loaded->config.log());
  auto server = Server::Start(*loaded);
  if (!server.ok()) return Fail(server.status());
  Announce(**server, *loaded);
  std::fflush(stdout);
  return ServeUntilSignal(**server, loaded->config.server(), signals);
}

int Dev(const CommandLine& line) {
  const sigset_t signals = BlockSignals();
  config::ConfigOptions options;
  options.environment = config::ProcessEnvironment();
  options.flags = line.Flags();
  sandbox::SandboxOptions sandbox;
  absl::Status read = sandbox::ReadListenAddress(line.sandbox_listen, sandbox);
  read.Update(sandbox::ReadCampaignAddress(line.campaign_listen, sandbox));
  if (!read.ok()) return Fail(read);
  auto setup = SetUpDev(std::move(sandbox), options);
  if (!setup.ok()) return Fail(setup.status());
  ConfigureLogFrom(setup->config.config.log());
  auto server = Server::Start(setup->config, setup->read);
  if (!server.ok()) return Fail(server.status());
  Announce(**server, setup->config);
  const int port = setup->sandbox->http_port();
  std::printf("Sandbox on http://127.0.0.1:%d, campaigns also on TCP port %d\n\n%s", port,
              setup->sandbox->campaign_port(),
              DevWelcome((*server)->grpc_address(), (*server)->admin_address(), port).c_str());
  std::fflush(stdout);
  return ServeUntilSignal(**server, setup->config.config.server(), signals);
}

config::ConfigRequest RequestOf(const CommandLine& line) {
  return {line.config, config::ProcessEnvironment(), line.Flags()};
}

void AddSettings(CLI::App& command, CommandLine& line, bool file) {
  if (file)
    command.add_option("--config", line.config, "Configuration file (YAML)")->type_name("FILE");
  command.add_option("--set", line.set, "One setting; may be repeated")
      ->type_name("KEY=VALUE")
      ->take_all();
  command
      .add_option("--listen", line.listen, "gRPC address (default 127.0.0.1:50051; port 0: any)")
      ->type_name("HOST:PORT");
  command
      .add_option("--admin-listen", line.admin_listen,
                  "Admin HTTP address (default 127.0.0.1:9464; port 0: any)")
      ->type_name("HOST:PORT");
}

int Run(int argc, char** argv) {
  CLI::App app(kDescription, "relaisd");
  app.footer(kFooter);
  app.require_subcommand(1);
  CommandLine line;
  int code = kExitOk;

  CLI::App& serve = *app.add_subcommand("serve", "Serve the configured upstreams");
  AddSettings(serve, line, true);
  serve.get_option("--config")->required();
  serve.callback([&] { code = Serve(line); });

  CLI::App& dev = *app.add_subcommand(
      "dev", "Serve an embedded sandbox: nothing to configure, nothing to break");
  AddSettings(dev, line, false);
  dev.add_option("--sandbox-listen", line.sandbox_listen, "Sandbox HTTP address (port 0: any)")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  dev.add_option("--campaign-listen", line.campaign_listen,
                 "Sandbox address of campaigns over TCP (default 127.0.0.1:3000; any port when "
                 "--sandbox-listen has port 0)")
      ->type_name("HOST:PORT");
  dev.callback([&] { code = Dev(line); });

  CLI::App& config = *app.add_subcommand("config", "Check, print or describe the configuration");
  config.require_subcommand(1);
  CLI::App& check = *config.add_subcommand(
      "check", "Report every problem of the configuration; exit code 2 if any");
  AddSettings(check, line, true);
  check.callback([&] { code = config::RunConfigCheck(RequestOf(line), std::cout, std::cerr); });
  CLI::App& print =
      *config.add_subcommand("print", "Print every effective setting, secrets masked");
  AddSettings(print, line, true);
  print.callback([&] { code = config::RunConfigPrint(RequestOf(line), std::cout, std::cerr); });
  config.add_subcommand("schema", "Print the JSON Schema of the configuration")->callback([&] {
    code = config::RunConfigSchema(std::cout);
  });
  app.add_subcommand("version", "Print the version")->callback([] {
    std::cout << "relaisd " RELAIS_VERSION "\n";
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return code;
}

}  // namespace
}  // namespace relais

int main(int argc, char** argv) { return relais::Run(argc, argv); }
