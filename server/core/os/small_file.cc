#include "server/core/os/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relais {
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

}  // namespace

absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, std::size_t most) {
  const File file(path);
  const auto status = Examine(file);
  if (!status.ok()) return status.status();
  SmallFile read_file;
  read_file.world_readable = (status->st_mode & S_IROTH) != 0;
  // One byte more than there should be shows that the file is too large, or grows meanwhile.
  std::string buffer(std::min(most, static_cast<std::size_t>(status->st_size)) + 1, '\0');
  std::size_t size = 0;
  while (size <= most) {
    if (size == buffer.size()) buffer.resize(std::min(most + 1, 2 * size));
    const ssize_t count = read(file.get(), buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) {
    return absl::InvalidArgumentError(absl::StrCat("is larger than ", most, " bytes"));
  }
  buffer.resize(size);
  read_file.content = std::move(buffer);
  return read_file;
}

absl::StatusOr<std::string> ReadNamedFile(const std::string& path, std::size_t most) {
  auto file = ReadSmallFile(path, most);
  if (file.ok()) return std::move(file->content);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": the file ", file.status().message(), "."));
}

absl::Status CheckReadable(const std::string& path) {
  const File file(path);
  return Examine(file).status();
}

}  // namespace relais
