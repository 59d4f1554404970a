#include "server/services/exports/delivery/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "server/core/base/error.h"
#include "server/services/exports/delivery/delivery_error.h"

namespace relais::exports {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Error PassingFolderError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable);
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (number_ >= 0) close(number_);
}

absl::Status StatusOfFolder(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return NoRoomThere();
    case EACCES:
    case EPERM:
      return Error(absl::StatusCode::kPermissionDenied, Reason::kAccessDenied)
             << "The gateway may not write to the destination; an operator must correct it.";
    case EROFS:
      return PassingFolderError() << "The destination is on a file system that is read-only now.";
    case ENOENT:
      return PassingFolderError() << "The folder of the destination is not there; is it mounted?";
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENOTEMPTY:
      return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
             << "Where the path has a folder the destination has a file or a symbolic link, or a "
                "folder where the path has the file.";
    case ENAMETOOLONG:
    case EILSEQ:
    case EINVAL:
      return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
             << "The file system of the destination does not take such a name.";
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal)
             << "The gateway cannot open the destination ("
             << std::generic_category().message(error) << ").";
    default:
      return PassingFolderError() << "The file system of the destination failed ("
                                  << std::generic_category().message(error) << ").";
  }
}

absl::StatusOr<UniqueFd> OpenRoot(const std::string& path) {
  const int root = open(path.c_str(), kFolderFlags);
  if (root < 0) return StatusOfFolder(errno);
  return UniqueFd(root);
}

absl::StatusOr<UniqueFd> OpenFolder(const UniqueFd& folder, const std::string& name, bool make) {
  const int found = openat(folder.get(), name.c_str(), kFolderFlags | O_NOFOLLOW);
  if (found >= 0) return UniqueFd(found);
  if (errno != ENOENT) return StatusOfFolder(errno);
  if (!make) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "The destination does not have the folder.";
  }
  if (mkdirat(folder.get(), name.c_str(), 0777) != 0 && errno != EEXIST)
    return StatusOfFolder(errno);
  if (absl::Status synced = SyncFolder(folder); !synced.ok()) return synced;
  const int made = openat(folder.get(), name.c_str(), kFolderFlags | O_NOFOLLOW);
  if (made < 0) return StatusOfFolder(errno);
  return UniqueFd(made);
}

absl::Status SyncFolder(const UniqueFd& folder) {
  if (fsync(folder.get()) == 0 || errno == EINVAL || errno == EOPNOTSUPP) return absl::OkStatus();
  return StatusOfFolder(errno);
}

}  // namespace relais::exports
