// Files that are read whole, with a bound.

#ifndef RELAIS_SERVER_CORE_OS_SMALL_FILE_H_
#define RELAIS_SERVER_CORE_OS_SMALL_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais {

struct SmallFile {
  std::string content;
  bool world_readable = false;
};

// The whole file, at most `most` bytes. Errors are INVALID_ARGUMENT and the end of a sentence about
// the file: "cannot be read: No such file or directory". Folders, pipes and devices are refused, so
// that it never waits.
absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, std::size_t most);

// The content alone. Errors are whole sentences: "/x: the file cannot be read: No such file or
// directory."
absl::StatusOr<std::string> ReadNamedFile(const std::string& path, std::size_t most);

// OK if `path` is a regular file that this process may read; errors as above.
absl::Status CheckReadable(const std::string& path);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_OS_SMALL_FILE_H_
