// The exit codes of relaisd; docs/operations.md lists them.

#ifndef RELAIS_SERVER_CLI_EXIT_CODE_H_
#define RELAIS_SERVER_CLI_EXIT_CODE_H_

namespace relais::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 1;
inline constexpr int kExitConfiguration = 2;
inline constexpr int kExitCannotListen = 3;
// `relaisd call`: added to the status code with which a call has failed, as grpcurl does.
inline constexpr int kExitCallFailed = 64;
inline constexpr int kExitInterrupted = 130;

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_EXIT_CODE_H_
