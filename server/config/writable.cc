#include "server/config/writable.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/config/problems.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

absl::Status Wrong(std::string_view what, const std::string& name, std::string_view sentence) {
  return absl::InvalidArgumentError(
      absl::StrCat("the ", View(what), " ", Quote(name), " ", View(sentence)));
}

std::string Denied(int error) {
  return absl::StrCat("cannot be written to: ", std::generic_category().message(error), ".");
}

}  // namespace

absl::Status CheckFolder(const std::string& folder) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) {
    if (errno == ENOENT) return Wrong("folder", folder, "does not exist; make it first.");
    return Wrong("folder", folder, Denied(errno));
  }
  if (!S_ISDIR(status.st_mode)) return Wrong("folder", folder, "is not a folder.");
  if (access(folder.c_str(), W_OK | X_OK) != 0) return Wrong("folder", folder, Denied(errno));
  return absl::OkStatus();
}

absl::Status CheckWritable(const std::string& path) {
  absl::Status folder = CheckFolder(std::filesystem::path(path).parent_path().string());
  if (!folder.ok()) return folder;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Wrong("file", path, Denied(errno));
  }
  if (!S_ISREG(status.st_mode)) return Wrong("file", path, "is not a regular file.");
  return access(path.c_str(), R_OK | W_OK) == 0 ? absl::OkStatus()
                                                : Wrong("file", path, Denied(errno));
}

}  // namespace relais::config
