// Keeps a path for one process of a user at a time, whatever becomes of the file there.

#ifndef RELAIS_SERVER_CORE_STATE_PATH_GUARD_H_
#define RELAIS_SERVER_CORE_STATE_PATH_GUARD_H_

#include <string>

#include "absl/time/time.h"

namespace relais::state {

// A lock on a file goes with the file when it is removed or replaced. This one is a socket in the
// abstract namespace of Linux, named after the path, which ends with its process and leaves
// nothing behind. It does not reach across network namespaces; there the file's own lock is left.
class PathGuard {
 public:
  PathGuard() = default;
  ~PathGuard();
  PathGuard(PathGuard&& other) noexcept;
  PathGuard& operator=(PathGuard&& other) noexcept;

  // False: another holder of the path was still there after `wait`.
  bool Take(const std::string& path, absl::Duration wait);

 private:
  int socket_ = -1;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_PATH_GUARD_H_
