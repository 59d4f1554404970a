#include "server/core/os/stored_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/os/read_at.h"

namespace relais {
namespace {

constexpr std::int64_t kDigestedAtOnce = 256 << 10;

absl::Status NotReadable(std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway cannot read a file that it has kept (" << why << ").";
}

}  // namespace

absl::StatusOr<std::shared_ptr<const StoredFile>> StoredFile::Open(const std::string& path,
                                                                   std::int64_t size) {
  return Own(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), size);
}

absl::StatusOr<std::shared_ptr<const StoredFile>> StoredFile::Own(int file, std::int64_t size) {
  if (file < 0) return NotReadable(std::generic_category().message(errno));
  std::shared_ptr<const StoredFile> stored(new StoredFile(file, size));
  struct stat status {};
  if (fstat(file, &status) != 0) return NotReadable(std::generic_category().message(errno));
  if (!S_ISREG(status.st_mode) || status.st_size != size)
    return NotReadable("it is not what was written");
  return stored;
}

StoredFile::~StoredFile() { close(file_); }

absl::Status StoredFile::Read(std::int64_t offset, char* into, std::size_t size) const {
  const ssize_t got = ReadAt(file_, offset, into, size);
  if (got < 0) return NotReadable(std::generic_category().message(errno));
  if (static_cast<std::size_t>(got) != size) return NotReadable("it has become shorter");
  return absl::OkStatus();
}

absl::StatusOr<std::string> StoredFile::Sha256Hex(std::int64_t offset, std::int64_t size) const {
  std::vector<char> buffer(
      static_cast<std::size_t>(std::clamp<std::int64_t>(size, 1, kDigestedAtOnce)));
  Sha256 digest;
  while (size > 0) {
    const auto next = std::min(static_cast<std::size_t>(size), buffer.size());
    if (absl::Status read = Read(offset, buffer.data(), next); !read.ok()) return read;
    digest.Update({buffer.data(), next});
    offset += static_cast<std::int64_t>(next);
    size -= static_cast<std::int64_t>(next);
  }
  return digest.FinishHex();
}

}  // namespace relais
