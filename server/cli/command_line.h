// The command line of relaisd, read. Only its .cc knows the library that reads it.

#ifndef RELAIS_SERVER_CLI_COMMAND_LINE_H_
#define RELAIS_SERVER_CLI_COMMAND_LINE_H_

#include <string>
#include <variant>
#include <vector>

#include "server/cli/call.h"

namespace relais::cli {

enum class Command { kServe, kDev, kConfigCheck, kConfigPrint, kConfigSchema, kCall };

struct CommandLine {
  Command command = Command::kServe;
  std::string program;  // as it was started, to be pasted into a shell

  // Of serve, dev and config.
  std::string config;
  std::vector<std::string> set;
  std::string listen;
  std::string admin_listen;

  // Of dev.
  std::string sandbox_listen = "127.0.0.1:8080";
  std::string campaign_listen;

  CallArguments call;

  // Settings in their common form; --listen is short for --set server.listen=….
  std::vector<std::string> Flags() const;
};

// Reads the arguments of main(). An exit code instead of a command line: there is nothing left to
// do, help or what is wrong has been printed.
std::variant<CommandLine, int> ReadCommandLine(int argc, char** argv, const std::string& version);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_COMMAND_LINE_H_
