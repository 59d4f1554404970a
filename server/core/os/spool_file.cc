#include "server/core/os/spool_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "server/core/base/error.h"
#include "server/core/os/read_at.h"

namespace relais {
namespace {

absl::Status StatusOfErrno(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull)
               .RetryAfter(absl::Seconds(30))
           << "The gateway has no room left to store the file; call again later.";
  }
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
         << "The gateway cannot use its folder for temporary files ("
         << std::generic_category().message(error) << "); an operator must correct it.";
}

// Not every file system knows files without a name; there, one is made and removed.
int OpenUnnamed(const std::string& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  std::string path = folder + "/relais-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SpoolFile>> SpoolFile::Make(const std::string& folder,
                                                           std::int64_t max_bytes, Ceiling* all) {
  const int file = OpenUnnamed(folder);
  if (file < 0) return StatusOfErrno(errno);
  return std::unique_ptr<SpoolFile>(new SpoolFile(file, max_bytes, all));
}

SpoolFile::~SpoolFile() { close(file_); }

absl::Status SpoolFile::Append(std::string_view bytes) {
  if (!failure_.ok()) return failure_;
  if (static_cast<std::int64_t>(bytes.size()) > max_bytes_ - size_) {
    failure_ = Error(absl::StatusCode::kOutOfRange, Reason::kRequestOutOfRange)
               << "The file is larger than the " << max_bytes_ << " bytes that are allowed.";
    return failure_;
  }
  if (all_ != nullptr && !share_.Take(*all_, static_cast<std::int64_t>(bytes.size())))
    return failure_ = all_->Error();
  for (std::string_view left = bytes; !left.empty();) {
    const ssize_t written = pwrite(file_, left.data(), left.size(), size_);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure_ = StatusOfErrno(errno);
    size_ += written;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  digest_.Update(bytes);
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> SpoolFile::Read(std::int64_t offset, char* into,
                                            std::size_t size) const {
  const ssize_t got = ReadAt(file_, offset, into, size);
  if (got < 0) return StatusOfErrno(errno);
  return static_cast<std::size_t>(got);
}

const std::string& SpoolFile::Sha256Hex() {
  if (sha256_.empty()) sha256_ = digest_.FinishHex();
  return sha256_;
}

}  // namespace relais
