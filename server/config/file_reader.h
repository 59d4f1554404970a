// Files that the configuration names: small ones read with a bound, others looked at.

#ifndef RELAIS_SERVER_CONFIG_FILE_READER_H_
#define RELAIS_SERVER_CONFIG_FILE_READER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais::config {

struct SmallFile {
  std::string content;
  bool world_readable = false;
};

// The whole file, at most `most` bytes. Errors are INVALID_ARGUMENT and the end of a sentence about
// the file: "cannot be read: No such file or directory". Pipes and devices are refused, so that it
// never waits.
absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, std::size_t most);

// OK if `path` is a regular file that this process may read; errors as above.
absl::Status CheckReadable(const std::string& path);

// OK if `path` is a regular file that this process may write, or none yet, in a folder where it may
// make files. Errors are INVALID_ARGUMENT and one sentence about the file or its folder.
absl::Status CheckWritable(const std::string& path);

// OK if `folder` is one in which this process may make files; errors as of CheckWritable.
absl::Status CheckFolder(const std::string& folder);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_FILE_READER_H_
