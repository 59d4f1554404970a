#include "server/config/file_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/problems.h"
#include "server/core/base/text/view.h"

namespace relais::config {
namespace {

// Owns a file descriptor.
class File {
 public:
  // Not blocking: opening a pipe would wait for its writer.
  explicit File(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status CannotRead(int error) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot be read: ", std::generic_category().message(error)));
}

absl::StatusOr<struct stat> Examine(const File& file) {
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) return CannotRead(errno);
  if (S_ISDIR(status.st_mode)) return CannotRead(EISDIR);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError("is not a regular file");
  return status;
}

absl::Status Wrong(std::string_view what, const std::string& name, std::string_view sentence) {
  return absl::InvalidArgumentError(
      absl::StrCat("the ", View(what), " ", Quote(name), " ", View(sentence)));
}

std::string Denied(int error) {
  return absl::StrCat("cannot be written to: ", std::generic_category().message(error), ".");
}

}  // namespace

absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, std::size_t most) {
  const File file(path);
  const auto status = Examine(file);
  if (!status.ok()) return status.status();
  SmallFile read_file;
  read_file.world_readable = (status->st_mode & S_IROTH) != 0;
  // One byte more than allowed shows that the file is too large, also if it grows meanwhile.
  std::string buffer(most + 1, '\0');
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t count = read(file.get(), buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) {
    return absl::InvalidArgumentError(absl::StrCat("is larger than ", most, " bytes"));
  }
  read_file.content.assign(buffer, 0, size);
  return read_file;
}

absl::Status CheckReadable(const std::string& path) {
  const File file(path);
  return Examine(file).status();
}

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
