// A child process that ends with its owner.

#ifndef RELAIS_SERVER_CORE_OS_CHILD_PROCESS_H_
#define RELAIS_SERVER_CORE_OS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace relais {

// One process with a group of its own, so that signals of the terminal do not reach it, and with
// pipes in place of its standard streams. It inherits nothing else: no descriptor, no blocked
// signal, no environment but `environment`. Not thread-safe.
class ChildProcess {
 public:
  // The first of `command` is looked up in PATH. Entries of `environment`: NAME=VALUE.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& command, const std::vector<std::string>& environment);
  ~ChildProcess();  // kills its group, if it has not been waited for
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Writes to its standard input. Returns false when the process no longer reads.
  bool Write(absl::string_view text);
  // Closes its standard input.
  void CloseInput();
  // Descriptors to read its standard output and error from. This object closes them.
  int output() const { return output_; }
  int errors() const { return errors_; }

  // Waits, `patience` at most, until its standard output ends, as it does with the process; then
  // kills what is left of its group. Returns "exit status N" or "signal N".
  std::string End(absl::Duration patience);

 private:
  ChildProcess(pid_t pid, int input, int output, int errors)
      : pid_(pid), input_(input), output_(output), errors_(errors) {}

  pid_t pid_;  // -1: has been waited for
  int input_;
  const int output_;
  const int errors_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_CHILD_PROCESS_H_
