#include "server/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <string_view>

#include "server/cli/exit_code.h"
#include "server/core/base/text/nearest.h"

namespace relais::cli {
namespace {

constexpr char kDescription[] =
    "Relais gives enterprise systems one typed, streaming gRPC API. This version:\n"
    "  recordsql  ERP databases through Divalto's RecordSql (RecordSqlService)\n"
    "  jobqueue   job queues of Ansys Granta MI (JobQueueService)\n"
    "  robot      robots of UiPath Orchestrator (RobotService)\n"
    "  campaign   campaigns of Gathering Tools (CampaignService)\n"
    "  exports    files by schedule from what the others read (ExportService)";
constexpr char kFooter[] =
    "Settings: a file (--config), then environment variables RELAIS_<PATH> with \"__\" between "
    "keys\n"
    "(RELAIS_SERVER__LISTEN=127.0.0.1:6000), then --set (--set server.listen=127.0.0.1:6000); "
    "later ones win.\n"
    "`relaisd config schema` lists every key; docs/configuration.md explains them.\n\n"
    "SIGTERM, SIGINT or SIGHUP drains: health says NOT_SERVING, after server.drain_delay streams\n"
    "end with GATEWAY_DRAINING and running calls may take server.drain_deadline. A second SIGTERM\n"
    "or SIGINT ends at once.\n\n"
    "Exit codes: 0 stopped in order, 1 wrong usage, 2 the configuration is wrong, 3 an address "
    "cannot be had,\n"
    "64 and more a failed `relaisd call` (64 plus the status code), 130 cut by a second signal.";
constexpr char kCallDescription[] =
    "Call a method of a running gateway, which describes itself by server reflection";
constexpr char kCallFooter[] =
    "  relaisd call                                  the services\n"
    "  relaisd call list JobQueueService             the methods of one\n"
    "  relaisd call describe JobQueueService/GetJob  its definition\n"
    "  relaisd call GetQueue '{\"name\":\"queues/demo\"}'\n\n"
    "A name may be cut short from the left as long as only one ends with it. Responses are "
    "printed\n"
    "as they arrive, one JSON object each. Ctrl-C cancels.\n\n"
    "Exit codes: 0 the call succeeded, 1 wrong usage, bad JSON or no such method, 64 plus the\n"
    "status code when it failed (NOT_FOUND: 69, UNAVAILABLE: 78), 130 cancelled by Ctrl-C.";

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

// A command that sets line.command when it is the one.
CLI::App& AddCommand(CLI::App& app, CommandLine& line, const char* name, Command command,
                     const char* description) {
  CLI::App& added = *app.add_subcommand(name, description);
  added.callback([&line, command] { line.command = command; });
  return added;
}

void AddServing(CLI::App& app, CommandLine& line) {
  CLI::App& serve =
      AddCommand(app, line, "serve", Command::kServe, "Serve the configured upstreams");
  AddSettings(serve, line, true);
  serve.get_option("--config")->required();

  CLI::App& dev = AddCommand(app, line, "dev", Command::kDev,
                             "Serve an embedded sandbox: nothing to configure, nothing to break");
  AddSettings(dev, line, false);
  dev.add_option("--sandbox-listen", line.sandbox_listen, "Sandbox HTTP address (port 0: any)")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  dev.add_option("--campaign-listen", line.campaign_listen,
                 "Sandbox address of campaigns over TCP (default 127.0.0.1:3000; any port when "
                 "--sandbox-listen has port 0)")
      ->type_name("HOST:PORT");
}

void AddConfig(CLI::App& app, CommandLine& line) {
  CLI::App& config = *app.add_subcommand("config", "Check, print or describe the configuration");
  config.require_subcommand(1);
  AddSettings(AddCommand(config, line, "check", Command::kConfigCheck,
                         "Report every problem of the configuration; exit code 2 if any"),
              line, true);
  AddSettings(AddCommand(config, line, "print", Command::kConfigPrint,
                         "Print every effective setting, secrets masked"),
              line, true);
  AddCommand(config, line, "schema", Command::kConfigSchema,
             "Print the JSON Schema of the configuration");
}

void AddCall(CLI::App& app, CommandLine& line) {
  CallArguments& arguments = line.call;
  CLI::App& call = AddCommand(app, line, "call", Command::kCall, kCallDescription);
  call.footer(kCallFooter);
  call.add_option("--address", arguments.address, "Where the gateway listens")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  call.add_option("--tls-ca", arguments.tls_ca,
                  "Speak TLS and trust these authorities (PEM) instead of the system's")
      ->type_name("FILE");
  call.add_option("--cert", arguments.certificate, "Speak TLS with this client certificate (PEM)")
      ->type_name("FILE");
  call.add_option("--key", arguments.key, "Private key of --cert (PEM)")->type_name("FILE");
  call.add_option("--timeout", arguments.timeout,
                  "Give up after this time, e.g. 10s (default: never)")
      ->type_name("TIME");
  call.add_option("-H,--header", arguments.headers, "Metadata to send; may be repeated")
      ->type_name("NAME:VALUE")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  call.add_option("METHOD", arguments.method,
                  "Method, e.g. relais.jobqueue.v1.JobQueueService/GetQueue; or list [SERVICE], or "
                  "describe NAME")
      ->type_name("");
  call.add_option("JSON", arguments.argument,
                  "The message; a method that takes a stream may get several, one after another. "
                  "@FILE reads them from a file, - from standard input (default: an empty one)")
      ->type_name("");
}

// The first word that stands where a command should and is none; empty if there is none.
std::string UnknownCommand(CLI::App* app, int argc, char** argv, std::vector<std::string>& known) {
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    known.clear();
    CLI::App* next = nullptr;
    for (CLI::App* command : app->get_subcommands([](CLI::App*) { return true; })) {
      known.push_back(command->get_name());
      if (command->get_name() == argv[i]) next = command;
    }
    if (known.empty()) return "";
    if (next == nullptr) return argv[i];
    app = next;
  }
  return "";
}

}  // namespace

std::vector<std::string> CommandLine::Flags() const {
  std::vector<std::string> flags = set;
  if (!listen.empty()) flags.push_back("server.listen=" + listen);
  if (!admin_listen.empty()) flags.push_back("admin.listen=" + admin_listen);
  return flags;
}

std::variant<CommandLine, int> ReadCommandLine(int argc, char** argv, const std::string& version) {
  CommandLine line;
  line.program = argc > 0 ? argv[0] : "relaisd";
  CLI::App app(kDescription, "relaisd");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", "relaisd " + version);
  bool tell_version = false;
  AddServing(app, line);
  AddCall(app, line);
  AddConfig(app, line);
  app.add_subcommand("version", "Print the version")->callback([&] { tell_version = true; });

  std::vector<std::string> known;
  if (const std::string word = UnknownCommand(&app, argc, argv, known); !word.empty()) {
    const std::string near = Nearest(word, known);
    std::cerr << "relaisd: there is no command \"" << word << "\""
              << (near.empty() ? "." : "; did you mean \"" + near + "\"?")
              << "\nRun with --help for more information.\n";
    return kExitUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (!tell_version) return line;
  std::cout << "relaisd " << version << "\n";
  return kExitOk;
}

}  // namespace relais::cli
