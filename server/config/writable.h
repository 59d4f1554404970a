// Files and folders that the configuration names and that are written to.

#ifndef RELAIS_SERVER_CONFIG_WRITABLE_H_
#define RELAIS_SERVER_CONFIG_WRITABLE_H_

#include <string>

#include "absl/status/status.h"

namespace relais::config {

// OK if `path` is a regular file that this process may write, or none yet, in a folder where it may
// make files. Errors are INVALID_ARGUMENT and one sentence about the file or its folder.
absl::Status CheckWritable(const std::string& path);

// OK if `folder` is one in which this process may make files; errors as of CheckWritable.
absl::Status CheckFolder(const std::string& folder);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_WRITABLE_H_
