#include "server/services/exports/delivery/directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/os/stored_file.h"
#include "server/services/exports/delivery/delivery_error.h"

namespace relais::exports {
namespace {

constexpr std::int64_t kCopiedAtOnce = 1 << 20;

enum class Occupant { kNone, kSame, kOther };

// What has the name of the file.
absl::StatusOr<Occupant> OccupantOf(const UniqueFd& folder, const std::string& name,
                                    const OutgoingFile& file) {
  struct stat status {};
  if (fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Occupant::kNone;
    return StatusOfFolder(errno);
  }
  if (!S_ISREG(status.st_mode) || status.st_size != file.size_bytes) return Occupant::kOther;
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const absl::StatusOr<std::shared_ptr<const StoredFile>> there =
      StoredFile::Own(openat(folder.get(), name.c_str(), kFlags), status.st_size);
  if (!there.ok()) return Occupant::kOther;  // it may not be read, or has just changed
  const absl::StatusOr<std::string> sha256 = (*there)->Sha256Hex(0, status.st_size);
  return sha256.ok() && *sha256 == file.sha256 ? Occupant::kSame : Occupant::kOther;
}

// What it means that the name is taken.
absl::Status Settle(const absl::StatusOr<Occupant>& occupant, const UniqueFd& folder) {
  if (!occupant.ok()) return occupant.status();
  if (*occupant != Occupant::kSame) return OtherFileThere();
  // An attempt that died may have renamed the file, but not put its name on disk.
  return SyncFolder(folder);
}

// Zero, or what errno says.
int RenameInto(const UniqueFd& folder, const std::string& partial, const std::string& name,
               bool replace) {
  const int at = folder.get();
  const char* const from = partial.c_str();
  const char* const to = name.c_str();
  if (replace) return renameat(at, from, at, to) == 0 ? 0 : errno;
  if (renameat2(at, from, at, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (linkat(at, from, at, to, 0) == 0) return unlinkat(at, from, 0) == 0 ? 0 : errno;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  if (faccessat(at, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return renameat(at, from, at, to) == 0 ? 0 : errno;
}

}  // namespace

absl::StatusOr<UniqueFd> DirectoryDestination::TargetFolder(const TargetPath& target,
                                                            bool make) const {
  absl::StatusOr<UniqueFd> folder = OpenRoot(root_);
  for (const std::string& name : target.folders) {
    if (!folder.ok()) break;
    folder = OpenFolder(*folder, name, make);
  }
  return folder;
}

absl::Status DirectoryDestination::Put(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  const absl::StatusOr<UniqueFd> folder = TargetFolder(*target, true);
  if (!folder.ok()) return folder.status();
  if (!file.replace) {
    const absl::StatusOr<Occupant> occupant = OccupantOf(*folder, target->name, file);
    if (!occupant.ok() || *occupant != Occupant::kNone) return Settle(occupant, *folder);
  }
  absl::Status done = WritePartial(context, file, *folder, target->partial);
  if (done.ok()) {
    Failpoint("delivery.before_rename");
    const int error = RenameInto(*folder, target->partial, target->name, file.replace);
    if (error == 0) {
      Failpoint("delivery.renamed");
      return SyncFolder(*folder);
    }
    done = error == EEXIST ? Settle(OccupantOf(*folder, target->name, file), *folder)
                           : StatusOfFolder(error);
  }
  unlinkat(folder->get(), target->partial.c_str(), 0);
  return done;
}

absl::Status DirectoryDestination::WritePartial(const CallContext& context,
                                                const OutgoingFile& file, const UniqueFd& folder,
                                                const std::string& partial) const {
  // Whatever has that name is not written to: it might be a link to something else.
  if (unlinkat(folder.get(), partial.c_str(), 0) != 0 && errno != ENOENT)
    return StatusOfFolder(errno);
  const UniqueFd into(openat(folder.get(), partial.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (into.get() < 0) return StatusOfFolder(errno);
  if (absl::Status copied = Copy(context, file, into.get()); !copied.ok()) return copied;
  if (fsync(into.get()) != 0) return StatusOfFolder(errno);
  Failpoint("delivery.written");
  return absl::OkStatus();
}

absl::Status DirectoryDestination::Copy(const CallContext& context, const OutgoingFile& file,
                                        int into) const {
  const absl::StatusOr<std::shared_ptr<const StoredFile>> from =
      StoredFile::Open(file.local_path, file.size_bytes);
  if (!from.ok()) return from.status();
  const absl::Time limit = scheduler_.Now() + transfer_timeout_;
  std::vector<char> buffer(
      static_cast<std::size_t>(std::clamp<std::int64_t>(file.size_bytes, 1, kCopiedAtOnce)));
  for (std::int64_t offset = 0; offset < file.size_bytes;) {
    const absl::Time now = scheduler_.Now();
    if (absl::Status alive = context.Check(now); !alive.ok()) return alive;
    if (now >= limit) return DeliveryTooSlow();
    const auto next = std::min(static_cast<std::size_t>(file.size_bytes - offset), buffer.size());
    if (absl::Status read = (*from)->Read(offset, buffer.data(), next); !read.ok()) return read;
    for (std::string_view left(buffer.data(), next); !left.empty();) {
      const ssize_t written = write(into, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return StatusOfFolder(errno);
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    offset += static_cast<std::int64_t>(next);
  }
  return absl::OkStatus();
}

absl::Status DirectoryDestination::CleanUp(const CallContext&, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  const absl::StatusOr<UniqueFd> folder = TargetFolder(*target, false);
  if (HasReason(folder.status(), Reason::kResourceNotFound)) return absl::OkStatus();
  if (!folder.ok()) return folder.status();
  if (unlinkat(folder->get(), target->partial.c_str(), 0) == 0 || errno == ENOENT)
    return absl::OkStatus();
  return StatusOfFolder(errno);
}

}  // namespace relais::exports
