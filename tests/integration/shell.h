// Commands of the documentation, run as a reader would.

#ifndef RELAIS_TESTS_INTEGRATION_SHELL_H_
#define RELAIS_TESTS_INTEGRATION_SHELL_H_

#include <string>

namespace relais::integration {

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

Outcome RunInShell(const std::string& command);

// The grpcurl program that the environment names; empty when there is none.
std::string GrpcurlPath();
inline constexpr char kNoGrpcurl[] =
    "GRPCURL must name the grpcurl program, which tools/setup.sh test installs.";

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_SHELL_H_
