// A server that we did not write, for the length of a test program.

#ifndef RELAIS_TESTS_DELIVERY_SERVER_PROCESS_H_
#define RELAIS_TESTS_DELIVERY_SERVER_PROCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "server/core/os/child_process.h"

namespace relais::delivery {

// Ends the program with one line unless the file is there; tools/setup.sh test installs it.
void NeedTool(const std::string& path);

// A port of 127.0.0.1 that nothing listens on.
int FreePort();

// Blocks until something listens on it; ends the program when that takes more than 20 s.
void AwaitPort(int port);

// Runs `command`; entries of `environment` are NAME=VALUE. Ends the program when it cannot be run.
std::unique_ptr<ChildProcess> StartServer(const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment = {});

// The first line on its standard output; ends the program when there is none in 60 s.
std::string FirstLineOf(const ChildProcess& process);

}  // namespace relais::delivery

#endif  // RELAIS_TESTS_DELIVERY_SERVER_PROCESS_H_
