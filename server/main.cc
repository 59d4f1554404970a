// relaisd: what each of its commands does.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "sandbox/sandbox.h"
#include "sandbox/settings.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "server/cli/call.h"
#include "server/cli/command_line.h"
#include "server/cli/exit_code.h"
#include "server/config/config.h"
#include "server/config/config_command.h"
#include "server/config/forms/duration.h"
#include "server/core/base/log/log.h"
#include "server/core/os/init_process.h"
#include "server/dev.h"
#include "server/sections.h"
#include "server/server.h"

// Read by jemalloc at its start: memory that nobody needs goes back to the system soon, also while
// the gateway is idle.
extern "C" {
// NOLINTNEXTLINE(readability-identifier-naming): the name is jemalloc's
const char* malloc_conf = "background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";
}

namespace relais {
namespace {

using cli::Command;
using cli::CommandLine;

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
  sigaddset(&signals, SIGHUP);  // the terminal has gone
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

void AwaitSignal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

// Serves until a signal, then drains. A terminal that goes may tell so more than once, by its shell
// too; only what people and supervisors send cuts the drain short.
int ServeUntilSignal(Server& server, const config::v1::Server& settings, const sigset_t& signals) {
  AwaitSignal(signals);
  Log(LogLevel::kInfo, "draining", {{"hint", "a second Ctrl-C or SIGTERM ends at once"}});
  sigset_t cutting = signals;
  sigdelset(&cutting, SIGHUP);
  std::thread([cutting] {
    AwaitSignal(cutting);
    _exit(cli::kExitInterrupted);
  }).detach();
  server.Drain();
  std::this_thread::sleep_for(absl::ToChronoMicroseconds(config::ToAbsl(settings.drain_delay())));
  server.Stop(config::ToAbsl(settings.drain_deadline()));
  Log(LogLevel::kInfo, "stopped");
  return cli::kExitOk;
}

int Fail(const absl::Status& status) {
  std::cerr << std::string(status.message()) << "\n";
  return status.code() == absl::StatusCode::kUnavailable ? cli::kExitCannotListen
                                                         : cli::kExitConfiguration;
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

// Memory has credentials: nobody else may look at it, now or in a core dump.
void KeepMemoryToOurselves() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int Serve(const CommandLine& line) {
  const sigset_t signals = BlockSignals();
  config::ConfigOptions options;
  options.environment = config::ProcessEnvironment();
  options.flags = line.Flags();
  auto loaded = config::LoadConfig(line.config, options, ConfigSections());
  if (!loaded.ok()) return Fail(loaded.status());
  ConfigureLogFrom(loaded->config.log());
  if (!loaded->config.server().core_dumps()) KeepMemoryToOurselves();
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
  read.Update(sandbox::campaign::ReadTcpAddress(line.campaign_listen, sandbox));
  if (!read.ok()) return Fail(read);
  auto setup = SetUpDev(std::move(sandbox), options);
  if (!setup.ok()) return Fail(setup.status());
  ConfigureLogFrom(setup->config.config.log());
  auto server = Server::Start(setup->config, setup->read);
  if (!server.ok()) return Fail(server.status());
  Announce(**server, setup->config);
  std::printf(
      "Sandbox on http://127.0.0.1:%d, campaigns also on TCP port %d\n\n%s",
      setup->sandbox->http_port(), sandbox::campaign::TcpPortOf(*setup->sandbox),
      DevWelcome(*setup, line.program, (*server)->grpc_address(), (*server)->admin_address())
          .c_str());
  std::fflush(stdout);
  return ServeUntilSignal(**server, setup->config.config.server(), signals);
}

config::ConfigRequest RequestOf(const CommandLine& line) {
  return {line.config, config::ProcessEnvironment(), line.Flags(), ConfigSections(),
          [](const config::LoadedConfig& loaded) { return Server::Check(loaded); }};
}

int Run(const CommandLine& line) {
  switch (line.command) {
    case Command::kServe:
      return Serve(line);
    case Command::kDev:
      return Dev(line);
    case Command::kConfigCheck:
      return config::RunConfigCheck(RequestOf(line), std::cout, std::cerr);
    case Command::kConfigPrint:
      return config::RunConfigPrint(RequestOf(line), std::cout, std::cerr);
    case Command::kConfigSchema:
      return config::RunConfigSchema(ConfigSections(), std::cout);
    case Command::kCall:
      return cli::RunCall(line.call);
  }
  return cli::kExitUsage;
}

}  // namespace
}  // namespace relais

int main(int argc, char** argv) {
  if (getpid() == 1) return relais::RunBelowInit(argv);
  const auto read = relais::cli::ReadCommandLine(argc, argv, RELAIS_VERSION);
  if (const int* const exit_code = std::get_if<int>(&read)) return *exit_code;
  return relais::Run(std::get<relais::cli::CommandLine>(read));
}
