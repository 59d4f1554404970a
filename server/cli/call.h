// `relaisd call`: one call to a running gateway, or a look at what it offers.

#ifndef RELAIS_SERVER_CLI_CALL_H_
#define RELAIS_SERVER_CLI_CALL_H_

#include <string>
#include <vector>

namespace relais::cli {

struct CallArguments {
  std::string address = "127.0.0.1:50051";  // host:port or unix:/path
  // TLS is spoken when any of these is given: the authorities to trust instead of the system's, and
  // the caller's own certificate and key. PEM files.
  std::string tls_ca;
  std::string certificate;
  std::string key;
  std::string timeout;               // e.g. "10s"; empty: none
  std::vector<std::string> headers;  // "name:value"
  std::string method;                // or "list", "describe"; empty: list
  // JSON, "@FILE" or "-"; of `list` and `describe` the name. Empty: one empty message, or none
  // where the method takes a stream.
  std::string argument;
};

// Prints responses to standard output and errors to standard error; returns the exit code. SIGINT
// ends the process, and the call with it.
int RunCall(const CallArguments& arguments);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_CALL_H_
